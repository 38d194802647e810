"""The layer that accepted objects go into: the one picked, or a new temporary one."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication

from ..gis.result_layers import new_geopackage, new_memory_layer


def temporary_layer(source_name: str, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
    """Add a new temporary polygon layer to the project."""
    title = QCoreApplication.translate("Target", "Objects in {name}").format(name=source_name)
    return _added(new_memory_layer(title, crs))


def geopackage_layer(path: Path, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
    """Create a GeoPackage with one polygon layer and add it to the project.

    Raises:
        Refused: the file cannot be written.
    """
    return _added(new_geopackage(path, path.stem, crs))


def _added(layer: QgsVectorLayer, project: Optional[QgsProject] = None) -> QgsVectorLayer:
    (project or QgsProject.instance()).addMapLayer(layer)
    return layer
