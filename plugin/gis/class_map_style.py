"""How a class map looks: a colour a phrase with its name in the legend, nothing where no phrase fits."""

from __future__ import annotations

from typing import Sequence

from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer
from qgis.PyQt.QtGui import QColor

from ...backend.protocol.ground import RankedPhrase
from .thresholded import ALPHA

OPACITY = 0.6
"""The image shows through."""


def apply_class_style(layer: QgsRasterLayer, phrases: Sequence[RankedPhrase]) -> None:
    """Style a raster that holds the `index` of a phrase, and 0 for none, which is left out and so is transparent.

    A second band is its alpha (`thresholded.write_thresholded`).
    """
    classes = [
        QgsPalettedRasterRenderer.Class(one.index, QColor(one.colour), one.phrase)
        for one in sorted(phrases, key=lambda one: one.index)
    ]
    renderer = QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)
    renderer.setOpacity(OPACITY)
    if layer.bandCount() >= ALPHA:
        renderer.setAlphaBand(ALPHA)
    layer.setRenderer(renderer)
