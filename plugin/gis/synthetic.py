"""Marks layers that were generated, not observed: by name, metadata, legend and a property that a project keeps."""

from __future__ import annotations

from typing import Dict, Iterable, Sequence

from osgeo import gdal
from qgis.core import (
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsProject,
    QgsRasterLayer,
)

from .kinds import local_path, opened
from .refused import tr

KEY = "toposcope/synthetic"
PREFIX = "SYNTHETIC – "
"""Not translated: whoever gets the project or a map of it is to know it again."""
KEYWORDS = ("AI-generated", "synthetic", "Toposcope")
TAG, TOLD = "AI_GENERATED", ("AI_MODEL", "AI_SEED", "AI_RUN_ID", "TIFFTAG_DATETIME")
"""What a file of ours says of itself, in GDAL's tags."""


def synthetic_name(name: str) -> str:
    """Return a name that says so, once."""
    return name if name.startswith(PREFIX) else PREFIX + name


def mark_synthetic(layer: QgsMapLayer, lines: Sequence[str] = ()) -> None:
    """Mark a layer as generated; `lines` go into its abstract, after what its file says of model and seed."""
    layer.setName(synthetic_name(layer.name()))
    layer.setCustomProperty(KEY, True)
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    told = [f"{name}: {value}" for name, value in _tags(layer).items() if name in TOLD]
    metadata.setAbstract("\n".join([tr("SYNTHETIC (AI-generated), not an observation."), *told, *lines]))
    metadata.setKeywords({"gmd:topicCategory": list(KEYWORDS)})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)


def add_synthetic(
    group: QgsLayerTreeGroup, layer: QgsMapLayer, lines: Sequence[str] = (), at: int = -1
) -> QgsLayerTreeLayer:
    """Mark a layer and put it into a group, with a legend that says what it is, also on a printed map.

    `at` is its place in the group, from above; below 0 it comes last.
    """
    mark_synthetic(layer, lines)
    QgsProject.instance().addMapLayer(layer, False)
    node = QgsLayerTreeLayer(layer)
    tell_in_legend(node)
    node.setExpanded(False)
    group.insertChildNode(at, node)
    return node


def tell_in_legend(node: QgsLayerTreeLayer) -> bool:
    """Let the legend of a picture say that it is generated, and return whether that is new to it.

    Of its three nodes for red, green and blue one stays; a view that has asked for them is to be told.
    """
    layer = node.layer()
    if not isinstance(layer, QgsRasterLayer) or QgsMapLayerLegendUtils.hasLegendNodeOrder(node):
        return False
    if layer.renderer() is None or layer.renderer().type() != "multibandcolor":
        return False
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, [0])
    QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, 0, tr("SYNTHETIC: AI-generated, not an observation"))
    return True


def mark_group(group: QgsLayerTreeGroup) -> None:
    """Mark a group of generated layers."""
    group.setName(synthetic_name(group.name()))
    group.setCustomProperty(KEY, True)


def recognise(layers: Iterable[QgsMapLayer]) -> None:
    """Remember of layers whose files say so that they are generated; names stay the person's."""
    for layer in layers:
        if not layer.customProperty(KEY) and _tags(layer).get(TAG) == "YES":
            layer.setCustomProperty(KEY, True)


def is_synthetic(thing: object) -> bool:
    """Return whether a layer, or a node of the layer tree, is marked."""
    if isinstance(thing, QgsLayerTreeLayer):
        thing = thing.layer()
    return isinstance(thing, (QgsMapLayer, QgsLayerTreeNode)) and bool(thing.customProperty(KEY))


def _tags(layer: QgsMapLayer) -> Dict[str, str]:
    path = local_path(layer) if isinstance(layer, QgsRasterLayer) else None
    dataset: gdal.Dataset = None if path is None else opened(path)
    return {} if dataset is None else dict(dataset.GetMetadata())
