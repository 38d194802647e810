"""What changed between two dates, in the project: polygons by from and to above the map of how probable it is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence, Tuple
from uuid import uuid4

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from .category_style import distinct
from .change_groups import DETECTION, PART, POLYGONS, PROBABILITY, Areas, ChangeMark, mark
from .change_record import record_lines
from .compat import SYMBOL_DRAWN
from .embedding_layers import raster_layer, vector_layer
from .flipped import flipped_copy, flipped_raster
from .refused import Refused, tr
from .score_filter import VARIABLE, show_from
from .similarity_style import apply_similarity_style
from .styles import cased

FAINTEST = 0.004
"""The least probability that is drawn: the step of the bytes it is kept in, so that what did not change stays clear."""
FROM, TO = "from", "to"
WAY = f"coalesce(\"{FROM}\", '') || ' → ' || coalesce(\"{TO}\", '')"
"""From what to what, as an expression."""
INSIDE = 90
KEYWORDS = ("AI-generated", "change", "Toposcope")


@dataclass(frozen=True)
class Detection:
    """What a job left: a raster of probability, its polygons, the table of areas, and what is told of it."""

    raster: Path
    polygons: Optional[Path]
    areas: Areas
    lines: Tuple[str, ...]
    pixel: bool


def read_detection(folder: Path, pixel: bool, notices: Sequence[str]) -> Detection:
    """Return what a job left in `folder`. Any thread may call.

    Args:
        folder: holds the files.
        pixel: coordinates are columns and rows (`Frame.pixel`): QGIS needs everything with y upwards.
        notices: are told before what the record says.

    Raises:
        Refused: there is no map, or what QGIS needs cannot be written beside it.
    """
    raster = next(iter(sorted(folder.glob("*.tif"))), None)
    if raster is None:
        raise Refused(tr("There is no map of change in “{}”; run it again.").format(folder.name))
    lines = (*notices, *record_lines(raster.with_suffix(".run.json")))
    areas, polygons = read_areas(raster.with_suffix(".csv")), raster.with_suffix(".gpkg")
    outlines = polygons if polygons.is_file() else None
    if pixel:
        outlines = None if outlines is None else flipped_copy(outlines)
        raster = flipped_raster(raster)
    return Detection(raster, outlines, areas, lines, pixel)


def add_detection(found: Detection, title: str, dates: Sequence[str], least: float) -> QgsLayerTreeGroup:
    """Add what a job left under `title` and return its group.

    Args:
        found: what there is.
        title: of the group at the top of the layer tree.
        dates: ids of the layers that were compared, the earlier one first.
        least: from which probability on a change is shown.

    Raises:
        Refused: QGIS cannot read a file.
    """
    group = QgsProject.instance().layerTreeRoot().insertGroup(0, title)
    if found.polygons is not None:
        outlines = vector_layer(found.polygons, tr("Changed areas"))
        if found.pixel:
            outlines.setCrs(QgsCoordinateReferenceSystem())
        style_ways(outlines, found.areas)
        show_from(outlines, least)
        _add(group, outlines, POLYGONS, found.lines)
    probability = raster_layer(found.raster, tr("Probability of change"))
    show_probability_from(probability, least)
    _add(group, probability, PROBABILITY, found.lines)
    mark(group, ChangeMark(uuid4().hex, DETECTION, tuple(dates), "\n".join(found.lines), least, found.areas))
    return group


def read_areas(path: Path) -> Areas:
    """Return the rows of a table of areas, the largest first; none where there is no such file."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(one[FROM], one[TO], float(one["area_m2"]), int(one["pixels"])) for one in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: -row[3]))


def style_ways(layer: QgsVectorLayer, areas: Areas) -> None:
    """Give each way from a class to another a colour, with its area in the legend."""
    categories = []
    for (start, end, area, pixels), colour in zip(areas, distinct(len(areas))):
        name = f"{start or '–'} → {end or '–'}" if start or end else tr("changed")
        label = f"{name} ({area_text(area, pixels)})"
        categories.append(QgsRendererCategory(f"{start} → {end}", _outline(colour), label))
    categories.append(QgsRendererCategory("", _outline(QColor("#ff2d55")), tr("changed otherwise")))
    layer.setRenderer(QgsCategorizedSymbolRenderer(WAY, categories))


def show_probability_from(layer: QgsRasterLayer, least: float) -> None:
    """Show a map of probability from `least` on."""
    apply_similarity_style(layer, max(FAINTEST, min(least, 1 - FAINTEST)), 1.0)
    layer.triggerRepaint()


def show_change_from(probability: Optional[QgsRasterLayer], polygons: Optional[QgsVectorLayer], least: float) -> None:
    """Show map and polygons from a probability on; drawing happens in the background."""
    if probability is not None:
        show_probability_from(probability, least)
    if polygons is not None:
        show_from(polygons, least)


def area_text(square_metres: float, pixels: int) -> str:
    """Return an area as a person reads it: in pixels where nothing says how large these are."""
    if not square_metres:
        return f"{pixels} px"
    return f"{square_metres / 10_000:.2f} ha" if square_metres >= 1000 else f"{square_metres:.0f} m²"


def _outline(colour: QColor) -> QgsFillSymbol:
    """Return a fill that is drawn only from the least probability on that is shown."""
    inside = QColor(colour)
    inside.setAlpha(INSIDE)
    symbol = cased(colour, 0.5, inside)
    shown = QgsProperty.fromExpression(f'coalesce("probability", 1) >= coalesce(@{VARIABLE}, 0)')
    for index in range(symbol.symbolLayerCount()):
        symbol.symbolLayer(index).setDataDefinedProperty(SYMBOL_DRAWN, shown)
    return symbol


def _add(group: QgsLayerTreeGroup, layer: QgsMapLayer, part: str, lines: Sequence[str]) -> None:
    layer.setCustomProperty(PART, part)
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract("\n".join([tr("Change between two dates, found with Toposcope."), *lines]))
    metadata.setKeywords({"gmd:topicCategory": list(KEYWORDS)})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    group.addLayer(layer).setExpanded(part == POLYGONS)
