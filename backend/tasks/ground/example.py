"""'Like this': an example polygon as something to look for, told from its surroundings by the model's features.

The features inside the polygon against those of the crops around it: Fisher's linear discriminant, with a ridge of the
pooled variance: a strong one, for among the surroundings are more things like the example, and a view that is free to
tell them apart will. A place's logit is the log odds of two normals of that one covariance, equally likely beforehand,
made as small or large as it must be to be right of places it was not learnt from. It is a probability then, as a
phrase's is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.raster import Crop
from backend.geo.reader import SourceReader
from backend.models.embedder import Grounder
from backend.protocol import codes
from backend.tasks.tiles import TileLattice

from .area import Area
from .data import read_data

Floats = NDArray[np.float32]
NAME = "like this"
RIDGE = 10.0
"""Times the mean variance of a feature; docs/grounding.md has what this was chosen by."""
LARGEST = 4
"""An example may reach over this many tiles a side."""
SHARES = np.geomspace(1 / 256, 256, 65)
"""What its log odds may be multiplied by."""


@dataclass(frozen=True)
class Example:
    """A linear view of dense features: above 0 is like the example."""

    weights: Floats
    bias: float

    def scores(self, dense: Floats) -> Floats:
        """Return logits (rows, columns) of features (channels, rows, columns)."""
        return np.asarray(np.tensordot(self.weights, dense, axes=1) + self.bias, np.float32)

    def of(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return logits (cells,) of features (cells, channels)."""
        return np.asarray(features @ self.weights + self.bias)


def learn_example(reader: SourceReader, model: Grounder, lattice: TileLattice, polygon: BaseGeometry) -> Example:
    """Return what tells the inside of `polygon` (in source pixels) from what lies around it.

    Raises:
        BadInput: PROMPT_OUTSIDE for an example off the source, PROMPT_INVALID for one too small or too large,
            NO_VALID_PIXELS for one where there is no data.
    """
    grid, step = reader.grid, lattice.step
    x0, y0, x1, y1 = polygon.intersection(shapely.box(0, 0, grid.width, grid.height)).bounds
    if not (x1 > x0 and y1 > y0):
        detail = f"The example lies outside {reader.name!r}; draw it on the layer, in the layer's CRS."
        raise BadInput(codes.PROMPT_OUTSIDE, detail)
    if max(x1 - x0, y1 - y0) > LARGEST * lattice.size * step:
        raise BadInput(codes.PROMPT_INVALID, "The example is too large; draw it around one thing.")
    inside, outside, places, elsewhere = [], [], [], []
    for tile in lattice.covering(int(x0 // step), int(y0 // step), int(x1 // step) + 1, int(y1 // step) + 1):
        window = lattice.in_source(tile, grid.width, grid.height)
        crop = read_data(reader, window, step)
        if crop is None:
            continue
        features, mine, known = _features(crop, model, Area(window, polygon), lattice.stride)
        inside.append(features[:, mine])
        outside.append(features[:, known & ~mine])
        corner = tile.row // lattice.stride, tile.col // lattice.stride
        places.append(np.argwhere(mine) + corner)
        elsewhere.append(np.argwhere(known & ~mine) + corner)
    if not inside:
        detail = f"{reader.name!r} has no data where the example lies; draw it at another place."
        raise BadInput(codes.NO_VALID_PIXELS, detail)
    one, other = np.concatenate(inside, axis=1).T, np.concatenate(outside, axis=1).T
    if not len(one) or not len(other):
        small = f"the middle of no cell of {lattice.cell} pixels a side; draw a larger one"
        detail = f"The example holds {small if len(other) else 'all there is to compare it with; draw a smaller one'}."
        raise BadInput(codes.PROMPT_INVALID, detail)
    here = _Cells(one.astype(np.float64), np.concatenate(places))
    return _honest(here, _Cells(other.astype(np.float64), np.concatenate(elsewhere)))


@dataclass(frozen=True)
class _Cells:
    """Features (cells, channels) and where they are, rows and columns."""

    features: NDArray[np.float64]
    places: NDArray[np.intp]

    def half(self, axis: int, middle: float, beyond: bool) -> _Cells:
        kept = (self.places[:, axis] > middle) == beyond
        return _Cells(self.features[kept], self.places[kept])


def _honest(one: _Cells, other: _Cells) -> Example:
    """Return the discriminant of all cells, as sure of itself as each half of the example is of the other.

    Halves lie beside each other; an example of one cell has none and keeps what it learnt.
    """
    whole = _discriminant(one.features, other.features)
    axis = int(np.argmax(np.ptp(one.places, axis=0)))
    middle = float(np.median(one.places[:, axis]))
    middle -= 0.5 if not (one.places[:, axis] > middle).any() else 0
    margins: list[NDArray[np.float64]] = []
    for beyond in (False, True):
        learnt = one.half(axis, middle, beyond), other.half(axis, middle, beyond)
        asked = one.half(axis, middle, not beyond), other.half(axis, middle, not beyond)
        if not all(len(cells.features) for cells in (*learnt, *asked)):
            return whole
        view = _discriminant(*(cells.features for cells in learnt))
        margins += [sign * view.of(cells.features) for sign, cells in zip((1, -1), asked, strict=True)]
    # the mean loss of the example's cells and of the others count alike
    losses = [sum(np.logaddexp(0, -share * margin).mean() for margin in margins) for share in SHARES]
    share = float(SHARES[int(np.argmin(losses))])
    return Example(np.asarray(whole.weights * share, np.float32), whole.bias * share)


def _features(
    crop: Crop, model: Grounder, area: Area, stride: int
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return features, and which cells have their middle in the area and in data."""
    features = model.dense(crop.image, crop.valid)
    known = _cells(crop.valid, stride, features.shape[1:])
    return features, known & _cells(area.mask(crop.window), stride * crop.step, features.shape[1:]), known


def _cells(values: NDArray[np.bool_], cell: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the values in the middles of cells of `cell` pixels; False for a middle beyond the edge."""
    middles = values[cell // 2 :: cell, cell // 2 :: cell]
    found = np.zeros(shape, np.bool_)
    found[: middles.shape[0], : middles.shape[1]] = middles
    return found


def _discriminant(one: NDArray[np.float64], other: NDArray[np.float64]) -> Example:
    means = one.mean(0), other.mean(0)
    spread = np.concatenate([one - means[0], other - means[1]])
    covariance = spread.T @ spread / len(spread)
    covariance += np.eye(len(covariance)) * (RIDGE * np.trace(covariance) / len(covariance) + 1e-12)
    weights = np.linalg.solve(covariance, means[0] - means[1])
    return Example(weights.astype(np.float32), float(-weights @ (means[0] + means[1]) / 2))
