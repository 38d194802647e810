"""Land cover for the change painter to learn from: what Mini sees in the packed pictures, one command.

    python -m backend.training.painter_labels --pack build/training/pack.zip --out build/training/painter_labels.npz

A label for every 4 x 4 pixels: OpenEarthMap's class whose words Mini's answers are highest for. Where the pack has
labels, only classes that agree with them are chosen from.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.models import oem
from backend.models.catalog import MINI
from backend.models.mini import Mini
from backend.models.oem import AGRICULTURE, BARE, BUILDING, DEVELOPED, RANGE, ROAD, TREE, WATER

Floats = NDArray[np.float32]
Labels = NDArray[np.uint8]
STRIDE, TILE, MARGIN = 4, 512, 32
COARSEST = 1.5
"""Up to this width of pixels in metres the pixel decoder answers, above it the text head."""
LEANING = 0.6
"""The share of what all NAIP pictures have in common that is taken out of their answers: Mini leans to vegetation
there, where it was taught by points of trees alone. It answers pictures of twice the size, by the text head."""
WORDS: dict[int, tuple[str, ...]] = {
    BARE: ("bare soil", "sand", "bare land"),
    RANGE: ("grass", "shrubs"),
    DEVELOPED: ("parking lot", "paved surface", "courtyard"),
    ROAD: ("road", "street"),
    TREE: ("trees", "forest"),
    WATER: ("water", "swimming pool"),
    AGRICULTURE: ("crops", "arable field"),
    BUILDING: ("building", "roof"),
}
UNSURE = -4.0
"""Where no word's logit is above, a place is of the unknown class."""
DUBAI = (
    tuple(range(1, 9)), (BUILDING,), (BARE, DEVELOPED, RANGE), (ROAD, DEVELOPED), (TREE, RANGE, AGRICULTURE), (WATER,),
)  # fmt: skip
"""For labels 0 (none) to 5 of the masks: the classes they may stand for."""
BANEPA = (tuple(range(1, 8)), (BUILDING,))
NAIP = (tuple(value for value in range(1, 9) if value != AGRICULTURE), (TREE,))


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with zipfile.ZipFile(args.pack) as archive, LandCover() as seen:
        entries = json.loads(archive.read("index.json"))["entries"]
        seen_of = {entry["name"]: seen.logits(*_picture(archive, entry)) for entry in entries}
        means = [seen_of[entry["name"]].mean((1, 2)) for entry in entries if entry["kind"] == "trees"]
        leaning = LEANING * np.mean(means, 0)[:, None, None]
        found = {
            entry["name"]: chosen(
                seen_of[entry["name"]] - (leaning if entry["kind"] == "trees" else 0), _allowed(archive, entry)
            )
            for entry in entries
        }
    np.savez_compressed(args.out, **found)  # type: ignore[arg-type]


class LandCover:
    """Mini as a map of OpenEarthMap's classes."""

    def __init__(self) -> None:
        self._mini = Mini(MINI.input_size)
        self._words = [word for words in WORDS.values() for word in words]

    def __enter__(self) -> LandCover:
        return self

    def __exit__(self, *raised: object) -> None:
        self._mini.close()

    def logits(self, picture: NDArray[np.uint8], metres: float, kind: str = "none") -> Floats:
        """Return logits (8, h / 4, w / 4) of the classes from 1 on, of a picture whose sides are multiples of 4."""
        if kind == "trees":
            size = 2 * picture.shape[1], 2 * picture.shape[0]
            enlarged = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
            return self._tiled(enlarged, self._mini, 2)
        return self._tiled(picture, self._mini.pixel, 2) if metres <= COARSEST else self._tiled(picture, self._mini, 1)

    def _tiled(self, picture: NDArray[np.uint8], view: Any, mean: int) -> Floats:
        """Return logits of one view of the picture, `mean` x `mean` of its cells together."""
        vectors, step = view.phrases(self._words), view.stride * mean
        height, width = picture.shape[:2]
        found = np.empty((len(WORDS), height // step, width // step), np.float32)
        for top in range(0, height, TILE):
            for left in range(0, width, TILE):
                above, before = max(top - MARGIN, 0), max(left - MARGIN, 0)
                tile = picture[above : top + TILE + MARGIN, before : left + TILE + MARGIN]
                scores = view.scores(view.dense(tile, np.ones(tile.shape[:2], bool)), vectors)
                here = _means(_best(scores), mean)[:, (top - above) // step :, (left - before) // step :]
                rows, columns = slice(top // step, (top + TILE) // step), slice(left // step, (left + TILE) // step)
                there = found[:, rows, columns]
                there[:] = here[:, : there.shape[1], : there.shape[2]]
        return found


def _best(scores: Floats) -> Floats:
    """Return the logits of each class's best word."""
    ends = np.cumsum([len(words) for words in WORDS.values()])
    return np.stack([part.max(0) for part in np.split(scores, ends[:-1])])


def _means(maps: Floats, side: int) -> Floats:
    rows, columns = maps.shape[1] // side, maps.shape[2] // side
    cells = maps[:, : rows * side, : columns * side].reshape(len(maps), rows, side, columns, side)
    return np.asarray(cells.mean((2, 4)), np.float32)


def chosen(logits: Floats, allowed: NDArray[np.bool_] | None = None) -> Labels:
    """Return the class (h, w) of the highest logit among those `allowed` (8, h, w); unknown where none is high."""
    plain = logits if allowed is None else np.where(allowed, logits, -np.inf)
    sure = logits.max(0) > UNSURE if allowed is None else (logits.max(0) > UNSURE) | (allowed.sum(0) < len(WORDS))
    return np.where(sure, plain.argmax(0) + 1, oem.UNKNOWN).astype(np.uint8)


def _picture(archive: zipfile.ZipFile, entry: dict[str, Any]) -> tuple[NDArray[np.uint8], float, str]:
    picture = np.asarray(Image.open(io.BytesIO(archive.read(f"{entry['name']}.jpg"))).convert("RGB"))
    rows, columns = (length // STRIDE * STRIDE for length in picture.shape[:2])
    return picture[:rows, :columns], entry["metres"], entry["kind"]


def _allowed(archive: zipfile.ZipFile, entry: dict[str, Any]) -> NDArray[np.bool_] | None:
    """Return which classes (8, h / 4, w / 4) agree with the labels of the pack."""
    meanings = {"classes": DUBAI, "instances": BANEPA, "trees": NAIP}.get(entry["kind"])
    if meanings is None:
        return None
    label = np.asarray(Image.open(io.BytesIO(archive.read(f"{entry['name']}.png"))))
    rows, columns = (length // STRIDE for length in label.shape)
    middles = label[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE][:rows, :columns]
    table = np.array([[value in allowed for allowed in meanings] for value in range(1, 9)])
    return np.asarray(table[:, np.minimum(middles, len(meanings) - 1)])


if __name__ == "__main__":
    main()
