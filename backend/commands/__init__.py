"""The commands of `python -m backend`, one file each.

A command's module has `add_arguments(parser)` and `run(arguments) -> exit code`; it is imported
only when its command was given, so that `serve` starts without the libraries of the others.
"""
