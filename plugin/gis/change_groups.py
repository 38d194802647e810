"""Results about change in the project: groups that remember which layers show which date, so also when saved."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import List, Optional, Tuple

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer

KEY = "toposcope/change"
PART = "toposcope/part"
MASK, LABELS, POLYGONS, PROBABILITY = "mask", "labels", "polygons", "probability"
PAIR, DETECTION = "pair", "detection"

Areas = Tuple[Tuple[str, str, float, int], ...]
"""From, to, square metres, pixels: names are empty where none is known, metres 0 where nothing says them."""


@dataclass(frozen=True)
class ChangeMark:
    """What the project remembers of a result, on its group.

    `dates` are ids of layers from the earliest on: within the group those of a made pair, anywhere those of two dates
    that were compared. `said` is what is told of it; `least` is from which probability on a change is shown.
    """

    id: str
    kind: str
    dates: Tuple[str, ...]
    said: str = ""
    least: float = 0.5
    areas: Areas = ()


def mark(group: QgsLayerTreeGroup, what: ChangeMark) -> None:
    """Remember `what` on a group."""
    group.setCustomProperty(KEY, json.dumps(asdict(what)))


def mark_of(group: QgsLayerTreeGroup) -> ChangeMark:
    """Return what a group remembers."""
    kept = json.loads(group.customProperty(KEY))
    areas = tuple((start, end, float(area), int(pixels)) for start, end, area, pixels in kept.pop("areas"))
    return ChangeMark(**{**kept, "dates": tuple(kept["dates"])}, areas=areas)


def change_groups() -> List[QgsLayerTreeGroup]:
    """Return the groups of all results in the project, from the top down."""
    return [group for group in QgsProject.instance().layerTreeRoot().findGroups(True) if group.customProperty(KEY)]


def parts(group: QgsLayerTreeGroup, *names: str) -> List[QgsMapLayer]:
    """Return the layers of a group that are of these parts."""
    layers = (node.layer() for node in group.findLayers())
    return [layer for layer in layers if layer is not None and layer.customProperty(PART) in names]


def polygons_of(group: QgsLayerTreeGroup) -> Optional[QgsVectorLayer]:
    """Return the polygons of what changed, None where there are none (any more)."""
    return next(iter(parts(group, POLYGONS)), None)


def probability_of(group: QgsLayerTreeGroup) -> Optional[QgsRasterLayer]:
    """Return the raster of how probable a change is, None where there is none (any more)."""
    return next(iter(parts(group, PROBABILITY)), None)


def dates_of(group: QgsLayerTreeGroup) -> List[QgsMapLayer]:
    """Return the layers of a result's dates that are (still) there, from the earliest on."""
    found = (QgsProject.instance().mapLayer(layer_id) for layer_id in mark_of(group).dates)
    return [layer for layer in found if layer is not None]


def show_layer(layer: QgsMapLayer, shown: bool) -> None:
    """Tick a layer in the layer tree, and the groups around it, or untick it alone."""
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    if node is not None and shown:
        node.setItemVisibilityCheckedParentRecursive(True)
    elif node is not None:
        node.setItemVisibilityChecked(False)
