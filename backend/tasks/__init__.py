"""Tasks: one file each; they turn a request into result files with a model and `geo`."""
