"""A change detector by name: clicks between a job's tiles may need the memory for other models."""

from __future__ import annotations

from backend.jobs.live import Live
from backend.models.change_detector import ChangeDetector, ChangeMaps
from backend.models.loaded import LoadedModels
from backend.models.segmenter import Image, Mask


class LiveDetector(Live[ChangeDetector]):
    """A `ChangeDetector`, looked up at each use and loaded again where it was dropped in between.

    Attributes:
        kinds, classes: names of what it tells of change, and of before and after.
    """

    def __init__(self, loaded: LoadedModels, model_id: str, wanted: str) -> None:
        """Load the model now, so that what is wrong with it is known at once. Raises as `LoadedModels.get`."""
        super().__init__(loaded, model_id, wanted)
        self.kinds, self.classes = self._model().kinds, self._model().classes

    def detect(self, before: Image, after: Image, valid: Mask) -> ChangeMaps:
        """Return what changed between two pictures."""
        return self._model().detect(before, after, valid)
