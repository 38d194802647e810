"""Names that differ between QGIS 3.22 and 4.x, decided here and nowhere else."""

from __future__ import annotations

from qgis.core import Qgis, QgsField, QgsProcessing, QgsSymbolLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QMetaType, QVariant

_SCOPED = hasattr(Qgis, "GeometryType")
_META_TYPES = Qgis.QGIS_VERSION_INT >= 33800

POINT = Qgis.GeometryType.Point if _SCOPED else QgsWkbTypes.GeometryType.PointGeometry
POLYGON = Qgis.GeometryType.Polygon if _SCOPED else QgsWkbTypes.GeometryType.PolygonGeometry
MULTI_POLYGON = Qgis.WkbType.MultiPolygon if _SCOPED else QgsWkbTypes.Type.MultiPolygon

_SOURCES = Qgis.ProcessingSourceType if hasattr(Qgis, "ProcessingSourceType") else None
SOURCE_POINT = _SOURCES.VectorPoint if _SOURCES else QgsProcessing.SourceType.TypeVectorPoint
SOURCE_POLYGON = _SOURCES.VectorPolygon if _SOURCES else QgsProcessing.SourceType.TypeVectorPolygon
SOURCE_RASTER = _SOURCES.Raster if _SOURCES else QgsProcessing.SourceType.TypeRaster
SOURCE_ANY = _SOURCES.VectorAnyGeometry if _SOURCES else QgsProcessing.SourceType.TypeVectorAnyGeometry

_DRAWN = QgsSymbolLayer.Property
SYMBOL_DRAWN = _DRAWN.LayerEnabled if hasattr(_DRAWN, "LayerEnabled") else _DRAWN.PropertyLayerEnabled

_TYPES = QMetaType.Type if _META_TYPES else QVariant.Type
_DOUBLE = _TYPES.Double
_TEXT = _TYPES.QString if _META_TYPES else _TYPES.String


def text_field(name: str, length: int = 0) -> QgsField:
    """Return a text field; `length` 0 means any."""
    return QgsField(name, _TEXT, "", length)


def number_field(name: str) -> QgsField:
    """Return a double field."""
    return QgsField(name, _DOUBLE)


def field_takes(field: QgsField, value: object) -> bool:
    """Return whether a field holds a text or a number unchanged."""
    if isinstance(value, str):
        return bool(field.type() == _TEXT and (field.length() <= 0 or len(value) <= field.length()))
    return bool(field.type() == _DOUBLE)
