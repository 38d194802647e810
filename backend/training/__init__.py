"""The recipes that made Mini: each stage is one command, `python -m backend.training.<stage>`."""
