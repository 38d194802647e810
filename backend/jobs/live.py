"""A model by name: what holds it, looks it up at each use, so that it may be dropped to make room for another."""

from __future__ import annotations

from typing import Generic, TypeVar, cast

from backend.device import ComputeDevice
from backend.models.loaded import LoadedModels

Model = TypeVar("Model")


class Live(Generic[Model]):
    """What all stand-ins for a loaded model share."""

    input_size: int

    def __init__(self, loaded: LoadedModels, model_id: str, wanted: str) -> None:
        """Load the model now, so that what is wrong with it is known at once. Raises as `LoadedModels.get`."""
        self._loaded = loaded
        self._model_id = model_id
        self._wanted = wanted
        self.input_size = loaded.get(model_id, wanted).input_size

    def close(self) -> None:
        """Do nothing: the loaded model belongs to `LoadedModels`."""

    @property
    def device(self) -> ComputeDevice:
        """Return where the model runs now, which is the CPU once the GPU's memory ran out."""
        moved: ComputeDevice = getattr(self._model(), "device", self._loaded.device_for(self._model_id, self._wanted))
        return moved

    @property
    def notice(self) -> str:
        """Return what was asked for and could not be had; empty when all is as asked."""
        return self._loaded.notice(self._model_id, self._wanted)

    def _model(self) -> Model:
        return cast(Model, self._loaded.get(self._model_id, self._wanted))
