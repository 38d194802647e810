"""`mini-painter`: land cover painted into a picture offline, coarse first, by masked change diffusion.

Two stages. A quarter as fine, its own network paints what a smooth fill from around lacks, told which class each place
is to be of. `mini-generator` then adds what pictures of full resolution have. In both, at each step, what is not
painted is the picture's own with that step's noise (Changen2, TPAMI 2025); in the end those pixels are copied. A part
of which the picture has one of the same class and like shape begins from that one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from . import generator, oem
from .change_painter import Labels, Place
from .diffusion import METAEARTH
from .generator import CONDITION, DENOISE, SCALE
from .mini_graphs import Graph
from .noise import MIDDLE, Noise
from .painter_examples import Cells, copied, examples, finer
from .painter_fill import CLASSES, filled, lacking, shown, whole
from .segmenter import Image
from .spec import ModelSpec

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
FOLDER = Path(__file__).parents[1] / "weights" / "mini-painter"
COARSE_STEPS = 3
"""Steps of the first stage for one of the second: they cost a fiftieth, and decide what it looks like."""
GUIDANCE = 1.0
"""How much further than the labels after alone the first stage goes, away from what it would paint for those before:
classifier-free guidance (arXiv:2207.12598) whose other side is the labels before."""
FREE = 80
"""Down to this step of the schedule, parts begin from what the picture itself has of their class (SDEdit,
arXiv:2108.01073), where there is a place of like shape; from then on they are painted as all else."""
BEGUN = (oem.BUILDING,)
"""Classes whose parts begin so: what has a structure. Ground is painted better from noise."""
AROUND = 32
"""Pixels around what is painted that the second stage sees; it works on multiples of them."""


class MiniPainter:
    """Implements `ChangePainter`."""

    classes = oem.NAMES
    side_of, input_size = 32, 256

    def __init__(self, folder: Path, finer: generator.Painter) -> None:
        self._condition, self._denoise = Graph(folder / CONDITION), Graph(folder / DENOISE)
        self._finer = finer

    def after(self, picture: Image, before: Labels, after: Labels, painted: Flags, place: Place) -> Image:
        """Return the picture (h, w, 3) when its labels (h, w) have become others, where it is `painted`.

        Sides are multiples of 32. Values without a class of OpenEarthMap's are taken for unknown.
        """
        if not painted.any():
            return picture.copy()
        high = _numbers(picture)
        changed = painted & (before != after)
        cells = _examples(changed, painted, after, place)
        begun = _faded(high[..., *finer(cells, SCALE)], high, changed, painted)
        coarse = self._coarse(high, begun, painted, after, before, copied(cells), place)
        here = _around(painted)
        early = painted & ~np.kron(copied(cells), np.ones((SCALE, SCALE), bool))
        parts = begun[..., *here], coarse[..., *_quarter(here)]
        found = self._fine(*parts, painted[here], early[here], _moved(place, here))
        made = picture.copy()
        made[here] = np.where(painted[here][..., None], _bytes(found), picture[here])
        return made

    def _coarse(
        self, high: Floats, begun: Floats, pixels: Flags, wanted: Labels, unwanted: Labels, late: Flags, place: Place
    ) -> Floats:
        """Return the picture (1, 3, h / 4, w / 4) with what is made of `pixels`; cells that are `late` are `begun`."""
        picture, painted = _means(high), _cells(pixels)[None]
        told = self._condition(low=filled(picture, painted))
        enlarged, both = told["enlarged"], np.repeat(told["shown"], 2, 0)
        extra = np.concatenate([shown(picture, painted, _shares(one), enlarged) for one in (wanted, unwanted)])
        metres = np.full(2, SCALE * place.metres, np.float32)

        def noise(noisy: Floats, at: int) -> Floats:
            given = {"noisy": np.repeat(noisy, 2, 0), "step": np.full(2, at, np.float32), "metres": metres}
            found = self._denoise(**given, shown=both, extra=extra)["velocity"]
            clean = _clean(noisy, found[:1] + GUIDANCE * (found[:1] - found[1:]), at)
            within = lacking(np.clip(whole(clean, enlarged), -1, 1), enlarged)
            kept = float(METAEARTH.kept[at])
            return np.asarray((noisy - math.sqrt(kept) * within) / math.sqrt(1 - kept), np.float32)

        drawn = Noise(place.seed, 0).window(place.col // SCALE, place.row // SCALE, *picture.shape[:1:-1])[None]
        known, hidden = lacking(_means(begun), enlarged), painted[:, None]
        found = _sampled(noise, known, hidden, drawn, COARSE_STEPS * place.steps, hidden & ~late)
        found = whole(found, enlarged)
        return np.where(painted[:, None], np.clip(found, -1, 1), picture).astype(np.float32)

    def _fine(self, high: Floats, coarse: Floats, painted: Flags, early: Flags, place: Place) -> Floats:
        """Return the painted picture (1, 3, h, w) at full resolution."""
        enlarged, told = self._finer.condition(np.ascontiguousarray(coarse))
        drawn = Noise(place.seed, 1).window(place.col, place.row, *high.shape[:1:-1])[None]
        known, metres = (high - enlarged) * generator.GAIN, np.array([place.metres], np.float32)
        limits = (-1 - enlarged) * generator.GAIN, (1 - enlarged) * generator.GAIN

        def noise(noisy: Floats, at: int) -> Floats:
            found = self._finer.noise(noisy, told, at, metres)
            return METAEARTH.within(noisy, found, at, *limits)

        return enlarged + _sampled(noise, known, painted, drawn, place.steps, early) / generator.GAIN

    def close(self) -> None:
        """Hold nothing outside this process's memory."""
        self._finer.close()


def load(spec: ModelSpec, folder: Path | None, device: object) -> MiniPainter:
    """Return the painter with the weights that lie in the project, and the generator's."""
    return MiniPainter(folder or FOLDER, generator.GeneratorModel(generator.FOLDER))


def _sampled(
    predict: Callable[[Floats, int], Floats],
    known: Floats,
    painted: Flags,
    noise: Floats,
    steps: int,
    early: Flags,
) -> Floats:
    """Return what is `painted` from `noise` on, DDIM; elsewhere each step sees what is `known`, noised.

    Down to the step `FREE`, only what is `early` is painted.
    """
    taken, here = METAEARTH.sampled(steps), noise
    for at, to in zip(taken, (*taken[1:], -1), strict=True):
        free = painted if at < FREE else early
        here = np.where(free, here, METAEARTH.noised(known, noise, at))
        here = METAEARTH.step_back(here, predict(here, at), at, to)
    return here


def _clean(noisy: Floats, velocity: Floats, at: int) -> Floats:
    kept = float(METAEARTH.kept[at])
    return np.asarray(math.sqrt(kept) * noisy - math.sqrt(1 - kept) * velocity, np.float32)


def _examples(changed: Flags, painted: Flags, labels: Labels, place: Place) -> Cells:
    """Return for each cell of the first stage from which of the picture's to begin."""
    chance = np.random.default_rng([place.seed, place.col + MIDDLE, place.row + MIDDLE])
    wanted = _shares(labels)[0].argmax(0)
    begun = np.where(np.isin(wanted, BEGUN), wanted, oem.UNKNOWN)
    return examples(begun, _cells(changed), _cells(painted), _cells(_along(changed, painted, labels)), chance)


def _along(changed: Flags, painted: Flags, labels: Labels) -> Flags:
    """Return which pixels around what changed are nearest to what begins from the picture's own."""
    around = painted & ~changed
    if not (around.any() and changed.any()):
        return np.zeros_like(painted)
    nearest = distance_transform_edt(~changed, return_distances=False, return_indices=True)
    return np.asarray(around & np.isin(labels[*nearest], BEGUN))


def _faded(begun: Floats, picture: Floats, changed: Flags, painted: Flags) -> Floats:
    """Return what to begin from (1, 3, h, w): around what changed, nearer to what stays, more and more the picture."""
    if (painted == changed).all() or painted.all() or not changed.any():
        return begun
    stays, comes = distance_transform_edt(painted), distance_transform_edt(~changed)
    share = np.minimum(2 * stays / (stays + comes), 1).astype(np.float32)
    return picture + share * (begun - picture)


def _cells(pixels: Flags) -> Flags:
    """Return the cells of the first stage (h / 4, w / 4) with any of the pixels (h, w)."""
    return np.asarray(_means(pixels[None, None].astype(np.float32))[0, 0] > 0)


def _around(painted: Flags) -> tuple[slice, slice]:
    """Return the part of a picture with all that is painted and some pixels more, in steps of `AROUND`."""
    found = []
    for axis in (1, 0):
        there = np.flatnonzero(painted.any(axis))
        first, last = int(there[0]) // AROUND - 1, int(there[-1]) // AROUND + 2
        found.append(slice(max(first, 0) * AROUND, min(last * AROUND, painted.shape[1 - axis])))
    return found[0], found[1]


def _quarter(here: tuple[slice, slice]) -> tuple[slice, slice]:
    rows, columns = (slice(part.start // SCALE, part.stop // SCALE) for part in here)
    return rows, columns


def _moved(place: Place, here: tuple[slice, slice]) -> Place:
    return Place(place.seed, place.col + here[1].start, place.row + here[0].start, place.metres, place.steps)


def _shares(labels: Labels) -> Floats:
    """Return the share of each class (1, 9, h / 4, w / 4)."""
    known = np.where((labels < 0) | (labels >= CLASSES), oem.UNKNOWN, labels)
    return _means((known[None, None] == np.arange(CLASSES)[:, None, None]).astype(np.float32))


def _means(maps: Floats) -> Floats:
    count, channels, rows, columns = maps.shape
    # sums of one order, however the maps lie in memory: the same pixels give the same means to the bit
    cells = np.ascontiguousarray(maps).reshape(count, channels, rows // SCALE, SCALE, columns // SCALE, SCALE)
    return np.asarray(cells.mean((3, 5)), np.float32)


def _numbers(picture: Image) -> Floats:
    return np.ascontiguousarray(picture.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1)


def _bytes(picture: Floats) -> Image:
    values = np.clip(np.round((picture[0] + 1) * 127.5), 0, 255)
    return np.ascontiguousarray(values.transpose(1, 2, 0)).astype(np.uint8)
