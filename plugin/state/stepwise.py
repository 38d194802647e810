"""Work that only the main thread can do, a step a turn of the event loop: QGIS answers in between."""

from __future__ import annotations

from typing import Any, Callable, Generator

from qgis.PyQt.QtCore import QObject, QTimer

from ..gis.refused import Refused, tr


class Stepwise(QObject):
    """Runs `steps` to their end, then calls `done(what they return)`, or `failed(sentence)` where one is refused."""

    def __init__(
        self,
        steps: Generator[None, None, Any],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._steps, self._done, self._failed = steps, done, failed
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self._timer.start(0)

    def _step(self) -> None:
        try:
            next(self._steps)
        except StopIteration as end:
            result = end.value
            self._end(lambda: self._done(result))
        except Refused as error:
            sentence = str(error)
            self._end(lambda: self._failed(sentence))
        except RuntimeError:  # what it works on was removed by the person meanwhile
            self._end(lambda: self._failed(tr("Removed while it was added.")))

    def _end(self, tell: Callable[[], None]) -> None:
        self._timer.stop()
        tell()
        self.deleteLater()
