"""When a GPU's memory runs out: the model moves to the CPU, goes on, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from backend.device import ComputeDevice, cpu

from .segmenter import CropPrompts, Decoded, Image, Mask
from .spec import ModelSpec
from .torch_runtime import TorchEmbedding, TorchSegmenter


class Loaded(Protocol):
    """What is known of any loaded model here."""

    input_size: int

    def close(self) -> None:
        """Free device memory."""


Model = TypeVar("Model", bound=Loaded)
Build = Callable[[ModelSpec, Path, ComputeDevice], Model]


class Fallback(Generic[Model]):
    """A model on the wanted device until that device's memory runs out, from then on the CPU.

    What failed is tried again outside the exception's handler: its traceback keeps the allocated tensors alive.

    Attributes:
        device: where the model is now.
    """

    def __init__(self, build: Build[Model], spec: ModelSpec, folder: Path, device: ComputeDevice) -> None:
        self.device = device
        self._build_on: Callable[[ComputeDevice], Model] = partial(build, spec, folder)
        self._title = spec.title
        try:
            self._model = self._build_on(device)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        if self.device is not device:
            self._model = self._build_on(self.device)
        self.input_size = self._model.input_size

    @property
    def notice(self) -> str:
        """Return what a person should know about where this model runs; empty when all is as asked."""
        return self.device.notice

    def close(self) -> None:
        """Free the model's memory."""
        self._model.close()

    def _instead(self) -> ComputeDevice:
        name = self.device.name
        return cpu(
            f"The memory of {name} ran out; {self._title} now runs on the CPU, which is slower. Close other "
            f"programs that use the GPU, or choose a smaller model."
        )

    def _rebuild(self) -> None:
        self._model.close()
        self._model = self._build_on(self.device)


class FallbackSegmenter(Fallback[TorchSegmenter]):
    """A `Segmenter` that goes on without a GPU. `form` is the square it sees."""

    def __init__(self, build: Build[TorchSegmenter], spec: ModelSpec, folder: Path, device: ComputeDevice) -> None:
        super().__init__(build, spec, folder, device)
        self.form = self._model.form

    def encode(self, image: Image, valid: Mask) -> TorchEmbedding:
        """Encode a crop."""
        try:
            return self._model.encode(image, valid)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return self._model.encode(image, valid)

    def decode(self, embedding: TorchEmbedding, prompts: CropPrompts) -> Decoded:
        """Decode; an embedding made on the GPU before a move is brought along."""
        try:
            return self._model.decode(embedding, prompts)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return self._model.decode(embedding, prompts)

    def decode_points(self, embedding: TorchEmbedding, points: NDArray[np.float32]) -> Iterator[Decoded]:
        """Yield the answers to single clicks; those that a move left open come from the CPU."""
        done = 0
        try:
            for decoded in self._model.decode_points(embedding, points):
                yield decoded
                done += 1
        except torch.OutOfMemoryError:
            self.device = self._instead()
        if done < len(points):
            self._rebuild()
            yield from self._model.decode_points(embedding, points[done:])
