"""What a finished job left, as layers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, Optional, Tuple

from qgis.core import QgsLayerTreeGroup
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobState, ResultFile
from ..gis.generated_layers import add_generated, show_preview
from ..gis.tile_layers import are_here, are_tiles
from .asked import Asked


def add_results(asked: Asked, state: JobState, folder: Path) -> Optional[QgsLayerTreeGroup]:
    """Show a preview, or add the group of a region and return it.

    Raises:
        Refused: QGIS cannot read a file of it.
    """
    levels, lines = levels_of(asked.scale, state, folder), lines_of(asked, state)
    if asked.preview:
        show_preview(max(levels)[1], asked.task.title, asked.task.pixel, lines)
        return None
    tiles = [folder / file.name for file in tiles_of(state) if are_here(folder / file.name)]
    return add_generated(levels, asked.task.title, asked.task.pixel, lines, tiles)


def tiles_elsewhere(state: JobState, folder: Path) -> List[str]:
    """Return a sentence on map tiles that stay where the backend is."""
    text = QCoreApplication.translate("GenerateResults", "The map tiles are on the backend's machine: “{file}”.")
    return [text.format(file=file.path) for file in tiles_of(state) if not are_here(folder / file.name)]


def tiles_of(state: JobState) -> List[ResultFile]:
    """Return the files that stand for map tiles."""
    return [file for file in state.results if are_tiles(file.name)]


def levels_of(scale: int, state: JobState, folder: Path) -> List[Tuple[int, Path]]:
    """Return scale and file of every level: `G_x4.tif` and the like, and `G.tif`, the last one."""
    names = [file.name for file in state.results if file.name.lower().endswith((".tif", ".tiff"))]
    found = []
    for name in names:
        level = re.search(r"_x(4|16)\.tiff?$", name, re.IGNORECASE)
        found.append((int(level.group(1)) if level and len(names) > 1 else scale, folder / name))
    return found


def lines_of(asked: Asked, state: JobState) -> List[str]:
    """Return what a layer's metadata tells of its making."""
    translate = QCoreApplication.translate
    values = (
        (translate("GenerateResults", "Generated from"), asked.image),
        (translate("GenerateResults", "Model"), state.model or asked.task.request.model),
        (translate("GenerateResults", "Seed"), asked.seed),
        (translate("GenerateResults", "Scale"), f"×{asked.scale}"),
        (translate("GenerateResults", "Date"), state.finished),
    )
    return [f"{name}: {value}" for name, value in values]
