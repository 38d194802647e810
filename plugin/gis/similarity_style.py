"""How kept answers look: likeness as the live one did, places by their rank, change and confidence on a ramp."""

from __future__ import annotations

from qgis.core import (
    QgsColorRampShader,
    QgsPalLayerSettings,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from .compat import POLYGON
from .overlay_image import FAINTEST, RAMP, ramp_colour
from .styles import LIGHT, cased, label_format

OPACITY = 0.85
STOPS = 5


def apply_similarity_style(layer: QgsRasterLayer, least: float, most: float) -> None:
    """Show values from `least` on, on the ramp that the live answer has; what is below is not drawn."""
    ramp = QgsColorRampShader(least, most)
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setClip(False)
    items = [QgsColorRampShader.ColorRampItem(least - 1e-9, QColor(*RAMP[0][1], 0), f"< {least:.2f}")]
    for index in range(STOPS):
        share = index / (STOPS - 1)
        value = least + (most - least) * share
        colour = QColor(*ramp_colour(share), round(255 * OPACITY * (FAINTEST + (1 - FAINTEST) * share)))
        items.append(QgsColorRampShader.ColorRampItem(value, colour, f"{value:.2f}"))
    ramp.setColorRampItemList(items)
    shader = QgsRasterShader(least, most)
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(least)
    renderer.setClassificationMax(most)
    layer.setRenderer(renderer)


def apply_places_style(layer: QgsVectorLayer, rank: str) -> None:
    """Outline places, light in a dark casing, and write the rank on them; points keep the look QGIS gives them."""
    if layer.geometryType() == POLYGON:
        layer.setRenderer(QgsSingleSymbolRenderer(cased(LIGHT, 0.5, QColor(0, 0, 0, 0))))
    settings = QgsPalLayerSettings()
    settings.fieldName = rank
    settings.setFormat(label_format())
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
