"""A pack of two pictures, a town with houses and one beside water, with land cover as `painter_labels` gives it."""

import numpy as np

from backend.models import oem
from tests.backend.training.packed import encoded, write_pack

SIDE = 512
PICTURES = (("banepa_a", "instances"), ("naip_a", "trees"))


def write(folder):
    """Write pack.zip and labels.npz into `folder` and return it."""
    drawn = np.random.default_rng(0)
    town = np.zeros((SIDE, SIDE), np.uint16)
    for number in range(6):
        town[40 + 70 * number : 80 + 70 * number, 60:120] = number + 1
    image = drawn.integers(60, 90, (SIDE, SIDE, 3)).astype(np.uint8)
    image[town > 0] += 120
    files = {f"{name}.jpg": encoded(image) for name, _ in PICTURES}
    for name, kind in PICTURES:
        label = town if kind == "instances" else town * 0
        files |= {f"{name}.png": encoded(label), f"{name}_objects.png": encoded(label)}
    write_pack(folder / "pack.zip", [{"name": name, "kind": kind, "metres": 0.5} for name, kind in PICTURES], files)
    covers = np.full((SIDE // 4, SIDE // 4), oem.RANGE, np.uint8)
    covers[:, SIDE // 8 :] = oem.WATER
    seen = np.where(town[2::4, 2::4] > 0, oem.BUILDING, covers).astype(np.uint8)
    np.savez(folder / "labels.npz", banepa_a=covers, naip_a=seen)
    return folder
