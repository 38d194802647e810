"""What the pixel decoder learns from: the pack's pictures, with targets that rise to a peak in every thing.

A house or a tree is 1 in its middle, about a half at its edge, and low where it touches another: what splits a score
map into things finds each of them (backend/tasks/ground/split.py).
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.training.phrases import CLASSES
from backend.training.pictures import NOT_BUILDING, UNKNOWN, Picture

Floats = NDArray[np.float32]
BUILDING, TREE = CLASSES.index("building"), CLASSES.index("tree")
RADIUS_M, NAIP_M = 2.1, 0.6
EDGE = 0.85
TOUCHING, FAR = 5.0, 1e3


@dataclass(frozen=True)
class Chart:
    """A picture and its things.

    Attributes:
        picture: its `objects` number its pixels from 1 on, so that a crop knows where its pixels come from.
        phrase: index into `CLASSES` of what the things are; None where only classes are known.
        peaks: (h * w + 1,) target of each pixel, by its number; 0 for none.
        seam: (h * w + 1,) pixels to where two things touch; far away for none.
    """

    picture: Picture
    phrase: int | None = None
    peaks: Floats | None = None
    seam: Floats | None = None


def load_charts(pack: Path) -> list[Chart]:
    """Read Dubai's classes, Banepa's buildings, and NAIP's trees as far as the pack has points of them."""
    with zipfile.ZipFile(pack) as archive:
        names = set(archive.namelist())
        entries = json.loads(archive.read("index.json"))["entries"]
        charts = []
        for name, kind in ((entry["name"], entry["kind"]) for entry in entries):
            if kind == "classes":
                label = _read(archive, f"{name}.png")
                classes = np.where(label > 0, label - 1, UNKNOWN).astype(np.uint8)
                charts.append(Chart(_picture("dubai", _rgb(archive, name), classes)))
            elif kind == "instances":
                charts.append(_buildings(_rgb(archive, name), _read(archive, f"{name}.png").astype(np.int32)))
            elif f"{name}_points.csv" in names:
                text = io.TextIOWrapper(archive.open(f"{name}_points.csv"))
                charts.append(_trees(_rgb(archive, name), np.loadtxt(text, delimiter=",", skiprows=1, ndmin=2)))
    return charts


def _buildings(image: NDArray[np.uint8], things: NDArray[np.int32]) -> Chart:
    from scipy import ndimage

    depth = ndimage.distance_transform_edt((things > 0) & ~_edges(things))
    deepest = np.maximum(ndimage.maximum(depth, things, np.arange(things.max() + 1)), 1.0)
    peaks = np.where(things > 0, EDGE + (1 - EDGE) * np.sqrt(depth / deepest[things]), 0)
    far, nearest = ndimage.distance_transform_edt(things == 0, return_indices=True)
    grown = np.where(far <= TOUCHING, things[tuple(nearest)], 0)
    classes = np.where(things > 0, BUILDING, NOT_BUILDING).astype(np.uint8)
    return Chart(_picture("banepa", image, classes), BUILDING, _by_number(peaks, 0), _by_number(_seam(grown), FAR))


def _trees(image: NDArray[np.uint8], points: NDArray[np.float64]) -> Chart:
    from scipy.spatial import cKDTree

    radius = RADIUS_M / NAIP_M
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    places = np.stack([columns, rows], -1)
    far, tree = cKDTree(points).query(places)
    things = np.where(far <= radius, tree + 1, 0).astype(np.int32)
    peaks = np.exp(-np.log(2) * (far / radius) ** 2)
    classes = np.where(things > 0, TREE, UNKNOWN).astype(np.uint8)
    return Chart(_picture("naip", image, classes), TREE, _by_number(peaks, 0), _by_number(_seam(things), FAR))


def _edges(things: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return the pixels of things beside another thing."""
    edges = np.zeros(things.shape, bool)
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        meet = (things[one] != things[other]) & (things[one] > 0) & (things[other] > 0)
        edges[one] |= meet
        edges[other] |= meet
    return edges


def _seam(things: NDArray[np.int32]) -> Floats:
    from scipy import ndimage

    edges = _edges(things)
    if not edges.any():
        return np.full(things.shape, FAR, np.float32)
    return np.asarray(ndimage.distance_transform_edt(~edges), np.float32)


def _by_number(values: NDArray[np.floating], none: float) -> Floats:
    return np.concatenate([[none], values.ravel()]).astype(np.float32)


def _picture(source: str, image: NDArray[np.uint8], classes: NDArray[np.uint8]) -> Picture:
    numbers = np.arange(1, classes.size + 1, dtype=np.int32).reshape(classes.shape)
    return Picture(source, image, classes, numbers, {})


def _rgb(archive: zipfile.ZipFile, name: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(archive.read(f"{name}.jpg"))).convert("RGB"))


def _read(archive: zipfile.ZipFile, name: str) -> NDArray[np.uint16]:
    return np.asarray(Image.open(io.BytesIO(archive.read(name)))).astype(np.uint16)
