"""The backend process: install, start, watch, stop. No widgets, no qgis.core."""
