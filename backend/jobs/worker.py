"""A thread that owns one resource: interactive calls first, then jobs in order, then work ahead of need.

The device has one worker, so models see one thread. A running job calls `give_way` between its pieces (through its
`Step`), which runs the interactive calls that wait; clicks stay live while a job runs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from backend.jobs.calls import Call, CallQueue

CALL_LIMIT = 32


class Worker:
    """Runs calls, jobs and prefetches on its own thread, one at a time."""

    def __init__(self, name: str, call_limit: int = CALL_LIMIT) -> None:
        self._changed = threading.Condition()
        self._calls = CallQueue(call_limit)
        self._jobs: deque[Callable[[], None]] = deque()
        self._prefetch: Call | None = None
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; it lives as long as the process."""
        self._thread.start()

    def call(self, call: Call, always: bool = False) -> Future[Any]:
        """Queue an interactive call and return its future; see `CallQueue.add` for what may happen to it."""
        with self._changed:
            self._drop_prefetch()
            self._calls.add(call, always)
            self._changed.notify()
        return call.future

    def add_job(self, run: Callable[[], None]) -> None:
        """Queue a job. `run` must not raise: it reports its own failure."""
        with self._changed:
            self._drop_prefetch()
            self._jobs.append(run)
            self._changed.notify()

    def prefetch(self, call: Call) -> None:
        """Run `call` once nothing else waits; dropped as soon as anything newer arrives."""
        with self._changed:
            self._drop_prefetch()
            self._prefetch = call
            self._changed.notify()

    def is_stale(self, call: Call) -> bool:
        """Return whether a newer call of its session has come in; asked by a call that runs for long."""
        with self._changed:
            return self._calls.is_stale(call)

    def forget(self, session: str) -> None:
        """Drop the waiting calls of a closed session."""
        with self._changed:
            self._calls.forget(session)

    def give_way(self) -> None:
        """Run the interactive calls that wait now, on this worker's thread, from inside a job.

        Calls that arrive meanwhile wait for the next piece, so that the job moves on under a moving pointer.
        """
        with self._changed:
            waiting = len(self._calls)
        for _ in range(waiting):
            with self._changed:
                call = self._calls.pop()
            if call is not None:
                call.execute()

    def _loop(self) -> None:
        while True:
            self._next()()

    def _next(self) -> Callable[[], None]:
        with self._changed:
            while True:
                call = self._calls.pop()
                if call is not None:
                    return call.execute
                if self._jobs:
                    return self._jobs.popleft()
                if self._prefetch is not None:
                    call, self._prefetch = self._prefetch, None
                    return call.execute
                self._changed.wait()

    def _drop_prefetch(self) -> None:
        if self._prefetch is not None:
            self._prefetch.supersede()
            self._prefetch = None
