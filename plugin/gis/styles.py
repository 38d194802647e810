"""How results look on arrival: a light line in a dark casing, legible on any imagery."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsFillSymbol,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
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
    return QgsSingleSymbolRenderer(cased(LIGHT, 0.5, FILL))


def cased(colour: QColor, width: float, inside: QColor) -> QgsFillSymbol:
    """Return a fill with a line of `width` millimetres in a dark casing."""
    fill = QgsSimpleFillSymbolLayer(inside)
    fill.setStrokeStyle(Qt.PenStyle.NoPen)
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, fill)
    for line in (_line(DARK, 1.1), _line(colour, width)):
        symbol.appendSymbolLayer(line)
    return symbol


def label_format() -> QgsTextFormat:
    """Return white text in a dark halo."""
    text, halo = QgsTextFormat(), QgsTextBufferSettings()
    text.setSize(8)
    text.setColor(QColor("white"))
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(DARK)
    text.setBuffer(halo)
    return text


def _line(color: QColor, millimetres: float) -> QgsSimpleLineSymbolLayer:
    line = QgsSimpleLineSymbolLayer(color, millimetres)
    line.setPenJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return line
