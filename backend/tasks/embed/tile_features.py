"""Tiles read ahead of the model, given to it one by one or several at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.models.embedder import BatchEmbedder, DenseEmbedder, Picture

from .kept import EMPTY, Tile
from .pixels import Pixels, Seen
from .stages import Stages
from .threads import ahead
from .unit_blend import blocks_known

READ_AHEAD = 4


class TileFeatures:
    """Iterates over (place, tile) in the order given.

    `on_tile` is called before a tile is given to the model, with its number; it may raise. Close it to stop early.
    """

    def __init__(
        self, pixels: Pixels, model: DenseEmbedder, batch: int, stages: Stages, on_tile: Callable[[int], None]
    ) -> None:
        """Give the model `batch` tiles at a time if it takes several."""
        self._pixels, self._model, self._stages, self._on_tile = pixels, model, stages, on_tile
        self._batch = batch if isinstance(model, BatchEmbedder) else 1

    def of(self, places: Iterable[Window]) -> Generator[tuple[Window, Tile], None, None]:
        """Yield the tiles at `places`. Raises what reading and the model raise."""
        read = ahead(places, self._stages.timed("read", self._pixels.read), READ_AHEAD + self._batch)
        number = 0
        try:
            for group in self._groups(read):
                self._on_tile(number)
                number += len(group)
                yield from self._computed(group)
        finally:
            read.close()

    def _groups(self, read: Iterable[tuple[Window, Seen | None]]) -> Iterator[list[tuple[Window, Seen | None]]]:
        """Yield what goes to the model together: at most a batch, of tiles of one shape and such without data."""
        group: list[tuple[Window, Seen | None]] = []
        for place, seen in read:
            shapes = {one.valid.shape for _, one in group if one}
            if len(group) == self._batch or (seen and shapes - {seen.valid.shape}):
                yield group
                group = []
            group.append((place, seen))
        if group:
            yield group

    def _computed(self, group: list[tuple[Window, Seen | None]]) -> Iterator[tuple[Window, Tile]]:
        pictures = [seen for _, seen in group if seen]
        with self._stages.busy("infer"):
            features = iter(self._features(pictures) if pictures else ())
        for place, seen in group:
            known = blocks_known(seen.valid, self._model.stride) if seen else None
            yield place, EMPTY if known is None else Tile(next(features), known)

    def _features(self, seen: list[Seen]) -> list[NDArray[np.float32]]:
        if self._batch == 1 or not isinstance(self._model, BatchEmbedder):
            return [self._model.dense(one.image, one.valid) for one in seen]
        # Always as many at once, the last repeated: kernels differ with the number, and so do the last bits.
        filled = seen + [seen[-1]] * (self._batch - len(seen))
        images: Picture = np.stack([one.image for one in filled])
        try:
            return list(self._model.dense_batch(images, np.stack([one.valid for one in filled])))[: len(seen)]
        except Exception as error:
            if not _out_of_memory(error):
                raise
            self._batch //= 2
            halves = range(0, len(seen), max(1, self._batch))
            return [one for start in halves for one in self._features(seen[start : start + max(1, self._batch)])]


def _out_of_memory(error: Any) -> bool:
    return type(error).__name__ == "OutOfMemoryError"  # torch's, not imported here
