"""All looks at a source for a question, coarse before fine, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.tasks.ground_policy.closer import Closeness, crops
from backend.tasks.ground_policy.windows import to_window
from backend.tasks.tiles import TileLattice

from .blend import Blended, Blender
from .closer_look import CloserLook
from .glance import Glance, attends
from .meter import Closely, Entry
from .scorer import Scorer

COARSE_BYTES = 64 * 2**20


class Looks:
    """Logits of any window of a source; raises what reading raises."""

    def __init__(
        self,
        reader: SourceReader,
        lattices: Sequence[TileLattice],
        native: TileLattice,
        scorer: Scorer,
        how: Closeness,
    ) -> None:
        """Look as `lattices` say; `native` are the tiles of the naive run."""
        self._lattices, self._native, self._scorer, self._how = lattices, native, scorer, how
        if len(lattices) == 1:
            self._looks = [Blender(reader, lattices[0], scorer, words=scorer.words)]
            return
        glance = Glance(scorer)
        self._looks = [Blender(reader, lattices[0], glance, COARSE_BYTES)]
        for lattice in lattices[1:-1]:
            self._looks.append(CloserLook(reader, lattice, glance, self._looks[-1], how, COARSE_BYTES, relevance=True))
        self._looks.append(CloserLook(reader, lattices[-1], scorer, self._looks[-1], how, words=scorer.words))

    def window(self, window: Window, on_tile: Callable[[int, int], None]) -> Blended | None:
        """Return the logits of `window` as `Blender.window` does."""
        return self._looks[-1].window(window, on_tile)

    def entry(self, window: Window, blended: Blended | None) -> Entry:
        """Return what was needed since the last entry, and the best crops of `window`, whose logits are given."""
        fed: dict[tuple[int, Window], int] = {}
        for number, (lattice, look) in enumerate(zip(self._lattices, self._looks, strict=True)):
            times = 2 if number < len(self._looks) - 1 and attends(self._scorer.model) else 1
            fed.update({(lattice.step, place): times * pixels for place, pixels in look.fed.items()})
        naive = self._naive(window, blended)
        for look in self._looks:
            look.fed.clear()
            look.passed.clear()
        return Entry(fed, naive, self._crops(window) if blended and len(self._looks) > 1 else ())

    def _naive(self, window: Window, blended: Blended | None) -> dict[tuple[int, Window], int]:
        """Return the tiles of native size that hold data: those of this run where it looks so closely."""
        last = self._looks[-1]
        if self._lattices[-1].step == 1:
            return {(1, place): pixels for place, pixels in (*last.fed.items(), *last.passed.items())}
        if blended is None:
            return {}
        tiles = [tile for tile in self._native.over_window(window) if _part(blended.valid, tile, window).any()]
        return {(1, tile): tile.width * tile.height for tile in tiles}

    def _crops(self, window: Window) -> list[Closely]:
        seen = self._looks[-2].window(window, lambda *_: None)
        if seen is None:
            return []
        rows, columns = (length * seen.pixels for length in seen.trust.shape)
        around = Window(seen.left * seen.pixels, seen.top * seen.pixels, columns, rows)
        return [
            Closely(within(to_window(box, seen.pixels, around), window), box.score)
            for box in crops(np.where(seen.trust > 0, seen.logits[-1], 0), self._how)
        ]


def _part(values: NDArray[np.bool_], tile: Window, window: Window) -> NDArray[np.bool_]:
    """Return what of `values`, which lie over `window`, lies in `tile`."""
    part = within(tile, window)
    row, column = part.row - window.row, part.col - window.col
    return values[row : row + part.height, column : column + part.width]


def within(one: Window, other: Window) -> Window:
    """Return what two windows that meet share."""
    left, top = max(one.col, other.col), max(one.row, other.row)
    right = min(one.col + one.width, other.col + other.width)
    bottom = min(one.row + one.height, other.row + other.height)
    return Window(left, top, right - left, bottom - top)
