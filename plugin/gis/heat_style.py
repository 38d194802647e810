"""How a relevance map looks: from nothing over orange to white, the hotter the more a phrase fits."""

from __future__ import annotations

from qgis.core import (
    QgsColorRampShader,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

STOPS = ((0.0, (60, 15, 110, 0)), (0.25, (120, 28, 109, 90)), (0.5, (220, 70, 60, 160)), (0.75, (250, 160, 20, 190)))
HOTTEST = (1.0, (252, 255, 200, 215))
"""Near the inferno scheme of matplotlib; opacity grows with the score."""


def apply_heat_style(layer: QgsRasterLayer, band: int, full: float = 1.0) -> None:
    """Show one band whose values go from 0 to `full`."""
    ramp = QgsColorRampShader(0.0, full)
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(share * full, QColor(*color), f"{share:.2f}")
            for share, color in (*STOPS, HOTTEST)
        ]
    )
    shader = QgsRasterShader(0.0, full)
    shader.setRasterShaderFunction(ramp)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader))
    layer.triggerRepaint()


def shown_band(layer: QgsRasterLayer) -> int:
    """Return the band that is shown."""
    return int(layer.renderer().usesBands()[0])
