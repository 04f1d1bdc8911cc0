"""The case list: lazy model, drawing, panel with filters and search."""
