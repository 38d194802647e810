"""Published checkpoints, which are pickles, to files that `models import` takes. Run it once, on a machine of yours.

    python -m backend.training.upsampler_convert upsampler xclip_jbu_one_million_aid.ckpt --out upsampler.safetensors
    python -m backend.training.upsampler_convert clip RemoteCLIP-ViT-B-32.pt --out remoteclip

The first is for `models import simfeatup`. The second makes a folder for `models import segearth-remoteclip` or
`segearth-georsclip`; `--gelu` says that the model was trained without OpenAI's activation. A pickle is read by torch
with weights only, which runs no code.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from backend.models.clip_weights import built
from backend.models.jbu_weights import built as built_upsampler
from backend.models.jbu_weights import from_checkpoint


def main() -> None:
    """Convert one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("upsampler", "clip"))
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gelu", action="store_true")
    args = parser.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    if args.kind == "upsampler":
        write_upsampler(state, args.out)
    else:
        write_clip(state, args.out, quick_gelu=not args.gelu)


def write_upsampler(state: dict[str, Any], out: Path) -> None:
    """Write the upsampler of a FeatUp or SimFeatUp checkpoint to the file `out`."""
    found = from_checkpoint(state)
    built_upsampler(found)  # refuses what is none
    save_file(found, out)


def write_clip(state: dict[str, Any], out: Path, quick_gelu: bool) -> None:
    """Write a CLIP in OpenAI's or open_clip's layout to the folder `out`, as transformers reads it."""
    built(state, {"quick_gelu": quick_gelu, "vision_cfg": {}}).save_pretrained(out)


if __name__ == "__main__":
    main()
