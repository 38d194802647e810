"""Runs what may take long on a thread of its own and brings the outcome back to the main thread."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any, Callable

from qgis.PyQt.QtCore import QObject, pyqtSignal


class Background(QObject):
    """Calls `function`, then `done(result)` or `failed(exception)` on the thread that made this object.

    The thread is a daemon: leaving QGIS does not wait for it. `parent` keeps the object until the outcome is told;
    where the parent is gone by then, nobody is told.
    """

    _ended = pyqtSignal(object, object)

    def __init__(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._function, self._done, self._failed = function, done, failed
        self._ended.connect(self._on_ended)
        threading.Thread(target=self._run, name="toposcope", daemon=True).start()

    def _run(self) -> None:
        result, error = None, None
        try:
            result = self._function()
        except Exception as raised:
            error = raised
        with suppress(RuntimeError):  # the C++ object is gone
            self._ended.emit(result, error)

    def _on_ended(self, result: Any, error: Any) -> None:
        self.deleteLater()
        if error is not None:
            self._failed(error)
        else:
            self._done(result)
