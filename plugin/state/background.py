"""Runs what may take long on a thread of its own and brings the outcome back to the main thread."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any, Callable, List

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal


class _Relay(QObject):
    """Calls functions on the main thread. There is one, and it is never deleted: threads may always reach it."""

    _posted = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._posted.connect(_call, Qt.ConnectionType.QueuedConnection)

    def post(self, function: Callable[[], None]) -> None:
        """Call `function` on the main thread; any thread may ask. Once the program has ended, nobody is there to."""
        with suppress(RuntimeError):
            self._posted.emit(function)


def _call(function: Callable[[], None]) -> None:
    function()


_relays: List[_Relay] = []


class Background(QObject):
    """Calls `function`, then `done(result)` or `failed(exception)` on the main thread, where this object is made.

    The thread is a daemon: leaving QGIS does not wait for it. `parent` keeps the object until the outcome is told;
    where the parent is gone by then, nobody is told. The thread itself touches no Qt object but the relay, and what
    `function` holds is let go on the main thread: both could be deleted there at any moment.
    """

    def __init__(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._done, self._failed = done, failed
        owner: List[Background] = [self]
        self.destroyed.connect(owner.clear)
        if not _relays:
            _relays.append(_Relay())
        work = [function]
        threading.Thread(target=_run, args=(work, owner, _relays[0]), name="toposcope", daemon=True).start()

    def end(self, result: Any, error: Any) -> None:
        """Tell the outcome."""
        self.deleteLater()
        if error is not None:
            self._failed(error)
        else:
            self._done(result)


def _run(work: List[Callable[[], Any]], owner: List[Background], relay: _Relay) -> None:
    outcome: List[Any] = [None, None]
    try:
        outcome[0] = work[0]()
    except Exception as raised:
        outcome[1] = raised

    def tell() -> None:
        work.clear()
        if owner:
            owner[0].end(*outcome)

    relay.post(tell)
