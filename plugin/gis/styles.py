"""How results look on arrival: a light line in a dark casing, legible on any imagery."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsFillSymbol,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

QML = Path(__file__).parents[2] / "resources" / "styles" / "segment.qml"
LIGHT, DARK, FILL = QColor(255, 214, 10), QColor(20, 20, 30, 220), QColor(255, 214, 10, 45)
"""Yellow on near-black: a contrast of 12 to 1 with each other, so one of the two stands out on any ground."""
NEGATIVE = QColor(255, 82, 82)
HOVER = QColor(255, 255, 255)


def apply_segment_style(layer: QgsVectorLayer) -> None:
    """Give a result layer its look, from the .qml or, where this QGIS cannot read that, built here."""
    _message, ok = layer.loadNamedStyle(str(QML)) if QML.is_file() else ("", False)
    if not ok:
        layer.setRenderer(segment_renderer())


def segment_renderer() -> QgsSingleSymbolRenderer:
    """Return the look, in code: what `segment.qml` was saved from."""
    fill = QgsSimpleFillSymbolLayer(FILL)
    fill.setStrokeStyle(Qt.PenStyle.NoPen)
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, fill)
    for line in (_line(DARK, 1.1), _line(LIGHT, 0.5)):
        symbol.appendSymbolLayer(line)
    return QgsSingleSymbolRenderer(symbol)


def _line(color: QColor, millimetres: float) -> QgsSimpleLineSymbolLayer:
    line = QgsSimpleLineSymbolLayer(color, millimetres)
    line.setPenJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return line
