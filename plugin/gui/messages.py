"""The one place that pushes to QGIS's message bar, so that messages do not pile up."""

from __future__ import annotations

from typing import Optional

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QObject

from ..errors import UserError


class MessageBridge(QObject):
    """Shows errors and notices; a newer message replaces the one before it."""

    TITLE = "Toposcope"

    def __init__(self, message_bar: QgsMessageBar, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._bar = message_bar
        self._item: Optional[object] = None
        self._text = ""
        self._is_error = False

    def error(self, error: UserError) -> None:
        """Show what went wrong and what to do."""
        self._push(error.line, Qgis.MessageLevel.Warning, 0)
        self._is_error = True

    def notice(self, text: str) -> None:
        """Show something worth knowing."""
        self._push(text, Qgis.MessageLevel.Info, 8)

    def error_is_over(self) -> None:
        """Take an error away that what followed has made untrue."""
        if self._is_error:
            self.clear()

    def clear(self) -> None:
        """Take our message away."""
        if self._item is not None and self._item in self._bar.items():
            self._bar.popWidget(self._item)
        self._item = None
        self._is_error = False

    def _push(self, text: str, level: Qgis.MessageLevel, seconds: int) -> None:
        if self._item is not None and self._item in self._bar.items() and text == self._text:
            return
        self.clear()
        self._text = text
        item = self._bar.createMessage(self.TITLE, text)
        self._item = self._bar.pushWidget(item, level, seconds)
