"""The compare slider between what was generated last and what lies under it."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsLayerTreeGroup
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from ..gui.generate_page import GeneratePage
from ..map_tools.swipe import Side, Swipe


class Comparing(QObject):
    """Offers to compare while the group is in the project."""

    def __init__(self, canvas: QgsMapCanvas, page: GeneratePage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._group: Optional[QgsLayerTreeGroup] = None
        self.swipe = Swipe(canvas, self)
        self.swipe.ended.connect(lambda: page.set_comparing(False))
        page.compare_toggled.connect(self._on_toggled)

    def set_group(self, group: QgsLayerTreeGroup) -> None:
        """Compare this one from now on."""
        self.end()
        self._group = group
        group.destroyed.connect(self._on_gone)
        self._page.set_comparable(True)

    def end(self) -> None:
        """Take the line off the map."""
        self.swipe.end()

    def close(self) -> None:
        """Take the line off the map without a word."""
        self.swipe.close()

    def _on_toggled(self, on: bool) -> None:
        if not on:
            self.end()
        elif self._group is not None:
            near = Side(self.tr("Source"), without=tuple(self._group.findLayerIds()))
            self.swipe.begin(near, Side(self.tr("Generated (synthetic)")))

    def _on_gone(self) -> None:
        self._group = None
        self._page.set_comparable(False)
