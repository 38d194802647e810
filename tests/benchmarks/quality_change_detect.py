"""Who finds real change: pixel difference, embedding distance, segments, and the detector of made pairs alone.

Nothing was trained on the real labelled pairs. Distance and segments are not blind on LEVIR's: three constants were
chosen while looking at these pairs (docs/detect_change.md), none of `mini-change`. The later
picture is first brought to the light of the earlier one, as the job does (`normalise`), for every method alike. What
counts as changed is fixed beforehand: Otsu's threshold of each pair's differences; probability 0.5 of the others, where
the probability of angles is the job's own (`calibrate`).

LEVIR's labels are changes of buildings. Of `mini-change` both are given, as the job's `only` asks for them: buildings
that come or go, and any change. In the series of NAIP nobody has labelled anything: truth is where NDWI > 0 at one of
two dates alone, of dates whose NDWI draws water and not bare fields (chosen by looking at it alone; raw values are no
reflectances). There any change where the likeliest class is water at one date alone counts for `mini-change`; other
methods know no classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import rasterio
from PIL import Image
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from skimage.filters import threshold_otsu

from backend.models import oem
from backend.models.change_detector import ANY, BUILDING
from backend.models.mini_change import FOLDER, GRAPH, MiniChange
from backend.tasks.detect_change.calibrate import curve_of
from backend.tasks.detect_change.detected import change_of
from backend.tasks.detect_change.distance import Distance
from backend.tasks.detect_change.method import STEPS, to_bytes
from backend.tasks.detect_change.normalise import matched
from backend.tasks.detect_change.sample import Both
from backend.tasks.detect_change.segments import Segments
from tests.benchmarks.quality_ground import rates

HALF = 0.5
"""The probability fixed beforehand; the head is balanced so that made validation pairs show buildings best there."""
TILE = 512
WATER_FIRST, WATER_LATER = "20090818", ("20150926", "20170827", "20180716")
METHODS = (
    "pixel difference",
    "embedding distance",
    "segments",
    "mini-change, any",
    "mini-change, asked for",
)


def levir(folder) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield pictures before and after and where buildings changed, of folders A, B and label."""
    for path in sorted((folder / "label").glob("*.png")):
        before, after = (np.asarray(Image.open(folder / date / path.name).convert("RGB")) for date in "AB")
        yield before, after, np.asarray(Image.open(path).convert("L")) > 127


def water(folder) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield an early and each later date of a series of red, green, blue, infrared, and where water came or went."""
    first = next(folder.glob(f"*{WATER_FIRST}.tif"))
    with rasterio.open(first) as source:
        grid = {"crs": source.crs, "transform": source.transform, "width": source.width, "height": source.height}
    before, wet = _date(first, grid)
    for later in WATER_LATER:
        after, still = _date(next(folder.glob(f"*{later}.tif")), grid)
        yield before, after, wet != still


def _date(path, grid):
    with rasterio.open(path) as source, WarpedVRT(source, resampling=Resampling.bilinear, **grid) as moved:
        bands = moved.read()
    return np.ascontiguousarray(bands[:3].transpose(1, 2, 0)), bands[1] > bands[3]


def compared(mini, folder, pairs, changed) -> dict[str, dict]:
    """Return precision, recall and F1 of each method over the pixels of all pairs together.

    `changed` says what of the maps of `mini-change` is asked for.
    """
    finders = {"pixel difference": pixels, "embedding distance": angles(Distance(mini))}
    finders["segments"] = angles(Segments(mini, mini, "mini"))
    if (folder / GRAPH).is_file():
        learnt = MiniChange(TILE, folder)
        finders["mini-change, any"] = lambda one, other: _maps(learnt, one, other, anything)
        finders["mini-change, asked for"] = lambda one, other: _maps(learnt, one, other, changed)
    counts = {name: np.zeros(3, np.int64) for name in finders}
    share = []
    for before, after, truth in pairs:
        after = matched([Both(before, after, np.ones(truth.shape, bool))]).applied(after)
        share.append(truth.mean())
        for name, finder in finders.items():
            found = finder(before, after)
            counts[name] += (found & truth).sum(), found.sum(), truth.sum()
    return {"pairs": len(share), "changed": round(float(np.mean(share)), 4)} | {
        name: rates(*map(int, row)) for name, row in counts.items()
    }


def pixels(before, after) -> np.ndarray:
    """Return where the length of the difference of red, green and blue is above Otsu's threshold of the pair."""
    apart = np.linalg.norm(before.astype(np.float32) - after, axis=2)
    return apart > threshold_otsu(apart)


def angles(method):
    """Return what finds change by one of the job's methods that give angles."""

    def finder(before, after) -> np.ndarray:
        both = np.concatenate([before, after], 2)
        found = np.zeros(both.shape[:2], np.uint8)
        for tile in _tiles(both.shape):
            here = both[tile]
            cells = to_bytes(method(here, np.ones(here.shape[:2], bool))[0], True)
            found[tile] = np.kron(cells, np.ones((method.stride, method.stride), np.uint8))[
                : len(here), : here.shape[1]
            ]
        counts = np.bincount(found.ravel(), minlength=STEPS + 1)
        counts[0] = 0 if method.blank else counts[0]
        table = np.array(curve_of(counts).table() if counts.any() else [0] * 256)
        return (table[found] >= HALF * STEPS) & ((found > 0) | (not method.blank))

    return finder


def anything(maps) -> np.ndarray:
    """Return the probability of any change."""
    return change_of(ANY, maps, MiniChange.kinds, MiniChange.classes)[0]


def buildings(maps) -> np.ndarray:
    """Return the probability of a change of buildings."""
    return change_of(BUILDING, maps, MiniChange.kinds, MiniChange.classes)[0]


def waters(maps) -> np.ndarray:
    """Return the probability of any change where the likeliest class is water at one of the dates alone."""
    was, now = (classes.argmax(0) == oem.WATER for classes in (maps.before, maps.after))
    return anything(maps) * (was != now)


def _maps(learnt, before, after, changed) -> np.ndarray:
    found = np.zeros(before.shape[:2], bool)
    for tile in _tiles(before.shape):
        one, other = (np.ascontiguousarray(picture[tile]) for picture in (before, after))
        found[tile] = changed(learnt.detect(one, other, np.ones(one.shape[:2], bool))) >= HALF
    return found


def _tiles(shape):
    rows, columns = (np.linspace(0, side, -(-side // TILE) + 1).astype(int) for side in shape[:2])
    return [np.s_[a:b, c:d] for a, b in pairwise(rows) for c, d in pairwise(columns)]


def measure(model, args) -> dict:
    """Return the methods on LEVIR's labelled pairs (`--levir`) and on water in the series of NAIP."""
    folder = args.change_head or FOLDER
    found = {}
    if args.levir:
        found["LEVIR, buildings"] = compared(model, folder, levir(args.levir), buildings)
    if (args.data / "naip_series").is_dir():
        found["NAIP, water"] = compared(model, folder, water(args.data / "naip_series"), waters)
    return found


def markdown(found) -> str:
    """Return the tables as Markdown."""
    lines = ["| pairs | method | F1 | precision | recall |", "|---|---|---|---|---|"]
    for title, part in found.items():
        for name in METHODS:
            if name in part:
                row = part[name]
                lines.append(f"| {title} | {name} | {row['f1']} | {row['precision']} | {row['recall']} |")
    return "\n".join(lines)


def alone(data, levir_folder=None, head=None) -> dict:
    """Return the figures outside `quality.py`, with Mini as it ships."""
    from backend.models.mini import Mini

    return measure(Mini(TILE), SimpleNamespace(data=data, levir=levir_folder, change_head=head))
