"""Published location encoders, which are pickles, to files that `models import` takes. Run it once, on your machine.

    python -m backend.training.places_convert satclip satclip-vit16-l40.ckpt --out satclip.safetensors
    python -m backend models import satclip-vit16-l40 satclip.safetensors
    python -m backend.training.places_convert geoclip --out geoclip.safetensors
    python -m backend models import geoclip geoclip.safetensors

GeoCLIP's checkpoint is by default that of the installed package `geoclip` (`pip install --no-deps geoclip==1.3.0`),
which is not imported. A pickle is read by torch with weights only, which runs no code.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from backend.models.satclip_keys import NETWORK, TOWER, location_tensors, tower_tensors
from backend.models.satclip_towers import built

PACKAGE, PACKAGE_FILE = "geoclip", "model/weights/location_encoder_weights.pth"


def main() -> None:
    """Convert one checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("satclip", "geoclip"))
    parser.add_argument("checkpoint", type=Path, nargs="?", help="geoclip: default is that of the installed package")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if args.kind == "satclip" and args.checkpoint is None:
        parser.error("name the checkpoint")
    state = torch.load(args.checkpoint or package_weights(), map_location="cpu", weights_only=True)
    (write_satclip if args.kind == "satclip" else write_geoclip)(state, args.out)


def write_satclip(checkpoint: dict[str, Any], out: Path) -> None:
    """Write the location encoder, once, and the image tower, where there is one, of a checkpoint to the file `out`.

    Raises:
        ValueError, KeyError, RuntimeError: the checkpoint is another model's.
    """
    state = checkpoint.get("state_dict", checkpoint)
    found = {NETWORK + name: values for name, values in location_tensors(state).items()}
    tower = tower_tensors(state)
    if tower:
        built(tower)  # refuses what is none
    found |= {TOWER + name: values for name, values in tower.items()}
    _save(found, out)


def write_geoclip(state: dict[str, Any], out: Path) -> None:
    """Write the location encoder of the package's file to `out`."""
    _save({name: values for name, values in state.items() if name.startswith("LocEnc")}, out)


def package_weights() -> Path:
    """Return the weights inside the installed package. Raises FileNotFoundError."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed; name its {PACKAGE_FILE}")
    return Path(spec.origin).parent / PACKAGE_FILE


def _save(tensors: dict[str, Tensor], out: Path) -> None:
    save_file({name: values.contiguous() for name, values in tensors.items()}, out)


if __name__ == "__main__":
    main()
