"""The backend process: install, start, watch, stop. Standard library only; also `python -m plugin.server`."""
