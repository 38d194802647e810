"""Where pasted pairs come from: packed pictures with land cover, houses to cut out, ground of every class."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects, gaussian_filter, label

from backend.models import oem
from backend.training.change_pairs import Bytes
from backend.training.crops import Frame, cut
from backend.training.pictures import UNKNOWN, Picture, load

STRIDE = 4
"""Of the painter's labels."""
DRAWN = "classes", "instances"
"""Kinds of pictures whose buildings somebody drew."""
SHARES = {"dubai": 0.35, "banepa": 0.2, "naip": 0.35, "s2": 0.1}
HOUSE_METRES, HOUSE_FILL = (5.0, 70.0), 0.45
WIDEST = 2.0
"""Metres: houses are not to be seen in wider pixels."""
DEEP, PURE = 3, 0.7
"""A patch of ground is cut around a cell so far inside its class, and holds such a share of it."""
ALIKE = 4.0
"""Ground is cut from pictures whose pixels are at most so much wider or narrower."""
WEIGHTS = {oem.BARE: 3, oem.RANGE: 2, oem.DEVELOPED: 2, oem.ROAD: 1, oem.TREE: 2, oem.WATER: 1, oem.AGRICULTURE: 1}
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Place:
    """A picture whose `classes` are OpenEarthMap's, the width of its pixels, and how often it is drawn."""

    picture: Picture
    metres: float
    share: float


def load_places(pack: Path, labels: Path) -> list[Place]:
    """Return the packed pictures with the labels of `painter_labels`; buildings as the pack draws them."""
    with zipfile.ZipFile(pack) as archive:
        entries = json.loads(archive.read("index.json"))["entries"]
    sources = [entry["name"].split("_")[0] for entry in entries]
    covers = np.load(labels)
    found = []
    for picture, entry, source in zip(load(pack), entries, sources, strict=True):
        classes = _land_cover(picture, covers[entry["name"]], entry["kind"])
        objects = {} if entry["kind"] in DRAWN else _seen_buildings(classes)
        found.append(
            Place(
                replace(picture, classes=classes, **objects),
                entry["metres"],
                SHARES[source] / sources.count(source),
            )
        )
    return found


def _seen_buildings(classes: Bytes) -> dict[str, Any]:
    """Return objects and anchors of a picture without drawn buildings: those that Mini sees, with even outlines."""
    objects = label(gaussian_filter((classes == oem.BUILDING).astype(np.float32), STRIDE / 2) > 0.5)[0]
    boxes = [
        (number, box[0].start, box[1].start, box[0].stop, box[1].stop)
        for number, box in enumerate(find_objects(objects), start=1)
    ]
    return {"objects": objects.astype(np.int32), "anchors": {0: np.array(boxes).reshape(-1, 5)}}


def _land_cover(picture: Picture, cells: Bytes, kind: str) -> Bytes:
    """Return classes (h, w): the cells' where they agree with drawn buildings, which are finer."""
    height, width = picture.classes.shape
    wide = np.kron(cells, np.ones((STRIDE, STRIDE), np.uint8))
    wide = np.pad(wide, [(0, STRIDE), (0, STRIDE)], "edge")[:height, :width]
    if kind not in DRAWN:
        return wide
    drawn = picture.classes == 0
    return np.where(drawn, oem.BUILDING, np.where(wide == oem.BUILDING, oem.UNKNOWN, wide)).astype(np.uint8)


def cut_place(
    place: Place, metres: tuple[float, float], side: int, drawn: np.random.Generator
) -> tuple[Floats, Bytes, float]:
    """Return a square of a place: picture (side, side, 3), classes, and the width of its pixels in metres.

    Pixels are of a width in `metres` where the picture allows it, else as wide as it has them at most.
    """
    height, width = place.picture.image.shape[:2]
    most = min(height, width) * place.metres / side
    low, high = max(metres[0], 0.6 * place.metres), min(metres[1], most)
    here = drawn.uniform(low, high) if low < high else most
    span = here * side / place.metres
    row, column = (drawn.uniform(span / 2, n - span / 2) if n > span else n / 2 for n in (height, width))
    frame = Frame(row, column, span, int(drawn.integers(4)) * np.pi / 2, bool(drawn.integers(2)))
    image, classes, _ = cut(place.picture, frame, side)
    classes[classes == UNKNOWN] = oem.UNKNOWN
    return image[0].permute(1, 2, 0).numpy(), classes, float(here)


class Things:
    """What can be pasted."""

    def __init__(self, places: list[Place]) -> None:
        self._houses = [house for place in places for house in _houses(place)]
        sources = [(place.picture.source, place.metres) for place, _ in self._houses]
        self._chances = np.array([1 / sources.count(source) for source in sources])
        self._chances /= self._chances.sum()
        self._grounds: dict[int, list[tuple[Place, int, int]]] = {}
        for place in places:
            for value, row, column in _deep(place):
                self._grounds.setdefault(value, []).append((place, row, column))

    def house(self, metres: float, drawn: np.random.Generator) -> tuple[Floats, Floats]:
        """Return a house's outline (n, n) and look (n, n, 3), turned at will, in pixels of this width."""
        place, (number, top, left, bottom, right) = self._houses[drawn.choice(len(self._houses), p=self._chances)]
        span = float(np.hypot(bottom - top, right - left)) + 4
        size = int(np.clip(round(span * place.metres / metres), 8, 160))
        frame = Frame(
            (top + bottom) / 2, (left + right) / 2, span, drawn.uniform(0, 2 * np.pi), bool(drawn.integers(2))
        )
        image, _, objects = cut(place.picture, frame, size)
        return (objects == number).astype(np.float32), image[0].permute(1, 2, 0).numpy()

    def ground(self, shape: tuple[int, ...], metres: float, drawn: np.random.Generator) -> tuple[Floats, int] | None:
        """Return ground (h, w, 3) of some class in pixels of about this width, and the class; None where none fits."""
        values = [value for value in WEIGHTS if value in self._grounds]
        chances = np.array([WEIGHTS[value] for value in values], float)
        value = int(drawn.choice(values, p=chances / chances.sum()))
        place, row, column = self._grounds[value][drawn.integers(len(self._grounds[value]))]
        ratio = metres * drawn.uniform(0.7, 1.4) / place.metres
        if not 1 / ALIKE < ratio < ALIKE:
            return None
        side = max(shape)
        frame = Frame(row, column, side * ratio, drawn.uniform(0, 2 * np.pi), bool(drawn.integers(2)))
        image, classes, _ = cut(place.picture, frame, side)
        if (classes == value).mean() < PURE:
            return None
        return image[0].permute(1, 2, 0).numpy()[: shape[0], : shape[1]], value


def _houses(place: Place) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """Yield buildings of a house's size: their number and box."""
    if place.metres > WIDEST:
        return
    sizes = np.bincount(place.picture.objects.ravel())
    for number, top, left, bottom, right in place.picture.anchors.get(0, np.zeros((0, 5), int)).tolist():
        length = max(bottom - top, right - left) * place.metres
        fill = sizes[number] / ((bottom - top) * (right - left))
        if HOUSE_METRES[0] <= length <= HOUSE_METRES[1] and fill >= HOUSE_FILL:
            yield place, (number, top, left, bottom, right)


def _deep(place: Place) -> Iterator[tuple[int, int, int]]:
    """Yield class, row and column of cells well inside their class, some dozens of each picture."""
    cells = place.picture.classes[::STRIDE, ::STRIDE]
    for value in WEIGHTS:
        rows, columns = np.nonzero(distance_transform_edt(np.pad(cells == value, 1))[1:-1, 1:-1] >= DEEP)
        for index in range(0, len(rows), max(1, len(rows) // 30)):
            yield value, int(rows[index]) * STRIDE, int(columns[index]) * STRIDE
