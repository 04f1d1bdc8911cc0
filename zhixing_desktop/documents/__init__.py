"""Papers: typed blocks, the forms that fill them, and the two renderers that draw them."""
