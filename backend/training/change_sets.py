"""Painted pairs to learn change from, made by the job `change` on packed pictures; held-out places are not among them.

    python -m backend.training.change_sets --pack build/training/pack.zip --labels build/training/painter_labels.npz \
        --out build/training/pairs --count 300

Each pair is a square of 256 pixels of one picture, with one event: buildings come, go or both, or land cover becomes
another. Pairs come in an order of chance, so a set that was stopped is a smaller one of the same sort; the same command
goes on. The folder is a dataset as `change --count` writes it: `splits/` names pairs by picture.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from scipy.ndimage import gaussian_filter

from backend.errors import BadInput
from backend.jobs.changing import run_pairs
from backend.jobs.run_context import RunContext
from backend.models import oem
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.paths import models_folder
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.change.job import LABELS
from backend.training.change_pairs import Bytes
from backend.training.change_places import Place, load_places
from backend.training.degradation import halved

SIDE = 256
EVENTS = {"mix": 0.4, "add": 0.15, "remove": 0.15, "swap": 0.3}
SHARES = {"dubai": 0.5, "naip": 0.3, "banepa": 0.2}
COARSER = {"dubai": (1, 1, 2), "naip": (1,), "banepa": (2,)}
"""By which factors pictures are made coarser, each as likely: houses come in several sizes."""
MOST, LEAST = 8, 2
SMOOTH = 4.0
"""Pixels over which land cover is made even: Mini's map has islands of a cell, which are no objects."""
CHECKED = 10
"""Every so many-th picture is for validation."""
NAMES = ("not known", *oem.NAMES[1:])
"""So that small parts stay what they are: OpenEarthMap's own table makes them unknown."""


@dataclass(frozen=True)
class Drawn:
    """One pair that is to be made."""

    name: str
    place: Place
    factor: int
    event: str
    seed: int


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True, help="the pack's land cover, of painter_labels")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--model", default="mini-painter")
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--margin", type=float, default=0.0, help="metres around what changes that are painted too")
    parser.add_argument("--seed", type=int, default=1337)
    args = parser.parse_args()
    warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
    loaded = LoadedModels(catalog(models_folder()), models_folder())
    places = load_places(args.pack, args.labels)
    checked = checked_pictures(places)
    for drawn in pairs_of(places, args.count, args.seed):
        if not (args.out / drawn.name).exists():
            made = make(drawn, args.out, loaded, args.model, args.steps, args.margin)
            print(drawn.name, drawn.place.picture.source, drawn.event, "" if made else "nothing to change", flush=True)  # noqa: T201
        write_splits(args.out, checked, places, args.count, args.seed)


def pairs_of(places: Sequence[Place], count: int, seed: int) -> list[Drawn]:
    """Return what is to be made, in an order of chance; the first ones are the same for any count."""
    drawn = np.random.default_rng(seed)
    found = []
    for number in range(count):
        source = str(drawn.choice(list(SHARES), p=list(SHARES.values())))
        choices = [index for index, place in enumerate(places) if place.picture.source == source]
        choices = choices or list(range(len(places)))
        index = choices[int(drawn.integers(len(choices)))]
        factor = int(drawn.choice(COARSER[source]))
        factor = factor if min(places[index].picture.image.shape[:2]) // factor >= SIDE else 1
        event = str(drawn.choice(list(EVENTS), p=list(EVENTS.values())))
        found.append(Drawn(f"pair_{number + 1:04d}_{index}", places[index], factor, event, int(drawn.integers(2**31))))
    return found


def checked_pictures(places: Sequence[Place]) -> set[int]:
    """Return the numbers of the pictures whose pairs are for validation."""
    return set(range(0, len(places), CHECKED))


def make(drawn: Drawn, out: Path, loaded: LoadedModels, model: str, steps: int, margin: float = 0.0) -> bool:
    """Make a pair by the job; say False where nothing in the picture can change so."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".source") as name:
        folder = Path(name)
        picture, labels = coarser(drawn.place, drawn.factor)
        for path, values in ((folder / "picture.tif", picture), (folder / "labels.tif", labels[..., None])):
            _write(path, values)
        parameters = {
            "event": drawn.event, "side": SIDE, "seed": drawn.seed, "steps": steps, "most": MOST, "least": LEAST,
            "margin": margin,
            "metres": drawn.place.metres * drawn.factor, "classes": _listed(), "like": f"{NAMES[0]}={oem.NAMES[0]}",
        } | ({} if drawn.event == "swap" else {"class": oem.NAMES[oem.BUILDING]})  # fmt: skip
        source, others = Source(path=str(folder / "picture.tif")), {LABELS: Source(path=str(folder / "labels.tif"))}
        request = JobRequest("change", model, source, parameters=parameters, others=others)
        run = RunContext(loaded, models_folder(), folder / "runs", lambda *_: None)
        try:
            run_pairs(request, folder / "made", run)
        except BadInput as error:
            if error.code != codes.NOTHING_CHANGES:
                raise
            return False
        (folder / "made").rename(out / drawn.name)
    return True


def coarser(place: Place, factor: int) -> tuple[Bytes, Bytes]:
    """Return picture (h, w, 3) and even land cover (h, w), `factor` times coarser."""
    labels = place.picture.classes
    soft = np.stack([gaussian_filter((labels == value).astype(np.float32), SMOOTH) for value in range(len(oem.NAMES))])
    even = np.where(labels == oem.BUILDING, oem.BUILDING, soft[: oem.BUILDING].argmax(0)).astype(np.uint8)
    rows, columns = (side // factor * factor for side in labels.shape)
    return halved(place.picture.image[:rows, :columns], factor), even[
        factor // 2 : rows : factor, factor // 2 : columns : factor
    ]


def write_splits(out: Path, checked: set[int], places: Sequence[Place], count: int, seed: int) -> None:
    """Write which of the pairs that are there are for what."""
    (out / "splits").mkdir(exist_ok=True)
    there = [drawn.name for drawn in pairs_of(places, count, seed) if (out / drawn.name / "run.json").exists()]
    parts: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
    for name in there:
        parts["validation" if int(name.rsplit("_", 1)[1]) in checked else "train"].append(name)
    for part, names in parts.items():
        (out / "splits" / f"{part}.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _listed() -> str:
    return ";".join(f"{value}={name}" for value, name in enumerate(NAMES))


def _write(path: Path, values: Bytes) -> None:
    height, width, count = values.shape
    with rasterio.open(path, "w", driver="GTiff", dtype="uint8", count=count, width=width, height=height) as dataset:
        dataset.write(np.moveaxis(values, 2, 0))


if __name__ == "__main__":
    main()
