"""The event log: numbered, bounded, replayed from any number on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from backend.protocol.jobs import Event, JobState

KEPT = 1000


class EventLog:
    """Events as they happened. When full, it forgets states a job has left before it forgets any job's last."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._last: dict[str, int] = {}
        self._seq = 0
        self._listeners: set[Callable[[], None]] = set()

    def publish(self, job: JobState | None = None, notice: str = "") -> Event:
        """Append an event of a job, or a notice, and wake the listeners. Any thread may call."""
        with self._lock:
            self._seq += 1
            event = Event(seq=self._seq, kind="notice" if job is None else "job", job=job, notice=notice)
            self._events.append(event)
            if job is not None:
                self._last[job.id] = event.seq
            if len(self._events) > self._kept:
                self._forget_one()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()
        return event

    def since(self, seq: int) -> tuple[Event, ...]:
        """Return the kept events after `seq`; all of them when `seq` comes from another run of the backend."""
        with self._lock:
            start = seq if seq <= self._seq else 0
            return tuple(event for event in self._events if event.seq > start)

    def latest(self) -> tuple[Event, ...]:
        """Return the last event of each job: what a client that starts afresh needs."""
        with self._lock:
            return tuple(event for event in self._events if event.job and self._last[event.job.id] == event.seq)

    @property
    def listeners(self) -> int:
        """Return how many listen."""
        return len(self._listeners)

    @property
    def seq(self) -> int:
        """Return the number of the newest event."""
        return self._seq

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` (quick, from any thread) after each event; return the function that ends that."""
        with self._lock:
            self._listeners.add(listener)

        def stop() -> None:
            with self._lock:
                self._listeners.discard(listener)

        return stop

    def _forget_one(self) -> None:
        left = (i for i, event in enumerate(self._events) if event.job and self._last[event.job.id] != event.seq)
        event = self._events.pop(next(left, 0))
        if event.job and self._last[event.job.id] == event.seq:
            del self._last[event.job.id]
