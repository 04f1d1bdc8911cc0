"""SQLAlchemy tables, the session, schema upgrades; no rules."""
