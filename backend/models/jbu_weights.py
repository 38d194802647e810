"""The upsampler's weights: safetensors in a folder, and the training checkpoints they are made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from .damaged import damaged
from .jbu import STEPS, Upsampler
from .jbu_guided import Floats, GuidedUpsampler

FILE = "upsampler.safetensors"
PREFIX = "upsampler."
LAST = "fixup_proj"
COUNT = "steps"
"""Beside SimFeatUp's own tensors: how often its one module is used, where that is not four times."""


def upsampler_from(folder: Path) -> Upsampler:
    """Return the upsampler in `folder`, float32, for inference.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    try:
        return built(load_file(folder / FILE))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise damaged(folder.name, error) from error


def guided(folder: Path) -> GuidedUpsampler:
    """Return the upsampler in `folder` for features of NumPy, on the CPU."""
    model = upsampler_from(folder)

    @torch.inference_mode()
    def run(features: Floats, picture: Floats) -> Floats:
        found: Floats = model(torch.from_numpy(features), torch.from_numpy(picture)).numpy()
        return found

    return GuidedUpsampler(run, 1 << len(model.steps), model.reach())


def built(state: dict[str, Tensor]) -> Upsampler:
    """Return the upsampler of its tensors; their names tell FeatUp's layout from SimFeatUp's, their shapes the sizes.

    Raises:
        ValueError, RuntimeError, KeyError: other tensors.
    """
    state = dict(state)
    shared = "up.range_temp" in state
    steps = (
        int(state.pop(COUNT, torch.tensor(STEPS))) if shared else len({name.split(".")[0] for name in state} - {LAST})
    )
    neighbours = len(state["up.fixup_proj.3.weight" if shared else "up1.fixup_proj.3.weight"])
    side = round(neighbours**0.5)
    if side**2 != neighbours or side % 2 == 0:
        raise ValueError(f"{neighbours} neighbours are no odd square")
    model = Upsampler(len(state["fixup_proj.1.weight"]), side // 2, shared, steps)
    model.load_state_dict(state, strict=True)
    return model.eval().requires_grad_(False)


def tensors(model: Upsampler) -> dict[str, Tensor]:
    """Return what `built` makes the upsampler again of."""
    found = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    return found | ({COUNT: torch.tensor(len(model.steps))} if model.shared else {})


def from_checkpoint(state: dict[str, Any]) -> dict[str, Tensor]:
    """Return the tensors of a FeatUp or SimFeatUp checkpoint under our names: its upsampler's, without their prefix."""
    state = state.get("state_dict", state)
    return {name[len(PREFIX) :]: value.contiguous() for name, value in state.items() if name.startswith(PREFIX)}
