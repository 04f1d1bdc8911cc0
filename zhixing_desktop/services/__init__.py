"""The use cases: one module per capability, one function per thing a person can do."""
