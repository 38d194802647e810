"""Is what the change painter paints what was asked for? Judged by Mini's own map of land cover, on Dubai's pictures.

    python -m backend.training.painter_scores --data DIR --split held --count 6 --sheet build/painter.png

For each event: the share of changed cells (4 x 4 pixels) that Mini sees as what they were to become, the share that it
does not see as what they were, and the share that it saw as what they were to become in the real picture.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from backend.models import generator, mini_painter, oem
from backend.models.change_painter import Place
from backend.models.oem import BARE, BUILDING, RANGE, ROAD, UNKNOWN, WATER
from backend.tasks.change.events import add_object, remove_object
from backend.training.pack import HELD_DUBAI
from backend.training.painter_labels import LandCover, chosen

Labels = NDArray[np.uint8]
Event = Callable[[Labels, np.random.Generator], Labels]
CLASSES = np.array([UNKNOWN, BUILDING, BARE, ROAD, RANGE, WATER], np.uint8)
"""What Dubai's labels 0 to 5 are."""
PALETTE = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in oem.COLOURS], np.uint8)
SIDE, METRES, TRIES, BORDER = 256, 0.4, 40, 16
LEAST, MOST = 800, 45_000
"""Pixels that an event has to change, at least and at most."""
HELD, TRAINED = "held", "trained"


def blob(old: int, new: int) -> Event:
    """Return an event: a smooth part of what was `old` becomes `new`."""

    def event(labels: Labels, drawn: np.random.Generator) -> Labels:
        noise = gaussian_filter(drawn.standard_normal(labels.shape), 20)
        there = (noise > np.quantile(noise, 0.7)) & (labels == old)
        there[:BORDER] = there[-BORDER:] = there[:, :BORDER] = there[:, -BORDER:] = False
        return np.where(there, new, labels).astype(np.uint8)

    return event


def added(labels: Labels, drawn: np.random.Generator) -> Labels:
    """Return labels with further buildings."""
    found = add_object(labels, drawn, BUILDING, 8, 4, (BARE, RANGE)).labels
    return np.asarray(found, np.uint8)


def removed(labels: Labels, drawn: np.random.Generator) -> Labels:
    """Return labels with fewer buildings."""
    return np.asarray(remove_object(labels, drawn, BUILDING, 8, 2, None).labels, np.uint8)


EVENTS: dict[str, Event] = {
    "building added": added,
    "building removed": removed,
    "bare land to water": blob(BARE, WATER),
    "bare land to rangeland": blob(BARE, RANGE),
    "bare land to road": blob(BARE, ROAD),
    "rangeland to water": blob(RANGE, WATER),
    "rangeland to bare land": blob(RANGE, BARE),
    "water to bare land": blob(WATER, BARE),
}


def main() -> None:
    """Print a row an event."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=(HELD, TRAINED), default=HELD)
    parser.add_argument("--painter", type=Path, default=mini_painter.FOLDER)
    parser.add_argument("--generator", type=Path, default=generator.FOLDER)
    parser.add_argument("--count", type=int, default=6, help="windows for each event")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path, help="a PNG with one window for each event")
    args = parser.parse_args()
    painter = mini_painter.MiniPainter(args.painter, generator.GeneratorModel(args.generator))
    rows = []
    with LandCover() as land:
        for name, event in EVENTS.items():
            found = [_painted(painter, land, one, args) for one in _asked(event, args)]
            if found:
                sizes = [size for size, *_ in found]
                means = np.average([shares for _, shares, _ in found], axis=0, weights=sizes).round(2)
                print(json.dumps({"event": name, "windows": len(found), **_named(means)}), flush=True)  # noqa: T201
                rows.append(found[0][2])
    if args.sheet and rows:
        Image.fromarray(np.concatenate(rows)).save(args.sheet)


def _named(means: NDArray[np.float64]) -> dict[str, float]:
    names = "seen as asked", "no longer as before", "seen as asked before"
    return {name: float(mean) for name, mean in zip(names, means, strict=True)}


def _asked(event: Event, args: argparse.Namespace) -> Iterator[tuple[NDArray[np.uint8], Labels, Labels]]:
    """Yield windows where the event changes enough: picture, labels before and after."""
    paths = [
        path
        for path in sorted((args.data / "dubai" / "images").glob("*.jpg"))
        if path.name.startswith(HELD_DUBAI) == (args.split == HELD)
    ]
    left = args.count
    for number in range(TRIES * args.count):
        drawn = np.random.default_rng([args.seed, number])
        path = paths[drawn.integers(len(paths))]
        labels = CLASSES[np.asarray(Image.open(path.parents[1] / "masks" / f"{path.stem}.png"))]
        if min(labels.shape) < SIDE:
            continue
        top, start = (int(drawn.integers(length - SIDE + 1)) for length in labels.shape)
        window = slice(top, top + SIDE), slice(start, start + SIDE)
        before = np.ascontiguousarray(labels[window])
        after = event(before, drawn)
        if LEAST < (after != before).sum() < MOST:
            yield np.ascontiguousarray(np.asarray(Image.open(path).convert("RGB"))[window]), before, after
            left -= 1
        if not left:
            return


def _painted(
    painter: mini_painter.MiniPainter,
    land: LandCover,
    asked: tuple[NDArray[np.uint8], Labels, Labels],
    args: argparse.Namespace,
) -> tuple[int, tuple[float, float, float], NDArray[np.uint8]]:
    """Return how many cells changed, the three shares, and before, after, and both labels side by side."""
    picture, before, after = asked
    found = painter.after(picture, before, after, before != after, Place(args.seed, 0, 0, METRES, args.steps))
    old, new = before[2::4, 2::4], after[2::4, 2::4]
    there = old != new
    seen, seen_before = (chosen(land.logits(one, METRES)) for one in (found, picture))
    shares = tuple(float(one[there].mean()) for one in (seen == new, seen != old, seen_before == new))
    maps = (PALETTE[np.kron(one, np.ones((4, 4), np.uint8))] for one in (new, seen))
    return int(there.sum()), shares, np.concatenate([picture, found, *maps], 1)  # type: ignore[return-value]


if __name__ == "__main__":
    main()
