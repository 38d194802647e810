"""How wide the panel is: as it was left, at first wide enough for its pages."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QMainWindow

from ..settings import PANEL_WIDTH, Settings
from .dock import ToposcopeDock


class PanelWidth:
    """A panel that floats, or stands in no area of the window, has a width of its own."""

    def __init__(self, dock: ToposcopeDock, window: QMainWindow, settings: Settings) -> None:
        self._dock, self._window, self._settings = dock, window, settings

    def keep(self) -> None:
        """Remember the width."""
        if self._dock.isVisible() and not self._dock.isFloating():
            self._settings.set(PANEL_WIDTH, self._dock.width())

    def restore(self) -> None:
        """Give the panel its width back."""
        nowhere = self._window.dockWidgetArea(self._dock) == Qt.DockWidgetArea.NoDockWidgetArea
        if not nowhere and not self._dock.isFloating():
            width = self._settings.get(PANEL_WIDTH) or self._dock.usual_width()
            self._window.resizeDocks([self._dock], [width], Qt.Orientation.Horizontal)
