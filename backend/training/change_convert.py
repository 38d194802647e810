"""Changen2's published checkpoints, which are pickles, to files that `models import` takes. Run it once, by hand.

    python -m backend.training.change_convert RSDIT.pth --out rsdit.safetensors
    python -m backend.training.change_convert s9c1_cstar_vitb_1x256.pth --out changestar.safetensors
    python -m backend models import changestar-vitb-s9 changestar.safetensors

Which of the two networks it is, and its size, is told by the tensors. A pickle is read by torch with weights only,
which runs no code. Of a checkpoint of training the averaged weights are taken.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from backend.models import changestar, rs_dit

CONTAINERS = ("ema", "state_dict", "model")
PARALLEL = "module."
"""What names begin with where several GPUs trained."""


def main() -> None:
    """Convert one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    save_file(tensors(torch.load(args.checkpoint, map_location="cpu", weights_only=True)), args.out)


def tensors(checkpoint: dict[str, Any]) -> dict[str, Tensor]:
    """Return the network's tensors, float32.

    Raises:
        ValueError, KeyError, RuntimeError: those of another network.
    """
    held = next((checkpoint[name] for name in CONTAINERS if isinstance(checkpoint.get(name), dict)), checkpoint)
    found = {name.removeprefix(PARALLEL): values.float().contiguous() for name, values in held.items()}
    build = rs_dit.built if "x_embedder.proj.bias" in found else changestar.network_of
    build(found)  # refuses what is none
    return found


if __name__ == "__main__":
    main()
