"""A pack of four small pictures and a few chips, phrases as random vectors, and a run over them."""

import argparse
import json

import numpy as np
import torch
from safetensors.torch import save_file

from backend.training.phrases import SCENES
from backend.training.text_losses import all_sentences
from tests.backend.training import packed
from tests.backend.training.packed import encoded

KINDS = {"dubai_a": "classes", "banepa_a": "instances", "naip_a": "trees", "s2_a": "none"}
SIDE = 320


def write_pack(path):
    drawn = np.random.default_rng(0)
    files = {}
    for name, kind in KINDS.items():
        label = np.zeros((SIDE, SIDE), np.uint16)
        for number in range(1, 6):
            row, column = drawn.integers(0, SIDE - 90, 2)
            label[row : row + 90, column : column + 90] = number if kind != "trees" else 1
        image = (label[:, :, None] * 40 + drawn.integers(0, 40, (SIDE, SIDE, 3))).astype(np.uint8)
        files[f"{name}.jpg"] = encoded(image, "JPEG")
        files[f"{name}.png"] = encoded(label if kind != "none" else label * 0)
        files[f"{name}_objects.png"] = encoded(label)
    chips = drawn.integers(0, 256, (4 * 64, 4 * 64, 3), np.uint8)
    files["eurosat_0.jpg"] = encoded(chips, "JPEG")
    files["eurosat_0.json"] = json.dumps([k % len(SCENES) for k in range(16)])
    entries = [{"name": name, "kind": kind, "metres": 1.0} for name, kind in KINDS.items()]
    packed.write_pack(path, entries, files, eurosat=1)


def write_phrases(folder):
    folder.mkdir(parents=True, exist_ok=True)
    drawn = torch.Generator().manual_seed(0)
    vectors = {s: torch.nn.functional.normalize(torch.randn(384, generator=drawn), dim=0) for s in all_sentences()}
    save_file(vectors, folder / "phrases.safetensors")


def arguments(pack, out, **others):
    """Return what `train` hands to a run: four steps of few crops, by one process."""
    wanted = {"pack": pack, "out": out, "start": None, "minutes": 1, "steps": 4, "again": 0, "crops": 2, "chips": 3}
    return argparse.Namespace(**wanted | {"seed": 7, "workers": 1, "device": "cpu"} | others)
