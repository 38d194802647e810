"""A model that reads phrases, by name: clicks between a job's tiles may need the memory for other models."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.jobs.live import Live
from backend.models.detector import Detection
from backend.models.loaded import LoadedModels
from backend.models.segmenter import Image, Mask
from backend.models.switches import AUTO, PIXEL, TEXT
from backend.protocol import codes

Floats = NDArray[np.float32]


class LiveGrounder(Live[Any]):
    """A `Grounder` or a `Detector`, looked up at each use and loaded again where it was dropped in between.

    Attributes:
        detects: whether it is a `Detector`.
        switches: whether it has switches of its own for upsampling and removal of bias.
    """

    def __init__(self, loaded: LoadedModels, model_id: str, wanted: str) -> None:
        """Load the model now, so that what is wrong with it is known at once. Raises as `LoadedModels.get`."""
        super().__init__(loaded, model_id, wanted)
        model = super()._model()
        self.detects, self.switches = hasattr(model, "detect"), hasattr(model, "switch")
        self._by_pixel = False
        self._switched: tuple[bool, bool, bool] | None = None

    def use(self, decoder: str, upsample: bool, remove_bias: bool, finest: bool = False) -> None:
        """Answer by `decoder` from now on, with the switches as given where the model has them.

        Raises:
            BadInput: PARAMETER_INVALID for what this model does not have.
        """
        model, title = super()._model(), self._loaded.registry.get(self._model_id).title
        able = getattr(model, "pixel", None) is not None
        sharper = upsample or remove_bias
        if self.detects and sharper:
            detail = f"{title} finds objects and has no features to sharpen; leave upsample and remove_bias off."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        if decoder == PIXEL and not able:
            detail = f"{title} has no pixel decoder here; choose the decoder auto or text."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        if decoder == PIXEL and sharper:
            detail = "The pixel decoder takes no upsample or remove_bias; leave them off, or choose the decoder text."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        if finest and not self.switches:
            raise BadInput(codes.PARAMETER_INVALID, f"{title} works at one resolution only; leave finest off.")
        self._by_pixel = able and not sharper and decoder in (AUTO, PIXEL)
        self._switched = (upsample, remove_bias, finest) if self.switches else None

    @property
    def decoder(self) -> dict[str, str]:
        """Return by what a model that has several answers phrases, for the record."""
        able = getattr(super()._model(), "pixel", None) is not None
        return {"decoder": PIXEL if self._by_pixel else TEXT} if able else {}

    @property
    def stride(self) -> int:
        """Return the pixels a feature covers."""
        return int(getattr(self._model(), "stride", 4))

    @property
    def softmax(self) -> bool:
        """Return whether its logits share one probability among all words."""
        return bool(getattr(self._model(), "softmax", False))

    @property
    def attends(self) -> bool:
        """Return whether relevance comes from its attention."""
        return bool(getattr(self._model(), "attends", False))

    @property
    def lacking(self) -> str:
        """Return what a switch that is on cannot do here; empty when all is there."""
        return str(getattr(self._model(), "lacking", ""))

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return features of every place."""
        found: Floats = self._model().dense(image, valid)
        return found

    def phrases(self, phrases: list[str]) -> Floats:
        """Return what features are compared with."""
        found: Floats = self._model().phrases(phrases)
        return found

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return the logits of phrases."""
        found: Floats = self._model().scores(dense, phrases)
        return found

    def logits(self, image: Image, valid: Mask, phrases: Floats) -> Floats:
        """Return the logits of phrases in a picture, in as little memory as the model can."""
        model = self._model()
        if not hasattr(model, "logits"):
            return self.scores(self.dense(image, valid), phrases)
        found: Floats = model.logits(image, valid, phrases)
        return found

    def relevance(self, image: Image, valid: Mask, phrases: Floats) -> Floats:
        """Return how much each cell has to do with the phrases, for a model that attends."""
        found: Floats = self._model().relevance(image, valid, phrases)
        return found

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the vector of a picture."""
        found: tuple[Floats, Floats] = self._model().embed(image, valid)
        return found

    def detect(self, image: Image, valid: Mask, phrases: list[str]) -> list[Detection]:
        """Return the objects in a picture."""
        found: list[Detection] = self._model().detect(image, valid, phrases)
        return found

    def _model(self) -> Any:
        model = super()._model()
        if self._switched is not None:
            model.switch(*self._switched)
        return model.pixel if self._by_pixel else model
