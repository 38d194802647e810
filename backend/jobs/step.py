"""What a running job calls between its pieces."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from backend.errors import Cancelled
from backend.protocol.jobs import Partial

Report = Callable[[float, str, float | None], None]
"""Takes percent, message and the remaining seconds (None while unknown)."""

REPORT_EVERY_S = 0.1
ESTIMATE_AFTER_S = 1.0


class Step:
    """Called as `step(percent, message)`: reports progress, lets interactive calls in, notices a cancel."""

    def __init__(
        self,
        report: Report,
        cancelled: threading.Event,
        give_way: Callable[[], None],
        notify: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        show: Callable[[Partial], None] = lambda _: None,
    ) -> None:
        self._report = report
        self._cancelled = cancelled
        self._give_way = give_way
        self._notify = notify
        self._show = show
        self._clock = clock
        self._started = clock()
        self._reported = float("-inf")

    def __call__(self, percent: float, message: str = "") -> None:
        """Report `percent` (0 to 100) and give way.

        Raises:
            Cancelled: the job was dismissed; let it through after removing what is half written.
        """
        self._raise_if_cancelled()
        now = self._clock()
        if now - self._reported >= REPORT_EVERY_S:
            self._reported = now
            self._report(percent, message, self._remaining(percent, now))
        self._give_way()
        self._raise_if_cancelled()

    def partial(self, partial: Partial) -> None:
        """Tell what there is to be looked at already."""
        self._show(partial)

    def notice(self, text: str) -> None:
        """Tell the user something that is not an error, such as the CPU standing in for the GPU."""
        self._notify(text)

    def _remaining(self, percent: float, now: float) -> float | None:
        elapsed = now - self._started
        if percent < 1 or elapsed < ESTIMATE_AFTER_S:
            return None
        return round(elapsed * (100 - percent) / percent, 1)

    def _raise_if_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled
