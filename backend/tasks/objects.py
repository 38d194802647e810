"""One object from prompts: pick the crop, decode, follow the mask over the crop's borders, join.

What comes out depends on the source and the prompts alone: crops lie on the source's lattice and are visited in a
fixed order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backend.geo.lattice import Lattice, contains
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.models.segmenter import Mask, Segmenter
from backend.protocol.prompts import Prompts
from backend.tasks.crops import CropModel, Timings, in_crop
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.growth import Growth, in_pixels

MAX_CROPS = 25


@dataclass(frozen=True)
class Memory:
    """An answer as a refining call takes it: the crop it was given on and the model's own low-resolution logits."""

    window: Window
    step: int
    logits: NDArray[np.float32]


@dataclass(frozen=True)
class ObjectResult:
    """One object.

    Attributes:
        mask: cells of `step` source pixels over `window`.
        window: in source pixels.
        score: the model's estimate for the crop of the prompts.
        crops: how many crops the mask was joined from.
        truncated: it goes on, but the most crops allowed were used.
    """

    mask: Mask
    window: Window
    step: int
    score: float
    crops: int = 1
    truncated: bool = False
    memory: Memory | None = None
    timings: Timings = field(default_factory=Timings)


class ObjectSegmenter:
    """Segments objects of one source with one model. Calls come from the device's thread."""

    def __init__(
        self,
        reader: SourceReader,
        segmenter: Segmenter,
        cache: EmbeddingCache,
        max_crops: int = MAX_CROPS,
        model_id: str = "",
    ) -> None:
        self._reader = reader
        self._crops = CropModel(reader, segmenter, cache, model_id)
        self._max_crops = max_crops
        self.lattice = Lattice(reader.grid.width, reader.grid.height, segmenter.input_size, reader.origin)

    def predict(
        self,
        prompts: Prompts,
        memory: Memory | None = None,
        on_step: Callable[[], None] = lambda: None,
        connected_only: bool = True,
        max_crops: int = 0,
    ) -> ObjectResult:
        """Return the object that `prompts` point at.

        Args:
            prompts: points and a box, in the source's CRS or its pixels.
            memory: the answer to refine.
            on_step: called before each crop; may raise to stop.
            connected_only: leave out parts of the mask that no prompt touches.
            max_crops: the most crops this object may take; 0 for the segmenter's own limit.

        Raises:
            BadInput: PROMPT_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS, SOURCE_CHANGED, SOURCE_UNREADABLE.
        """
        on_step()
        pixels = self._reader.to_pixels(prompts)
        window, step = self.lattice.crop_for(pixels.extent)
        if memory is not None and contains(memory.window, pixels.extent):
            window, step = memory.window, memory.step
        same = memory is not None and (memory.window, memory.step) == (window, step)
        growth = Growth(self._crops, self.lattice, pixels, step, connected_only)
        encoded = self._crops.encode(window, step, growth.timings)
        known = memory.logits if memory is not None and same else None
        decoded = self._crops.decode(encoded, in_crop(pixels, window, step, known), growth.timings)
        growth.start(window, decoded.logits)
        if pixels.box is None:  # a box says how far the object goes, and the crop holds all of it
            growth.follow(max_crops or self._max_crops, on_step)
        return ObjectResult(
            growth.mask,
            in_pixels(growth.window, step, self.lattice),
            step,
            decoded.score,
            growth.crops,
            growth.truncated,
            None if decoded.memory is None else Memory(window, step, decoded.memory),
            growth.timings,
        )

    def prepare(self, prompts: Prompts) -> None:
        """Encode the crop that `prompts` will need, so that the click finds it kept. Raises as `predict`."""
        window, step = self.lattice.crop_for(self._reader.to_pixels(prompts).extent)
        self._crops.encode(window, step, Timings())
