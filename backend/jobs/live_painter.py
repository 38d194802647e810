"""A generator by name: clicks between a job's windows may need the memory for other models."""

from __future__ import annotations

from backend.device import CUDA
from backend.jobs.live import Live
from backend.models.generator import Floats, Painter


class LivePainter(Live[Painter]):
    """A `Painter` that is looked up at each use, and so loaded again where it was dropped in between."""

    def condition(self, low: Floats) -> tuple[Floats, Floats]:
        """Return pictures enlarged, and encoded."""
        return self._model().condition(low)

    def noise(self, noisy: Floats, shown: Floats, step: int, metres: Floats) -> Floats:
        """Return the noise in pictures."""
        return self._model().noise(noisy, shown, step, metres)

    @property
    def batches(self) -> bool:
        """Return whether several windows at a time are worth it."""
        return self.device.kind == CUDA
