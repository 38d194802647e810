"""Styles an output layer when Processing adds it to the project, on the main thread."""

from __future__ import annotations

from typing import Callable, List

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingLayerPostProcessorInterface

_alive: List[_Style] = []
"""Processing keeps no reference to a post-processor; each leaves this list when it has run."""


class _Style(QgsProcessingLayerPostProcessorInterface):
    def __init__(self, apply: Callable[[QgsMapLayer], None]) -> None:
        super().__init__()
        self._apply = apply

    def postProcessLayer(
        self, layer: QgsMapLayer, _context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> None:
        self._apply(layer)
        _alive.remove(self)


def style_on_arrival(context: QgsProcessingContext, destination: str, apply: Callable[[QgsMapLayer], None]) -> None:
    """Give the layer its look if the user wants it loaded."""
    if context.willLoadLayerOnCompletion(destination):
        _alive.append(_Style(apply))
        context.layerToLoadOnCompletionDetails(destination).setPostProcessor(_alive[-1])
