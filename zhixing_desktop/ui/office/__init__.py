"""The administrators' windows: people, accounts, settings, deputies, the authority matrix."""
