"""SSL4EO-S12's published checkpoints, which are pickles, to a file that `models import` takes. Run it once, by hand.

    python -m backend.training.ssl4eo_convert B13_vits16_moco_0099_ckpt.pth --out ssl4eo.safetensors
    python -m backend models import ssl4eo-vits16-moco ssl4eo.safetensors

It takes the backbones (also as torchgeo hosts them) and the full checkpoints of DINO, MoCo and MAE. A pickle is read by
torch with weights only, which runs no code.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from backend.models.ssl4eo import SentinelTokens

CONTAINERS = ("teacher", "state_dict", "model")
PREFIXES = ("module.", "backbone.", "base_encoder.", "encoder.")
TRAINING_ONLY = ("head.", "fc.", "decoder_", "mask_token", "momentum_encoder.", "predictor.", "projector.")
"""Parts of a full checkpoint that its method trained with and that nobody embeds with."""


def main() -> None:
    """Convert one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tensors = backbone(torch.load(args.checkpoint, map_location="cpu", weights_only=True))
    SentinelTokens(tensors)  # refuses what is none
    save_file(tensors, args.out)


def backbone(checkpoint: dict[str, Any]) -> dict[str, Tensor]:
    """Return the backbone's tensors under timm's names, float32."""
    for name in CONTAINERS:
        if isinstance(checkpoint.get(name), dict):
            checkpoint = checkpoint[name]
            break
    named = {_plain(name): values for name, values in checkpoint.items() if isinstance(values, Tensor)}
    return {name: v.float().contiguous() for name, v in named.items() if not name.startswith(TRAINING_ONLY)}


def _plain(name: str) -> str:
    while name.startswith(PREFIXES):
        name = name.split(".", 1)[1]
    return name


if __name__ == "__main__":
    main()
