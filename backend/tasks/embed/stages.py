"""How long each stage of a run was busy: stages overlap, so that together they may exceed the run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class Stages:
    """Seconds by stage; any thread may add."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def busy(self, stage: str) -> Iterator[None]:
        """Count the block."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            with self._lock:
                self._seconds[stage] = self._seconds.get(stage, 0.0) + spent

    def timed(self, stage: str, work: Callable[[Given], Made]) -> Callable[[Given], Made]:
        """Return `work`, counted."""

        def counted(given: Given) -> Made:
            with self.busy(stage):
                return work(given)

        return counted

    @property
    def seconds(self) -> dict[str, float]:
        """Return what was counted so far."""
        with self._lock:
            return dict(self._seconds)
