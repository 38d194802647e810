"""The interfaces of everything that turns a picture into vectors.

A picture is uint8 (rows, columns, 3), as a person sees it, where an embedder's `bands` are empty; else float32
(bands, rows, columns) of those bands as `geo.bands.BandReader` gives them: NaN in a band that the source lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .segmenter import Image, Mask

Floats = NDArray[np.float32]
Picture = NDArray[Any]


class Embedder(Protocol):
    """A loaded embedder. Calls come from one thread only.

    Attributes:
        bands: names of the bands it takes, in order (`geo.band_names`); `("*",)` takes all that a source has, empty
            stands for red, green and blue as they are shown.
        width: numbers in a vector of `embed`.
    """

    bands: tuple[str, ...]
    width: int

    def embed(self, image: Picture, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector (width,) of a picture, and the weight of each scale in it (may be empty)."""

    def close(self) -> None:
        """Free memory."""


@runtime_checkable
class DenseEmbedder(Embedder, Protocol):
    """An embedder that also has a vector for every block of pixels.

    Attributes:
        input_size: longest side of a picture for `dense`, in pixels; a multiple of `stride`.
        stride: side of a block in pixels.
        dense_width: numbers in a vector of `dense`; they compare with those of `embed` only where documented.
        alone: where there is such an attribute and it is true, what lies around a block tells nothing of it.
    """

    input_size: int
    stride: int
    dense_width: int

    def dense(self, image: Picture, valid: Mask) -> Floats:
        """Return (dense_width, ceil(rows / stride), ceil(columns / stride)), every vector of unit length."""


@runtime_checkable
class BatchEmbedder(DenseEmbedder, Protocol):
    """A dense embedder that is faster with several pictures at a time."""

    def dense_batch(self, images: Picture, valid: Mask) -> Floats:
        """Return (n, dense_width, ...) of pictures of one size stacked as (n, ...), as `dense` gives each."""


class Grounder(Protocol):
    """What answers phrases with features of pictures as a person sees them, upsampled or not."""

    input_size: int

    def embed(self, image: Image, valid: Mask | None = None) -> tuple[Floats, Floats]:
        """Return the unit vector of a picture, as an `Embedder`."""

    def dense(self, image: Image, valid: Mask) -> Floats:
        """Return (channels, rows, columns) of a picture of at most `input_size` a side."""

    def phrases(self, phrases: list[str]) -> Floats:
        """Return (n, channels): what dense features are compared with."""

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, rows, columns); above 0 means that the phrase names the place."""

    def close(self) -> None:
        """Free memory."""


@runtime_checkable
class TextAligned(DenseEmbedder, Protocol):
    """A dense embedder that can tell which phrase names a place, from its vectors alone, kept ones too."""

    def phrases(self, phrases: list[str]) -> Floats:
        """Return (n, dense_width): what dense features are compared with."""

    def scores(self, dense: Floats, phrases: Floats) -> Floats:
        """Return logits (n, height, width); above 0 means that the phrase names the place."""


@runtime_checkable
class Unfitted(Protocol):
    """An embedder whose last step is learnt from the source: what is loaded only makes the fitted one.

    Attributes:
        bands: as those of an `Embedder`.
        input_size: side of the windows of a sample, in pixels; of larger pictures the middle is taken.
        sampled: how many there are at most, spread evenly over the source, the same on every run.
    """

    bands: tuple[str, ...]
    input_size: int
    sampled: int

    def fit(self, windows: Iterable[tuple[Picture, Mask]], parameters: Mapping[str, Any]) -> bytes:
        """Return what is learnt from a sample of windows, a pure function of them and `parameters`.

        `parameters` are the request's for this model (`ModelSpec.parameters`) and `block`, the side of a block in
        pixels or 0. The state belongs into the run's folder; its sha256 is the identity of the vectors' weights.

        Raises:
            BadInput: NO_VALID_PIXELS, PARAMETER_INVALID.
        """

    def fitted(self, state: bytes) -> DenseEmbedder:
        """Return the embedder of a state. Raises BadInput, PARAMETER_INVALID, for bytes that are none."""

    def close(self) -> None:
        """Free memory."""
