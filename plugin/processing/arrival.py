"""Styles an output layer when Processing adds it to the project, on the main thread."""

from __future__ import annotations

from typing import List

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingLayerPostProcessorInterface

from ..gis.styles import apply_segment_style

_alive: List[_Style] = []
"""Processing keeps no reference to a post-processor; each leaves this list when it has run."""


class _Style(QgsProcessingLayerPostProcessorInterface):
    def postProcessLayer(
        self, layer: QgsMapLayer, _context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> None:
        apply_segment_style(layer)
        _alive.remove(self)


def style_on_arrival(context: QgsProcessingContext, destination: str) -> None:
    """Give the layer its look if the user wants it loaded."""
    if context.willLoadLayerOnCompletion(destination):
        _alive.append(_Style())
        context.layerToLoadOnCompletionDetails(destination).setPostProcessor(_alive[-1])
