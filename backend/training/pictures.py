"""The packed pictures in memory, each with classes, objects to click on, and what a word may be checked against."""

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

UNKNOWN, OUTSIDE, NOT_BUILDING = 255, 254, 253
SMALLEST = 100


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        image: (h, w, 3) uint8.
        classes: (h, w) uint8, index into `CLASSES`, UNKNOWN, or NOT_BUILDING.
        objects: (h, w) int32, 0 none; each number one object to click on.
        anchors: for each class, (n, 5) number, top, left, bottom, right of its objects: what crops are cut around.
    """

    source: str
    image: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    objects: NDArray[np.int32]
    anchors: dict[int, NDArray[np.int64]]


def load(pack: Path) -> list[Picture]:
    """Read every labelled picture of the pack."""
    with zipfile.ZipFile(pack) as archive:
        entries = json.loads(archive.read("index.json"))["entries"]
        return [_picture(archive, entry["name"], entry["kind"]) for entry in entries]


def load_scenes(pack: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return EuroSAT's training chips (n, 64, 64, 3) and their classes."""
    chips, classes = [], []
    with zipfile.ZipFile(pack) as archive:
        for index in range(json.loads(archive.read("index.json"))["eurosat"]):
            mosaic = np.asarray(Image.open(io.BytesIO(archive.read(f"eurosat_{index}.jpg"))))
            labels = json.loads(archive.read(f"eurosat_{index}.json"))
            side = mosaic.shape[0] // 64
            grid = mosaic.reshape(side, 64, side, 64, 3).swapaxes(1, 2).reshape(-1, 64, 64, 3)
            chips.append(grid[: len(labels)])
            classes += labels
    return np.concatenate(chips), np.array(classes)


def _picture(archive: zipfile.ZipFile, name: str, kind: str) -> Picture:
    image = np.asarray(Image.open(io.BytesIO(archive.read(f"{name}.jpg"))).convert("RGB"))
    label = np.asarray(Image.open(io.BytesIO(archive.read(f"{name}.png")))).astype(np.int32)
    objects = np.asarray(Image.open(io.BytesIO(archive.read(f"{name}_objects.png")))).astype(np.int32)
    classes = np.full(label.shape, UNKNOWN, np.uint8)
    if kind == "classes":
        classes[label > 0] = (label[label > 0] - 1).astype(np.uint8)
    elif kind == "instances":
        classes[:] = np.where(label > 0, 0, NOT_BUILDING)
    else:
        classes[label > 0] = CLASSES.index("tree")
    return Picture(
        "free" if kind == "none" else name.split("_")[0], image, classes, objects, _anchors(objects, classes, kind)
    )


def _anchors(objects: NDArray[np.int32], classes: NDArray[np.uint8], kind: str) -> dict[int, NDArray[np.int64]]:
    from scipy.ndimage import find_objects

    sizes = np.bincount(objects.ravel())
    anchors: dict[int, list[tuple[int, ...]]] = {}
    for number, box in enumerate(find_objects(objects), start=1):
        if box is None or sizes[number] < SMALLEST:
            continue
        rows, columns = np.nonzero(objects[box] == number)
        middle = len(rows) // 2
        value = int(classes[box][rows[middle], columns[middle]]) if kind in ("classes", "instances") else UNKNOWN
        edges = (box[0].start, box[1].start, box[0].stop, box[1].stop)
        anchors.setdefault(value, []).append((number, *edges))
    return {value: np.array(found) for value, found in anchors.items()}
