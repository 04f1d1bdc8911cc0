"""Who works here: signing in, the first start, passwords, the lock."""
