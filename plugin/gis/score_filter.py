"""The least score that is shown: a variable of the layer that its style and labels ask, so nothing is made anew."""

from __future__ import annotations

from qgis.core import QgsExpressionContextUtils, QgsVectorLayer

VARIABLE = "toposcope_score"
SHOWN = f'"score" >= coalesce(@{VARIABLE}, 0)'
"""What an object has to be to be drawn, as an expression."""


def least_score(layer: QgsVectorLayer) -> float:
    """Return the least score the layer shows, 0 where it shows all."""
    scope = QgsExpressionContextUtils.layerScope(layer)
    return float(scope.variable(VARIABLE) or 0)


def show_from(layer: QgsVectorLayer, score: float) -> None:
    """Show objects of at least this score; drawing happens in the background, the project remembers it."""
    QgsExpressionContextUtils.setLayerVariable(layer, VARIABLE, round(score, 4))
    layer.triggerRepaint()
