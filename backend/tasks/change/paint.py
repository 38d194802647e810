"""Pictures after changes of any size: windows half over each other, one after another.

Of each window the middle is kept, and what of the changes lies wholly inside. What was painted is known to the next
window, which goes on from it: no seam can come. Windows without changes are not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window
from backend.models.change_painter import ChangePainter, Place

from .happening import told_to
from .transitions import NO_DATA

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Value = TypeVar("Value", bound=np.generic)
RIM = 16
"""Of a window's pixels, the part at each side that an object must not reach to be kept whole."""


@dataclass(frozen=True)
class Canvas:
    """A picture that is painted upon.

    Attributes:
        picture: (rows, columns, 3); holes have any colour.
        valid: (rows, columns), False in holes.
        col, row: its first pixel in the whole source.
        metres: side of a pixel on the ground.
    """

    picture: Bytes
    valid: Mask
    col: int
    row: int
    metres: float


@dataclass(frozen=True)
class Wanted:
    """What becomes of a canvas; all are (rows, columns).

    Attributes:
        before, after: classes of OpenEarthMap.
        changed: where what is there becomes something else, be it alike.
        painted: that, and what is painted around it.
    """

    before: Bytes
    after: Bytes
    changed: Mask
    painted: Mask


@dataclass(frozen=True)
class Piece:
    """A window, which may reach beyond the picture, and what of it is to be painted at least."""

    window: Window
    core: tuple[slice, slice]


def pieces(shape: tuple[int, int], side: int) -> Iterator[Piece]:
    """Yield windows of `side` pixels whose cores cover a picture (rows, columns), row by row."""
    for top, y0, y1 in _lines(shape[0], side):
        for left, x0, x1 in _lines(shape[1], side):
            yield Piece(Window(left, top, side, side), (slice(y0, y1), slice(x0, x1)))


def windows_of(painted: Mask, side: int) -> int:
    """Return how many windows are run at most."""
    return sum(bool(painted[piece.core].any()) for piece in pieces((painted.shape[0], painted.shape[1]), side))


def paint(
    painter: ChangePainter,
    canvas: Canvas,
    wanted: Wanted,
    seed: int,
    steps: int,
    progress: Callable[[], None],
) -> Bytes:
    """Return the picture (rows, columns, 3) after a change of labels; what is not to be painted is its own to the bit.

    `progress` is called before each window that is run.
    """
    picture, known, left = canvas.picture.copy(), wanted.before.copy(), wanted.painted & canvas.valid
    for piece in pieces((left.shape[0], left.shape[1]), painter.input_size):
        if not left[piece.core].any():
            continue
        progress()
        window = piece.window
        inside, part = _overlap(window, left.shape)
        here, changed = (_cut(one, window, fill=False) for one in (left, left & wanted.changed))
        told = told_to(painter.classes, _cut(known, window), _cut(wanted.after, window), changed)
        place = Place(seed, canvas.col + window.col, canvas.row + window.row, canvas.metres, steps)
        seen = _filled(_cut(picture, window), _cut(canvas.valid, window, fill=False))
        painted = painter.after(seen, *told, here, place)[part]
        kept = _kept(left[inside], _moved(piece.core, inside), left.shape, inside)
        picture[inside][kept] = painted[kept]
        known[inside][kept] = wanted.after[inside][kept]
        left[inside][kept] = False
    return picture


def _lines(length: int, side: int) -> Iterator[tuple[int, int, int]]:
    """Yield (start of a window, start and end of its core).

    Windows start at multiples of an eighth of their side, as painters look at several pixels at once; the last may
    reach beyond the picture.
    """
    half, edge, step, begun = side // 2, side // 4, side // 8, 0
    last = max(-(-(length - side) // step) * step, 0)
    while begun < length:
        start = min(max(begun - edge, 0), last)
        end = length if start == last else begun + half + (edge if begun == 0 else 0)
        yield start, begun, end
        begun = end


def _overlap(window: Window, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where in a picture a window lies, and where in the window that is."""
    y0, y1 = max(window.row, 0), min(window.row + window.height, shape[0])
    x0, x1 = max(window.col, 0), min(window.col + window.width, shape[1])
    return (slice(y0, y1), slice(x0, x1)), (
        slice(y0 - window.row, y1 - window.row),
        slice(x0 - window.col, x1 - window.col),
    )


def _moved(core: tuple[slice, slice], inside: tuple[slice, slice]) -> tuple[slice, slice]:
    rows, columns = (
        slice(one.start - of.start, one.stop - of.start) for one, of in zip(core, inside, strict=True)
    )  # fmt: skip
    return rows, columns


def _cut(values: NDArray[Value], window: Window, fill: int = NO_DATA) -> NDArray[Value]:
    """Return a window of `values`; beyond them labels are `fill`."""
    inside, part = _overlap(window, values.shape)
    found = np.full((window.height, window.width, *values.shape[2:]), fill, values.dtype)
    found[part] = values[inside]
    return found


def _kept(left: Mask, core: tuple[slice, slice], shape: tuple[int, ...], inside: tuple[slice, slice]) -> Mask:
    """Return what of a window is kept: its core, and objects that do not reach a rim with more picture beyond."""
    from scipy.ndimage import label

    found = np.zeros_like(left)
    found[core] = left[core]
    numbered, _ = label(left, np.ones((3, 3)))
    rim = max(left.shape) // RIM
    reaching: set[int] = set()
    rows, columns = inside
    for beyond, part in (
        (rows.start > 0, np.s_[:rim]),
        (rows.stop < shape[0], np.s_[-rim:]),
        (columns.start > 0, np.s_[:, :rim]),
        (columns.stop < shape[1], np.s_[:, -rim:]),
    ):
        if beyond:
            reaching |= set(np.unique(numbered[part]).tolist())
    return np.asarray((found | (left & ~np.isin(numbered, list(reaching)))) & left, np.bool_)


def _filled(picture: Bytes, valid: Mask) -> Bytes:
    """Return a picture whose holes, and what lies beyond its edge, have the colour of the nearest pixel with data."""
    from scipy.ndimage import distance_transform_edt

    if valid.all():
        return picture
    rows, columns = distance_transform_edt(~valid, return_distances=False, return_indices=True)
    return np.asarray(picture[rows, columns])
