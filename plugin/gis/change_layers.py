"""Made pairs in the project: a group a pair, with mask, labels and pictures of all its times."""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, Optional, Sequence, Tuple
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

from .category_style import apply_categories, categories_of
from .change_groups import LABELS, MASK, PAIR, PART, ChangeMark, mark
from .colour_style import ALPHA
from .embedding_layers import raster_layer
from .flipped import flipped_raster
from .refused import Refused, tr
from .synthetic import add_synthetic, mark_group

SHOWN = 8
"""Pairs that are shown of a data set; the others are in its folder."""
PREVIEW = "toposcope/change-preview"
CHANGED, OPACITY = QColor(255, 45, 85), 0.55


def pair_folders(folder: Path) -> List[Path]:
    """Return the folders of pairs in what a job left: `pair_0001` and on, or it is one pair itself."""
    return sorted(path for path in folder.glob("pair_*") if path.is_dir()) or [folder]


def add_pairs(folder: Path, title: str, pixel: bool, lines: Sequence[str]) -> Tuple[QgsLayerTreeGroup, int]:
    """Add what a job left under `title`; return the group of its first pair, and how many pairs there are.

    Args:
        folder: holds one pair, or folders of pairs, of which the first few are shown.
        title: of the group at the top of the layer tree.
        pixel: coordinates are columns and rows (`Frame.pixel`).
        lines: what the layers' metadata say.

    Raises:
        Refused: QGIS cannot read a file; what was added before stays.
    """
    folders = pair_folders(folder)
    top = QgsProject.instance().layerTreeRoot().insertGroup(0, title)
    mark_group(top)
    if folders == [folder]:
        _fill(top, folder, pixel, lines)
        return top, 1
    for path in folders[:SHOWN]:
        group = top.addGroup(path.name.replace("_", " "))
        mark_group(group)
        _fill(group, path, pixel, lines)
        group.setExpanded(False)
    return top.children()[0], len(folders)


def remove_preview() -> None:
    """Take a preview of before out of the project."""
    root = QgsProject.instance().layerTreeRoot()
    for group in [group for group in root.findGroups() if group.customProperty(PREVIEW)]:
        QgsProject.instance().removeMapLayers([node.layerId() for node in group.findLayers()])
        root.removeChildNode(group)


def as_preview(group: QgsLayerTreeGroup) -> None:
    """Remember that the next preview takes a group's place."""
    group.setCustomProperty(PREVIEW, True)


def _fill(group: QgsLayerTreeGroup, folder: Path, pixel: bool, lines: Sequence[str]) -> None:
    """Add the layers of a pair or sequence, masks at the top; only the masks and the last picture are shown."""
    for path in reversed(_times(folder, "change")):
        layer = _raster(path, tr("Change mask"), pixel)
        apply_mask_style(layer)
        _add(group, layer, MASK, lines)
    for path in reversed(_times(folder, "labels")):
        layer = _raster(path, _labels_name(path), pixel)
        apply_categories(layer, categories_of(path), {})
        _add(group, layer, LABELS, lines, shown=False)
    dates = []
    for number, path in reversed(list(enumerate(_pictures(folder)))):
        layer = _raster(path, _picture_name(path), pixel)
        layer.setRenderer(colour_renderer(layer))
        if number:
            add_synthetic(group, layer, lines)
        else:  # the picture before is an observation
            _add(group, layer, "", lines)
        group.findLayer(layer.id()).setExpanded(False)
        dates.insert(0, layer.id())
    mark(group, ChangeMark(uuid4().hex, PAIR, tuple(dates), "\n".join(lines)))


def colour_renderer(layer: QgsRasterLayer) -> QgsMultiBandColorRenderer:
    """Return the look of a picture whose colours are seen as they are, holes where there is no data."""
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), 1, 2, 3)
    if layer.bandCount() >= ALPHA:
        renderer.setAlphaBand(ALPHA)
    return renderer


def apply_mask_style(layer: QgsRasterLayer) -> None:
    """Show 1 as changed; what did not change is clear."""
    changed = QgsPalettedRasterRenderer.Class(1, CHANGED, tr("changed"))
    renderer = QgsPalettedRasterRenderer(layer.dataProvider(), 1, [changed])
    renderer.setOpacity(OPACITY)
    layer.setRenderer(renderer)


def _pictures(folder: Path) -> List[Path]:
    before = folder / "before.tif"
    if not before.is_file():
        raise Refused(tr("There is no pair in “{}”; run it again.").format(folder.name))
    return [before, *_times(folder, "after")]


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


def _raster(path: Path, name: str, pixel: bool) -> QgsRasterLayer:
    return raster_layer(flipped_raster(path) if pixel else path, name)


def _add(
    group: QgsLayerTreeGroup, layer: QgsMapLayer, part: str, lines: Sequence[str], shown: bool = True
) -> Optional[QgsMapLayer]:
    layer.setCustomProperty(PART, part)
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract("\n".join([tr("Of a pair that was made with Toposcope."), *lines]))
    metadata.setKeywords({"gmd:topicCategory": ["change", "Toposcope"]})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    node = group.addLayer(layer)
    node.setItemVisibilityChecked(shown)
    node.setExpanded(False)
    return layer
