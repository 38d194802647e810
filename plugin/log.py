"""The plugin's log: `logging.getLogger("toposcope")`, shown in QGIS's log panel, the last lines kept for reports."""

from __future__ import annotations

import logging
from collections import deque
from typing import Callable, Deque, List

NAME = "toposcope"
KEPT = 200


class RecentLines(logging.Handler):
    """Keeps the newest lines."""

    def __init__(self, kept: int = KEPT) -> None:
        super().__init__()
        self._lines: Deque[str] = deque(maxlen=kept)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self._lines.append(f"{record.levelname.lower()}: {record.getMessage()}")

    def lines(self) -> List[str]:
        """Return what is kept, oldest first."""
        return list(self._lines)


class Forward(logging.Handler):
    """Hands each line to `show(text, level)`."""

    def __init__(self, show: Callable[[str, int], None]) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record."""
        self._show(record.getMessage(), record.levelno)


def attach(handler: logging.Handler) -> Callable[[], None]:
    """Add a handler to the plugin's log and return the function that takes it away again."""
    logger = logging.getLogger(NAME)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return lambda: logger.removeHandler(handler)


def qgis_handler() -> logging.Handler:
    """Return a handler that writes to QGIS's log panel; `QgsMessageLog` may be called from any thread."""
    from qgis.core import Qgis, QgsMessageLog

    def show(text: str, level: int) -> None:
        warning = level >= logging.WARNING
        shown = Qgis.MessageLevel.Warning if warning else Qgis.MessageLevel.Info
        QgsMessageLog.logMessage(text, "Toposcope", shown, notifyUser=False)

    return Forward(show)
