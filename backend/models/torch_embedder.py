"""What the embedders written in PyTorch share: pictures to normalised tensors, tokens to unit vectors, memory.

Pictures are cut into patches of a model's own size, edges repeated to fill the last ones. What is no data counts as
the mean colour. `embed` sees the whole picture as one square, resized without regard to its sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from backend.device import ComputeDevice
from backend.memory import threads

from .embedder import Floats, Picture
from .fallback import Fallback
from .segmenter import Mask
from .spec import ModelSpec
from .torch_runtime import cast_parameters

T = TypeVar("T")


class Tokens(Protocol):
    """A network, an `nn.Module` for inference.

    Attributes:
        patch: side of a patch in pixels.
        width, dense_width: numbers in a vector of a picture, and of a patch.
    """

    patch: int
    width: int
    dense_width: int

    def pooled(self, pixels: Tensor) -> Tensor:
        """Return (n, width) of normalised pixels (n, bands, side, side)."""

    def patches(self, pixels: Tensor) -> Tensor:
        """Return (n, dense_width, h / patch, w / patch) of normalised pixels (n, bands, h, w)."""


@dataclass(frozen=True)
class Form:
    """How pictures go into a network.

    Attributes:
        side: of the square that `embed` sees.
        mean, std: of each band, in its own numbers (0 to 255 for pictures as people see them).
        bands: as an `Embedder`'s.
        smooth: how pictures are resized, `bilinear` or `bicubic`; both widened when shrinking.
    """

    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    bands: tuple[str, ...] = ()
    smooth: str = "bicubic"

    @classmethod
    def of(cls, spec: ModelSpec, side: int, smooth: str) -> Form:
        """Return the form of a model that takes pictures as people see them."""
        mean, std = (tuple(255 * value for value in v) for v in (spec.normalisation.mean, spec.normalisation.std))
        return cls(side, mean, std, (), smooth)


class TorchEmbedder:
    """A `BatchEmbedder` of a network on exactly one device."""

    def __init__(self, network: Tokens, form: Form, spec: ModelSpec, device: ComputeDevice) -> None:
        torch.set_num_threads(threads())
        self.bands, self.input_size = form.bands, spec.input_size
        self.width, self.dense_width, self.stride = network.width, network.dense_width, network.patch
        self._device, self._dtype = torch.device(device.kind), getattr(torch, device.dtype)
        module: Any = network
        cast_parameters(module.to(self._device), self._dtype)
        self._network: Any = network
        self._form = form
        self._mean, self._std = (torch.tensor(v, device=self._device).view(-1, 1, 1) for v in (form.mean, form.std))

    @torch.inference_mode()
    def embed(self, image: Picture, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector (width,) of a picture; it has no weights of scales."""
        pixels = self._pixels(image[None], None if valid is None else valid[None])
        size = self._form.side, self._form.side
        if pixels.shape[2:] != size:
            pixels = nn.functional.interpolate(
                pixels, size, mode=self._form.smooth, align_corners=False, antialias=True
            )
        vector = nn.functional.normalize(self._network.pooled(pixels.to(self._dtype)).float(), dim=1)
        return vector[0].cpu().numpy(), np.empty(0, np.float32)

    def dense(self, image: Picture, valid: Mask) -> Floats:
        """Return unit vectors (dense_width, ceil(h / stride), ceil(w / stride)) of patches."""
        found: Floats = self.dense_batch(image[None], valid[None])[0]
        return found

    @torch.inference_mode()
    def dense_batch(self, images: Picture, valid: Mask) -> Floats:
        """Return unit vectors (n, dense_width, rows, columns) of pictures of one size."""
        pixels = self._pixels(images, valid)
        height, width = pixels.shape[2:]
        edges = (0, -width % self.stride, 0, -height % self.stride)
        pixels = nn.functional.pad(pixels, edges, "replicate").to(self._dtype)
        vectors = nn.functional.normalize(self._network.patches(pixels).float(), dim=1)
        found: Floats = vectors.cpu().numpy()
        return found

    def close(self) -> None:
        """Free the weights."""
        self._network = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _pixels(self, images: Picture, valid: Mask | None) -> Tensor:
        """Return (n, bands, h, w) normalised; a band that is missing (NaN) and what is not valid are 0, the mean."""
        values = torch.from_numpy(np.ascontiguousarray(images)).to(self._device)
        if not self.bands:
            values = values.permute(0, 3, 1, 2)
        values = torch.nan_to_num((values.float() - self._mean) / self._std)
        return values if valid is None else values * torch.from_numpy(valid).to(self._device)[:, None]


def as_map(tokens: Tensor, rows: int) -> Tensor:
    """Return the tokens (n, patches, width) of patches as (n, width, rows, columns)."""
    return tokens.transpose(1, 2).reshape(len(tokens), tokens.shape[2], rows, -1)


class FallbackEmbedder(Fallback[TorchEmbedder]):
    """A `BatchEmbedder` that goes on without a GPU when that GPU's memory runs out."""

    @property
    def bands(self) -> tuple[str, ...]:
        """Return the bands it takes."""
        return self._model.bands

    @property
    def width(self) -> int:
        """Return the numbers in a vector of a picture."""
        return self._model.width

    @property
    def dense_width(self) -> int:
        """Return the numbers in a vector of a patch."""
        return self._model.dense_width

    @property
    def stride(self) -> int:
        """Return the side of a patch in pixels."""
        return self._model.stride

    def embed(self, image: Picture, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector of a picture."""
        found: tuple[Floats, Floats] = self._tried(lambda model: model.embed(image, valid))
        return found

    def dense(self, image: Picture, valid: Mask) -> Floats:
        """Return the unit vectors of a picture's patches."""
        return self._tried(lambda model: model.dense(image, valid))

    def dense_batch(self, images: Picture, valid: Mask) -> Floats:
        """Return the unit vectors of several pictures' patches; OutOfMemoryError where one alone may still fit."""
        if len(images) > 1:
            return self._model.dense_batch(images, valid)
        return self._tried(lambda model: model.dense_batch(images, valid))

    def _tried(self, work: Callable[[Any], T]) -> T:
        try:
            return work(self._model)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return work(self._model)


class FallbackTextEmbedder(FallbackEmbedder):
    """The same for a `TextAligned` one."""

    def phrases(self, phrases: list[str]) -> NDArray[np.float32]:
        """Return what dense features are compared with."""
        return self._tried(lambda model: model.phrases(phrases))

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return the logits of phrases."""
        return self._tried(lambda model: model.scores(dense, phrases))
