"""The layers of a run about places: likeness, false colour, predictions; with a legend and what they are."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

from qgis.core import (
    QgsColorRampShader,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterBandStats,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRectangle,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from .heat_style import apply_heat_style
from .refused import Refused, tr

VIRIDIS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
"""Five stops of matplotlib's viridis, which also those who see no red can read."""
SAMPLE = 20_000
KEYWORDS = ("AI-generated", "places", "Toposcope")


def add_places(folder: Path, title: str, likeness: bool, lines: List[str]) -> Optional[QgsRasterLayer]:
    """Add what a run left in `folder` under `title`; None where there is nothing that a map shows.

    Raises:
        Refused: QGIS cannot read a file of the run.
    """
    rasters = sorted(folder.glob("*.tif"))
    shown = next((path for path in rasters if path.name.endswith(".preview.tif")), None) or next(iter(rasters), None)
    if shown is None:
        return None
    layer = QgsRasterLayer(str(shown), title, "gdal")
    if not layer.isValid():
        raise Refused(tr("QGIS cannot read “{}”; run it again.").format(shown.name))
    if likeness:
        apply_heat_style(layer, 1)
    elif layer.bandCount() == 1 and not isinstance(layer.renderer(), QgsPalettedRasterRenderer):
        show_numbers(layer)
    _describe(layer, lines)
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
    return layer


def show_numbers(layer: QgsRasterLayer) -> None:
    """Show one band of numbers from its least to its greatest, with a legend."""
    wanted = QgsRasterBandStats.Stats.Min | QgsRasterBandStats.Stats.Max
    found = layer.dataProvider().bandStatistics(1, wanted, QgsRectangle(), SAMPLE)
    low, high = found.minimumValue, found.maximumValue
    ramp = QgsColorRampShader(low, high)
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    steps = len(VIRIDIS) - 1
    values = [low + (high - low) * index / steps for index in range(steps + 1)]
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(value, QColor(*colour), f"{value:.4g}")
            for value, colour in zip(values, VIRIDIS)
        ]
    )
    shader = QgsRasterShader(low, high)
    shader.setRasterShaderFunction(ramp)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader))


def _describe(layer: QgsMapLayer, lines: List[str]) -> None:
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract("\n".join([tr("Computed from coordinates alone with Toposcope."), *lines]))
    metadata.setKeywords({"gmd:topicCategory": list(KEYWORDS)})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
