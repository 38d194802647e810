"""Models: specs (data), loaders and networks (code), and the one table that lists them (`catalog.py`)."""
