"""Generated regions in the project: a group with a layer for each level, and a preview that goes again."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Sequence, Tuple

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsRasterLayer

from .colour_style import write_colour_style
from .flipped import flipped_raster, linked, turned_over
from .refused import Refused, tr
from .synthetic import add_synthetic, mark_group
from .tile_layers import tile_layer

PREVIEW = "toposcope/preview"
"""On a layer that is there until the next preview, or the whole."""


def add_generated(
    levels: Sequence[Tuple[int, Path]], title: str, pixel: bool, lines: Sequence[str], tiles: Sequence[Path] = ()
) -> QgsLayerTreeGroup:
    """Return a new group at the top of the layer tree, the finest level above the others and tiles, which are hidden.

    Args:
        levels: scale and file of each.
        title: of the group.
        pixel: the image they come from has no georeference (`Frame.pixel`).
        lines: what is known of their making.
        tiles: of the finest level, as `tile_layer` takes them.

    Raises:
        Refused: QGIS cannot read a file.
    """
    ordered = sorted(levels, reverse=True)
    layers = [raster(path, f"×{scale}", pixel) for scale, path in ordered]
    layers += [tile_layer(path) for path in tiles]
    group = QgsProject.instance().layerTreeRoot().insertGroup(0, title)
    mark_group(group)
    for index, layer in enumerate(layers):
        node = add_synthetic(group, layer, lines)
        node.setItemVisibilityChecked(index == 0)
    group.setExpanded(True)
    return group


def show_preview(path: Path, title: str, pixel: bool, lines: Sequence[str]) -> QgsRasterLayer:
    """Show a preview in place of the one before. Raises as `add_generated`."""
    layer = raster(path, title, pixel)
    remove_preview()
    layer.setCustomProperty(PREVIEW, True)
    add_synthetic(QgsProject.instance().layerTreeRoot(), layer, lines, at=0)
    return layer


def remove_preview() -> None:
    """Take the preview away."""
    project = QgsProject.instance()
    project.removeMapLayers([layer_id for layer_id, layer in project.mapLayers().items() if _is_preview(layer)])


def link_partial(path: Path, target: Path, pixel: bool) -> Path:
    """Write `target`, a VRT over what is finished so far, with a style beside it, and return it.

    Raises:
        Refused: it cannot be written.
    """
    shown = turned_over(path, target) if pixel else linked(path, target)
    write_colour_style(shown)
    return shown


def raster(path: Path, name: str, pixel: bool) -> QgsRasterLayer:
    """Return a generated raster as a layer that shows its colours as they are.

    Raises:
        Refused: QGIS cannot read the file.
    """
    shown = flipped_raster(path) if pixel else path
    write_colour_style(shown)
    layer = QgsRasterLayer(str(shown), name)
    if not layer.isValid():
        raise Refused(tr("QGIS cannot read “{}”; run it again.").format(path.name))
    return layer


def _is_preview(layer: Optional[QgsMapLayer]) -> bool:
    return layer is not None and bool(layer.customProperty(PREVIEW))
