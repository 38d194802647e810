"""What a finished job left, as layers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, Optional, Tuple

from qgis.core import QgsLayerTreeGroup
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobState
from ..gis.generated_layers import add_generated, show_preview
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
    return add_generated(levels, asked.task.title, asked.task.pixel, lines)


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
