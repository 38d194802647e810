"""How fast this machine paints: a guess until a run has told it, then remembered by model and device."""

from __future__ import annotations

import time

from ...backend.protocol.jobs import JobState
from ..settings import GENERATE_RATE, Settings
from ..state.backend import Backend
from .asked import Asked

FRESH = 5
"""Percent; a job that begins beyond goes on from an earlier one, and tells nothing of how long the whole takes."""
TELLING_CALLS = 30
"""Calls of the network from which on a run says how fast it is."""


class Pace:
    """Follows one job at a time."""

    def __init__(self, settings: Settings, backend: Backend) -> None:
        self._settings, self._backend = settings, backend
        self._began = 0.0

    def rate(self, model: str) -> float:
        """Return the seconds that a window takes for a step, 0 where no run has told it."""
        return float(self._settings.get(GENERATE_RATE).get(self._place(model), 0.0))

    def begin(self) -> None:
        """Forget the job before."""
        self._began = 0.0

    def follow(self, state: JobState) -> None:
        """Note when a job begins to work."""
        if state.started and not self._began:
            self._began = time.monotonic() if state.progress < FRESH else -1.0

    def learn(self, asked: Asked) -> None:
        """Remember what the job, which is over, has told."""
        if self._began > 0 and asked.calls >= TELLING_CALLS:
            rate = (time.monotonic() - self._began) / asked.calls
            known = self._settings.get(GENERATE_RATE)
            self._settings.set(GENERATE_RATE, {**known, self._place(asked.task.request.model): rate})

    def _place(self, model: str) -> str:
        device = self._backend.catalog.device
        return f"{model} on {device.name if device else ''}"
