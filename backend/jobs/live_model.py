"""A model by name. Sessions and jobs hold this, not the loaded model, which may be dropped to make room for another."""

from __future__ import annotations

from backend.device import ComputeDevice
from backend.models.loaded import LoadedModels
from backend.models.segmenter import CropPrompts, Decoded, Embedding, Image, Mask, Segmenter


class LiveModel:
    """A `Segmenter` that is looked up at each use, and so loaded again where it was dropped in between."""

    def __init__(self, loaded: LoadedModels, model_id: str, wanted: str) -> None:
        """Load the model now, so that what is wrong with it is known on opening. Raises as `LoadedModels.get`."""
        self._loaded = loaded
        self._model_id = model_id
        self._wanted = wanted
        self.input_size = self._model().input_size

    def encode(self, image: Image, valid: Mask) -> Embedding:
        """Encode a crop."""
        return self._model().encode(image, valid)

    def decode(self, embedding: Embedding, prompts: CropPrompts) -> Decoded:
        """Decode prompts."""
        return self._model().decode(embedding, prompts)

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

    def _model(self) -> Segmenter:
        return self._loaded.get(self._model_id, self._wanted)
