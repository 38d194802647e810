"""The compare slider between what was generated last and what lies under it."""

from __future__ import annotations

from typing import Sequence, Tuple

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from ..gui.generate_page import GeneratePage
from ..map_tools.swipe import Side, Swipe


class Comparing(QObject):
    """Offers to compare while what was generated is in the project."""

    def __init__(self, canvas: QgsMapCanvas, page: GeneratePage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._ids: Tuple[str, ...] = ()
        self.swipe = Swipe(canvas, self)
        self.swipe.ended.connect(self._on_ended)
        page.compare_toggled.connect(self._on_toggled)
        QgsProject.instance().layersRemoved.connect(self._on_removed)

    def set_layers(self, ids: Sequence[str]) -> None:
        """Compare these from now on."""
        self.end()
        self._ids = tuple(ids)
        self._page.set_comparable(bool(ids))

    def end(self) -> None:
        """Take the line off the map."""
        self.swipe.end()

    def close(self) -> None:
        """Take the line off the map without a word."""
        QgsProject.instance().layersRemoved.disconnect(self._on_removed)
        self.swipe.close()

    def _on_toggled(self, on: bool) -> None:
        if on:
            self.swipe.begin(Side(self.tr("Source"), without=self._ids), Side(self.tr("Generated (synthetic)")))
        else:
            self.end()

    def _on_ended(self) -> None:
        self._page.set_comparing(False)

    def _on_removed(self, ids: Sequence[str]) -> None:
        left = tuple(layer_id for layer_id in self._ids if layer_id not in ids)
        if left != self._ids:
            self._ids = left
            self._page.set_comparable(bool(left))
