"""One stage of the cascade: a picture four times finer than the one before, unit by unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.models.generator import SCALE
from backend.tasks.ground.units import writing

from .around import Around, read_around
from .average import HALO as AVERAGED
from .average import averaged
from .before import Before
from .sampler import Sampler
from .units import BANDS, Unit, Units
from .units import SIDE as UNIT
from .windows import EDGE, SIDE, Patch, patches

Bands = NDArray[np.uint8]
DATA, HOLES = "data", "holes"


@dataclass(frozen=True)
class Stage:
    """What is painted, from what, by what.

    Attributes:
        batch: windows that are painted at once.
        averages: overlapping windows are averaged at each step (see `average`); else the middle of each is kept.
    """

    units: Units
    before: Before
    sampler: Sampler
    batch: int = 1
    averages: bool = False

    def run(self, progress: Callable[[float], None], done: Callable[[int], None]) -> None:
        """Paint the units that are not there yet.

        `progress` takes the share of the units that is done and may raise `Cancelled`; `done` follows whole units.
        """
        total = len(self.units)
        for index, unit in enumerate(self.units):
            if not self.units.path(unit).exists():
                self._make(unit, lambda part, index=index: progress((index + part) / total))  # type: ignore[misc]
            done(index + 1)

    def _make(self, unit: Unit, progress: Callable[[float], None]) -> None:
        progress(0.0)
        window, halo = unit.window, AVERAGED if self.averages else EDGE
        col, row, side = unit.col * UNIT - halo, unit.row * UNIT - halo, UNIT + 2 * halo
        around = read_around(self.before, col // SCALE, row // SCALE, side // SCALE)
        whole = np.zeros((BANDS, window.height, window.width), np.uint8)
        (self._average if self.averages else self._crop)(whole, window, around, progress)
        self._look(whole[3], window)
        with writing(self.units.path(unit), BANDS, (window.height, window.width)) as dataset:
            dataset.write(whole)

    def _crop(self, whole: Bands, window: Window, around: Around, progress: Callable[[float], None]) -> None:
        """Fill a unit with the middles of windows."""
        last = self.units.level.last
        wanted = [(patch, seen) for patch, seen in _seen(window, around) if _needed(patch, seen, last)]
        for first in range(0, len(wanted), self.batch):
            part = wanted[first : first + self.batch]

            def on_step(share: float, first: int = first, count: int = len(part)) -> None:
                progress((first + count * share) / len(wanted))

            for (patch, seen), picture in zip(part, self._painted(part, on_step), strict=True):
                _put(whole, window, patch, seen, picture)

    def _average(self, whole: Bands, window: Window, around: Around, progress: Callable[[float], None]) -> None:
        """Fill a unit with what its windows agree on."""
        place = around.col * SCALE, around.row * SCALE
        patch = Patch(*place, window)
        if _kept(patch, around.shown if self.units.level.last else around.valid).any():
            picture = averaged(self.sampler, around.filled, place, self.batch, progress)
            _put(whole, window, patch, around, picture)

    def _painted(self, part: list[tuple[Patch, Around]], on_step: Callable[[float], None]) -> NDArray[np.uint8]:
        """Return the pictures of windows. A last batch is as large as the others: the same windows, the same bytes."""
        padded = [*part, *[part[-1]] * (self.batch - len(part))]
        lows = np.stack([seen.filled for _, seen in padded])
        return self.sampler.paint(lows, [(patch.col, patch.row) for patch, _ in padded], on_step)[: len(part)]

    def _look(self, shown: NDArray[np.uint8], window: Window) -> None:
        """Remember whether a unit has data, and holes, in what the result has of its level."""
        at = self.units.level.shown
        x0, y0 = max(at.col - window.col, 0), max(at.row - window.row, 0)
        x1, y1 = max(at.col + at.width - window.col, 0), max(at.row + at.height - window.row, 0)
        part = shown[y0:y1, x0:x1]
        if part.any():
            self.units.say(DATA)
        if not part.all():
            self.units.say(HOLES)


def _seen(window: Window, around: Around) -> Iterator[tuple[Patch, Around]]:
    for patch in patches(window):
        yield patch, around.within(patch.col // SCALE, patch.row // SCALE, SIDE // SCALE)


def _needed(patch: Patch, seen: Around, last: bool) -> bool:
    """Return whether the result has any of a window, or where others follow, of what they look at (see `levels`)."""
    return bool(_kept(patch, seen.shown).any() if last else seen.shown.any())


def _kept(patch: Patch, coarse: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the part of a mask of the picture before (h, w) that a window keeps, in its own pixels."""
    return coarse.repeat(SCALE, 0).repeat(SCALE, 1)[patch.within]


def _put(whole: Bands, window: Window, patch: Patch, seen: Around, picture: NDArray[np.uint8]) -> None:
    """Lay what is kept of a window into a unit (bands, h, w), which lies at `window`."""
    top, left = patch.kept.row - window.row, patch.kept.col - window.col
    part = whole[:, top : top + patch.kept.height, left : left + patch.kept.width]
    valid, shown = _kept(patch, seen.valid), _kept(patch, seen.shown)
    part[:3] = np.where(valid, picture[patch.within].transpose(2, 0, 1), 0)
    part[3], part[4] = 255 * shown.astype(np.uint8), 255 * valid.astype(np.uint8)
