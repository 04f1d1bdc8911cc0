"""Papers at the workstation: made beside their preview, issued, printed, served, in packs."""
