"""Embeddings in the project: a group whose picture remembers the file of vectors, and what was made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from qgis.core import (
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)

from .kinds import local_path
from .refused import Refused, tr

VECTORS = "toposcope/vectors"
"""On a group and on its preview: the path of the file of vectors."""
PREVIEW, RECORD = ".preview.tif", ".run.json"
"""What the backend puts beside vectors has their name with these endings."""
LEAST_BANDS = 32
"""A raster of at least as many bands may be one of vectors: more than sensors of few bands have."""
KEYWORDS = ("AI-generated", "embeddings", "Toposcope")


def embeddings() -> List[Tuple[str, str]]:
    """Return (title, path) of what in the project may be asked: groups of ours, and rasters of many bands."""
    root = QgsProject.instance().layerTreeRoot()
    found: Dict[str, str] = {}
    for group in (group for group in root.findGroups(True) if group.customProperty(VECTORS)):
        found.setdefault(str(vectors_of(group)), group.name())
    for node in root.findLayers():
        layer = node.layer()
        if isinstance(layer, QgsRasterLayer) and layer.bandCount() >= LEAST_BANDS:
            path = local_path(layer)
            if path is not None:
                found.setdefault(str(path), layer.name())
    return [(title, path) for path, title in found.items()]


def vectors_of(group: QgsLayerTreeGroup) -> Path:
    """Return a group's file of vectors: where it was, or beside a layer that a project was moved with."""
    known = Path(group.customProperty(VECTORS))
    if not known.is_file():
        for layer in filter(None, (node.layer() for node in group.findLayers())):
            here = Path(_file(layer)).parent / known.name
            if here.is_file():
                return here
    return known


def group_of(vectors: Path) -> Optional[QgsLayerTreeGroup]:
    """Return the group of a file of vectors."""
    root = QgsProject.instance().layerTreeRoot()
    groups = (group for group in root.findGroups(True) if group.customProperty(VECTORS))
    return next((group for group in groups if vectors_of(group) == vectors), None)


def add_embeddings(vectors: Path, name: str) -> QgsLayerTreeGroup:
    """Return a new group at the top of the layer tree, with the picture of the vectors where there is one.

    Args:
        vectors: the file; what the backend puts beside it is read too.
        name: of the group.
    """
    group = QgsProject.instance().layerTreeRoot().insertGroup(0, name)
    group.setCustomProperty(VECTORS, str(vectors))
    picture = vectors.with_name(vectors.stem + PREVIEW)
    if picture.is_file():
        layer = raster_layer(picture, tr("False colour"))
        layer.setRenderer(QgsMultiBandColorRenderer(layer.dataProvider(), 1, 2, 3))
        add_to(group, layer, described(vectors))
        layer.setCustomProperty(VECTORS, str(vectors))
    elif vectors.suffix.lower() in (".tif", ".tiff"):  # somebody else's: as QGIS shows its first bands
        layer = QgsRasterLayer(str(vectors), vectors.stem)
        if layer.isValid():
            add_to(group, layer, described(vectors))
    group.setExpanded(True)
    return group


def described(vectors: Path) -> str:
    """Return what is known of the making of vectors, a line each, from the record beside them."""
    try:
        record = json.loads(vectors.with_name(vectors.stem + RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return str(vectors.name)
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in record.items()]
    return "\n".join([vectors.name, *lines])


def add_to(group: QgsLayerTreeGroup, layer: QgsMapLayer, about: str) -> None:
    """Put a layer at the top of a group, with what is known of it."""
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract(about)
    metadata.setKeywords({"gmd:topicCategory": list(KEYWORDS)})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    group.insertLayer(0, layer)
    group.setExpanded(True)


def raster_layer(path: Path, name: str) -> QgsRasterLayer:
    """Return a layer without a default look, for which QGIS would read through the pixels here and now.

    Raises:
        Refused: QGIS cannot read the file.
    """
    return _valid(QgsRasterLayer(str(path), name, "gdal", QgsRasterLayer.LayerOptions(False)), path)


def vector_layer(path: Path, name: str) -> QgsVectorLayer:
    """Return a layer of polygons or points. Raises as `raster_layer`."""
    return _valid(QgsVectorLayer(str(path), name, "ogr"), path)


def _file(layer: QgsMapLayer) -> str:
    decoded = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return str(decoded.get("path") or "")


def _valid(layer: QgsMapLayer, path: Path) -> QgsMapLayer:
    if not layer.isValid():
        raise Refused(tr("QGIS cannot read “{}”; run it again.").format(path.name))
    return layer
