"""ChangeStar(1x256) as Changen2 trained it: change between two pictures, without labels of either (TPAMI 2025).

Weights of one class look for buildings, those of nine tell OpenEarthMap's land cover before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from backend.device import ComputeDevice
from backend.memory import threads

from . import oem
from .change_detector import ANY, BUILDING, NONE, ChangeMaps, Floats
from .changestar_keys import published, renamed
from .changestar_network import ChangeStar, ChangeStarConfig
from .damaged import damaged
from .fallback import Fallback
from .segmenter import Image, Mask
from .spec import ModelSpec
from .torch_runtime import cast_parameters

FILE = "changestar.safetensors"
STEP = 32
"""Sides of what the network sees are multiples of this."""
PATCH, IN_WINDOW = 16, 2 * 14 - 1


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackChangeStar:
    """Return ChangeStar with the weights in `folder`."""
    return FallbackChangeStar(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> ChangeStarDetector:
    """Return ChangeStar on exactly `device`.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    torch.set_num_threads(threads())
    try:
        network = network_of(load_file(folder / FILE))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise damaged(spec.id, error) from error
    return ChangeStarDetector(network, spec, device)


def network_of(state: Mapping[str, Tensor]) -> ChangeStar:
    """Return the network of published tensors, for inference; all sizes are taken from them.

    Raises:
        ValueError, KeyError, RuntimeError: other tensors.
    """
    positions = state["encoder.vit.pos_embed"]
    rows = {int(name.split(".")[3]): len(values) for name, values in state.items() if name.endswith(".attn.rel_pos_h")}
    config = ChangeStarConfig(
        hidden=positions.shape[3],
        depth=len(rows),
        attends=tuple(block for block, count in sorted(rows.items()) if count != IN_WINDOW),
        side=PATCH * positions.shape[1],
        classes=len(state["head.semantic_conv.0.bias"]),
        changes=len(state["head.change_conv.0.bias"]),
    )
    with torch.device("meta"):
        network = ChangeStar(config)
    strange = sorted(set(map(published, network.state_dict())) ^ set(state))
    if strange:
        raise ValueError(f"{len(strange)} tensors are missing or of another network, the first is {strange[0]}")
    network.load_state_dict(renamed(state), strict=True, assign=True)
    return network.eval().requires_grad_(False)


class ChangeStarDetector:
    """Implements `ChangeDetector`. SAM's encoder runs in the device's own type, the rest in float32."""

    def __init__(self, network: ChangeStar, spec: ModelSpec, device: ComputeDevice) -> None:
        self.input_size = spec.input_size
        self.kinds = kinds_of(network.config)
        self.classes = oem.NAMES if network.config.classes == len(oem.NAMES) else (BUILDING,)
        self._device = torch.device(device.kind)
        self._network = network.to(self._device, torch.float32)
        cast_parameters(network.encoder.vit, getattr(torch, device.dtype))
        look = spec.normalisation
        self._mean, self._std = (np.asarray(values, np.float32) * 255 for values in (look.mean, look.std))

    @torch.inference_mode()
    def detect(self, before: Image, after: Image, valid: Mask) -> ChangeMaps:
        """Return what changed between two pictures (h, w, 3) of one grid; `valid` (h, w) where both have data."""
        height, width = valid.shape
        found = self._network(self._seen(before, valid), self._seen(after, valid))
        change, was, now = (_probabilities(logits)[0, :, :height, :width].cpu().numpy() for logits in found)
        return ChangeMaps(change, was, now)

    def close(self) -> None:
        """Free the weights."""
        del self._network
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _seen(self, picture: Image, valid: Mask) -> Tensor:
        """Return a picture normalised, in the corner of a square (1, 3, side, side); elsewhere is the mean's colour."""
        side = -(-max(valid.shape) // STEP) * STEP
        square: Floats = np.zeros((side, side, 3), np.float32)
        square[: valid.shape[0], : valid.shape[1]] = (picture - self._mean) / self._std * valid[..., None]
        return torch.from_numpy(square).to(self._device).permute(2, 0, 1)[None]


class FallbackChangeStar(Fallback[ChangeStarDetector]):
    """A `ChangeDetector` that goes on without a GPU when that GPU's memory runs out."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the names of what is told of change."""
        return self._model.kinds

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of what is told of before and after."""
        return self._model.classes

    def detect(self, before: Image, after: Image, valid: Mask) -> ChangeMaps:
        """Return what changed between two pictures."""
        try:
            return self._model.detect(before, after, valid)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return self._model.detect(before, after, valid)


def kinds_of(config: ChangeStarConfig) -> tuple[str, ...]:
    """Return the names of its maps of change: one is of what it looks for, several are steps of damage after none."""
    if config.changes == 1:
        return (BUILDING,) if config.classes == 1 else (ANY,)
    return NONE, *(f"damage {step}" for step in range(1, config.changes))


def _probabilities(logits: Tensor) -> Tensor:
    """Return probabilities (n, maps, h, w): of one map whether, of several which."""
    return logits.sigmoid() if logits.shape[1] == 1 else logits.softmax(1)
