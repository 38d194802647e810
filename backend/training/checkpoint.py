"""A run in its folder: tensors and optimiser as safetensors, and what is counted; each by a rename, counts last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

STATE, OPTIMISER = "state.json", "optimiser"


def write(
    folder: Path, parts: Mapping[str, Mapping[str, Tensor]], optimiser: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Write `parts` to `{name}.safetensors`, the optimiser's moments, and `state`, all as they are on the CPU."""
    moments = {
        f"{index}.{name}": value
        for index, row in optimiser.state_dict()["state"].items()
        for name, value in row.items()
    }
    for name, tensors in {**parts, OPTIMISER: moments}.items():
        part = folder / f"{name}.part"
        save_file({key: value.detach().cpu().contiguous() for key, value in tensors.items()}, part)
        part.replace(folder / f"{name}.safetensors")
    part = folder / "state.part"
    part.write_text(json.dumps(state))
    part.replace(folder / STATE)


def read_state(folder: Path) -> dict[str, Any] | None:
    """Return what was counted, None where no run has saved yet."""
    path = folder / STATE
    found: dict[str, Any] | None = json.loads(path.read_text()) if path.exists() else None
    return found


def read(folder: Path, name: str) -> dict[str, Tensor]:
    """Return one of the parts, on the CPU."""
    return dict(load_file(folder / f"{name}.safetensors"))


def restore(folder: Path, optimiser: torch.optim.Optimizer) -> None:
    """Give an optimiser of the same parameters, on any device, its moments back; its rates stay."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in read(folder, OPTIMISER).items():
        index, name = key.split(".")
        state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
