"""Clicks and outlines from the map to the words of a question, and to a file for a job."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, List, Tuple

from osgeo import gdal, ogr, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsGeometry, QgsProject

from ...backend.protocol.prompts import Point
from ...backend.protocol.sessions import Polygon
from .compat import POINT
from .refused import Refused, tr

NAME, LABEL = "class", "label"
"""Fields of the file: the class's name; 1 wanted, 0 not."""
LAYER = "examples"


def placed(
    geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, there: QgsCoordinateReferenceSystem
) -> QgsGeometry:
    """Return a copy of a geometry of `crs` in the coordinates of the embeddings, `there`.

    Raises:
        Refused: it has no place there.
    """
    moved = QgsGeometry(geometry)
    try:
        moved.transform(QgsCoordinateTransform(crs, there, QgsProject.instance().transformContext()))
    except QgsCsException as error:
        text = tr("An example has no place in the coordinate system of the embeddings; take it back.")
        raise Refused(text) from error
    return moved


def points_of(geometry: QgsGeometry, label: int = 1) -> Tuple[Point, ...]:
    """Return the points of a geometry; of areas there are none."""
    if geometry.type() != POINT:
        return ()
    return tuple(Point(vertex.x(), vertex.y(), label) for vertex in geometry.vertices())


def polygons_of(geometry: QgsGeometry) -> Tuple[Polygon, ...]:
    """Return the areas of a geometry; of points there are none."""
    if geometry.type() == POINT:
        return ()
    parts = geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]
    return tuple(tuple(tuple((at.x(), at.y()) for at in ring) for ring in rings) for rings in parts)


def write_examples(path: Path, crs: str, examples: Iterable[Tuple[QgsGeometry, str, int]]) -> Path:
    """Write a GeoPackage of geometries with their class and label and return its path.

    Args:
        path: is replaced.
        crs: of the geometries, as text; empty for columns and rows.
        examples: geometry, class, label.

    Raises:
        Refused: it cannot be written.
    """
    rows: List[Tuple[QgsGeometry, str, int]] = list(examples)
    path.unlink(missing_ok=True)
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        _write(path, crs, rows)
    except (OSError, RuntimeError) as error:
        raise Refused(tr("“{}” cannot be written; free some disk space and try again.").format(path.name)) from error
    finally:
        gdal.PopErrorHandler()
    return path


def _write(path: Path, crs: str, rows: List[Tuple[QgsGeometry, str, int]]) -> None:
    reference = osr.SpatialReference()
    if crs:
        reference.SetFromUserInput(crs)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    if dataset is None:
        raise OSError(path.name)
    layer = dataset.CreateLayer(LAYER, reference if crs else None, ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn(NAME, ogr.OFTString))
    layer.CreateField(ogr.FieldDefn(LABEL, ogr.OFTInteger))
    layer.StartTransaction()
    for geometry, name, label in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkb(bytes(geometry.asWkb())))
        feature[NAME], feature[LABEL] = name, label
        if layer.CreateFeature(feature) != ogr.OGRERR_NONE:
            raise OSError(path.name)
    layer.CommitTransaction()
