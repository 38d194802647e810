"""Interactive calls that wait for the device: clicks before hovers, and of one session only the newest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from backend.errors import Superseded, Unavailable
from backend.protocol import codes


@dataclass(eq=False)
class Call:
    """One piece of work for the device thread.

    Attributes:
        session: calls of one session replace each other; empty for calls that never do (opening, closing).
        sequence: grows with each request of the session.
        hover: a preview; waits behind clicks and is dropped first.
    """

    run: Callable[[], Any]
    session: str = ""
    sequence: int = 0
    hover: bool = False
    future: Future[Any] = field(default_factory=Future)

    def execute(self) -> None:
        """Run on the calling thread and settle the future; a call whose caller left is skipped."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.run())
        except BaseException as error:
            self.future.set_exception(error)

    def supersede(self) -> None:
        """Answer that a newer request took this one's place."""
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(Superseded())


class CallQueue:
    """Waiting calls. Not locked: its owner holds a lock around every method."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: deque[Call] = deque()
        self._newest: dict[tuple[str, bool], int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, call: Call, always: bool = False) -> None:
        """Take `call` in, or answer it at once where a newer one of its session is known.

        Raises:
            Unavailable: QUEUE_FULL when the limit is reached and no hover can make room; never where `always`.
        """
        if call.session:
            if self.is_stale(call):
                call.supersede()
                return
            self._drop(lambda old: old.session == call.session and (old.hover or not call.hover))
            self._newest[call.session, call.hover] = call.sequence
        if len(self._waiting) >= self._limit and not always:
            self._make_room()
        self._waiting.append(call)

    def pop(self) -> Call | None:
        """Return the next call: the oldest click, else the oldest hover, else None."""
        if not self._waiting:
            return None
        call = next((waiting for waiting in self._waiting if not waiting.hover), self._waiting[0])
        self._waiting.remove(call)
        return call

    def forget(self, session: str) -> None:
        """Drop what a closed session still has waiting."""
        self._drop(lambda old: old.session == session)
        self._newest.pop((session, False), None)
        self._newest.pop((session, True), None)

    def is_stale(self, call: Call) -> bool:
        """Return whether a click, or for a hover anything, of a higher sequence came before `call`."""
        known = [self._newest.get((call.session, False), -1)]
        if call.hover:
            known.append(self._newest.get((call.session, True), -1))
        return call.sequence < max(known)

    def _drop(self, unwanted: Callable[[Call], bool]) -> None:
        dropped = [call for call in self._waiting if unwanted(call)]
        self._waiting = deque(call for call in self._waiting if not unwanted(call))
        for call in dropped:
            call.supersede()

    def _make_room(self) -> None:
        oldest_hover = next((call for call in self._waiting if call.hover), None)
        if oldest_hover is None:
            sentence = "The backend is busy with earlier requests; wait for them to finish and try again."
            raise Unavailable(codes.QUEUE_FULL, sentence, status=429)
        self._waiting.remove(oldest_hover)
        oldest_hover.supersede()
