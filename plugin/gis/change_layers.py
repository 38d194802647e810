"""Made pairs in the project: a group a pair, with mask, labels and pictures of all its times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Generator, List, Sequence, Tuple
from uuid import uuid4

from qgis.core import (
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from .category_style import Category, apply_categories, categories_of, name_of
from .change_groups import LABELS, MASK, PAIR, PART, ChangeMark, mark
from .colour_style import ALPHA
from .embedding_layers import raster_layer
from .flipped import flipped_raster
from .refused import Refused, tr
from .synthetic import add_synthetic, mark_group

SHOWN = 8
"""Pairs that are shown of a data set; the others are in its folder."""
PREVIEW = "toposcope/change-preview"
CHANGED, LEFT_OUT, OPACITY = QColor(255, 45, 85), QColor(128, 128, 128), 0.55
NO_DATA = 255
"""In a mask of changes with a margin, also what was painted around them."""


@dataclass(frozen=True)
class PairLayer:
    """A layer to come: `part` is one of `change_groups`', empty for pictures; `number` counts a picture's time."""

    path: Path
    name: str
    part: str = ""
    number: int = 0
    categories: Tuple[Category, ...] = ()


@dataclass(frozen=True)
class Pair:
    """The layers of one pair or sequence, from the top down."""

    name: str
    layers: Tuple[PairLayer, ...]


def read_pairs(folder: Path, pixel: bool) -> Tuple[List[Pair], int]:
    """Return the first few pairs of what a job left, and how many there are. Any thread may call.

    Args:
        folder: holds one pair, or folders of pairs: `pair_0001` and on.
        pixel: coordinates are columns and rows (`Frame.pixel`): QGIS needs everything with y upwards.

    Raises:
        Refused: there is no pair.
    """
    folders = sorted(path for path in folder.glob("pair_*") if path.is_dir()) or [folder]
    return [_read(path, pixel) for path in folders[:SHOWN]], len(folders)


def add_pairs(pairs: Sequence[Pair], title: str, lines: Sequence[str]) -> Generator[None, None, QgsLayerTreeGroup]:
    """Add pairs under `title`, a layer a step, and return the group of the first one.

    `lines` are what the layers' metadata say. Raises Refused where QGIS cannot read a file.
    """
    top = QgsProject.instance().layerTreeRoot().insertGroup(0, title)
    mark_group(top)
    groups = [top]
    if len(pairs) > 1:
        groups = [top.addGroup(pair.name) for pair in pairs]
    for group, pair in zip(groups, pairs):
        mark_group(group)
        yield from _fill(group, pair, lines)
        group.setExpanded(len(pairs) == 1)
    return groups[0]


def remove_preview() -> None:
    """Take a preview of before out of the project."""
    root = QgsProject.instance().layerTreeRoot()
    for group in [group for group in root.findGroups() if group.customProperty(PREVIEW)]:
        QgsProject.instance().removeMapLayers([node.layerId() for node in group.findLayers()])
        root.removeChildNode(group)


def as_preview(group: QgsLayerTreeGroup) -> None:
    """Remember that the next preview takes a group's place."""
    group.setCustomProperty(PREVIEW, True)


def _fill(group: QgsLayerTreeGroup, pair: Pair, lines: Sequence[str]) -> Generator[None, None, None]:
    """Add the layers of a pair; of labels none is shown."""
    dates: List[str] = []
    for one in pair.layers:
        layer = raster_layer(one.path, one.name)
        if one.part == MASK:
            apply_mask_style(layer, one.categories)
        elif one.part == LABELS:
            apply_categories(layer, list(one.categories), {})
        else:
            layer.setRenderer(colour_renderer(layer))
            dates.insert(0, layer.id())
        if one.number:
            add_synthetic(group, layer, lines)
        else:  # the picture before is an observation
            _add(group, layer, one.part, lines)
        yield
    mark(group, ChangeMark(uuid4().hex, PAIR, tuple(dates), "\n".join(lines)))


def colour_renderer(layer: QgsRasterLayer) -> QgsMultiBandColorRenderer:
    """Return the look of a picture whose colours are seen as they are, holes where there is no data."""
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), 1, 2, 3)
    if layer.bandCount() >= ALPHA:
        renderer.setAlphaBand(ALPHA)
    return renderer


def apply_mask_style(layer: QgsRasterLayer, categories: Sequence[Category]) -> None:
    """Show what changed, and what was painted around it where that is told apart; what did not change is clear."""
    if any(value == NO_DATA for value, _, _ in categories):
        layer.dataProvider().setUseSourceNoDataValue(1, False)  # or it would be clear, as what did not change
    classes = [QgsPalettedRasterRenderer.Class(*category) for category in categories]
    renderer = QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)
    renderer.setOpacity(OPACITY)
    layer.setRenderer(renderer)


def mask_categories(path: Path) -> Tuple[Category, ...]:
    """Return what is shown of a mask: what changed, and what else it has a name for. Any thread may call."""
    changed = (1, CHANGED, tr("changed"))
    if not name_of(path, NO_DATA):
        return (changed,)
    return changed, (NO_DATA, LEFT_OUT, tr("painted around, or no data"))


def _read(folder: Path, pixel: bool) -> Pair:
    """Return the layers of a pair: masks above labels above pictures, the latest of each first."""
    before = folder / "before.tif"
    if not before.is_file():
        raise Refused(tr("There is no pair in “{}”; run it again.").format(folder.name))

    def shown(path: Path) -> Path:
        return flipped_raster(path) if pixel else path

    masks = [
        PairLayer(shown(path), tr("Change mask"), MASK, categories=mask_categories(path))
        for path in _times(folder, "change")
    ]
    labels = [
        PairLayer(shown(path), _labels_name(path), LABELS, categories=tuple(categories_of(path)))
        for path in _times(folder, "labels")
    ]
    pictures = [
        PairLayer(shown(path), _picture_name(path), number=number)
        for number, path in enumerate([before, *_times(folder, "after")])
    ]
    return Pair(folder.name.replace("_", " "), (*masks[::-1], *labels[::-1], *pictures[::-1]))


def _times(folder: Path, stem: str) -> List[Path]:
    """Return the rasters called `stem`, of all times in their order: before, after, after_1, after_2…, after_10."""
    found = folder.glob(f"{stem}*.tif")
    return sorted(found, key=lambda path: ("before" not in path.stem, _number(path.stem), path.stem))


def _number(stem: str) -> int:
    digits = re.search(r"(\d+)$", stem)
    return int(digits.group(1)) if digits else 0


def _picture_name(path: Path) -> str:
    number = _number(path.stem)
    if path.stem == "before":
        return tr("Before")
    return tr("After, time {}").format(number) if number else tr("After")


def _labels_name(path: Path) -> str:
    number = _number(path.stem)
    if "before" in path.stem:
        return tr("Labels before")
    return tr("Labels after, time {}").format(number) if number else tr("Labels after")


def _add(group: QgsLayerTreeGroup, layer: QgsMapLayer, part: str, lines: Sequence[str]) -> None:
    layer.setCustomProperty(PART, part)
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract("\n".join([tr("Of a pair that was made with Toposcope."), *lines]))
    metadata.setKeywords({"gmd:topicCategory": ["change", "Toposcope"]})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    node = group.addLayer(layer)
    node.setItemVisibilityChecked(part != LABELS)
    node.setExpanded(False)
