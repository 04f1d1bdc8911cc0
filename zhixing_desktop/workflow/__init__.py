"""The rules, pure: no Qt, no SQL, no clock of its own; the only file it reads is the rulebook."""
