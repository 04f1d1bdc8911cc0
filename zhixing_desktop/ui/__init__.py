"""Qt: windows, panels, dialogs built from the rulebook; no SQL, no rules."""
