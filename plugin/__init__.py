"""The QGIS side: standard library, qgis and qgis.PyQt only."""
