"""SatCLIP's image towers: Sentinel-2 pictures to vectors that are compared with those of places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from backend.errors import BadInput, Unavailable
from backend.memory import threads
from backend.protocol import codes

from .location import Doubles
from .satclip_keys import tower_tensors
from .satclip_resnet import ResNet
from .satclip_vit import VisionTransformer

RESNET_SIDE = 256


def tower_from(path: Path) -> Callable[[NDArray[np.float32]], Doubles]:
    """Return what makes a vector of the reflectances (13, rows, columns) of a picture, from its middle.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    torch.set_num_threads(threads())
    try:
        network, side = built(tower_tensors(load_file(path)))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        detail = f"The image tower in {path.name} cannot be used ({reason}); import the model again."
        raise Unavailable(codes.WEIGHTS_MISMATCH, detail) from error

    @torch.inference_mode()
    def run(bands: NDArray[np.float32]) -> Doubles:
        found: Doubles = network(torch.from_numpy(_middle(bands, side))[None])[0].numpy().astype(np.float64)
        return found

    return run


def built(state: Mapping[str, Tensor]) -> tuple[nn.Module, int]:
    """Return the tower of its tensors under timm's names, for inference, and the side of its pictures.

    Raises:
        ValueError, KeyError, RuntimeError: other tensors.
    """
    if not state:
        raise ValueError("it holds none")
    network: nn.Module
    if "patch_embed.proj.weight" in state:
        width, bands, patch, _ = state["patch_embed.proj.weight"].shape
        side = patch * round((state["pos_embed"].shape[1] - 1) ** 0.5)
        depth = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("blocks."))
        network = VisionTransformer(width, depth, bands, len(state["head.weight"]), patch, side)
    else:
        side, depth = RESNET_SIDE, 50 if "layer1.0.conv3.weight" in state else 18
        network = ResNet(depth, state["conv1.weight"].shape[1], len(state["fc.weight"]))
    network.load_state_dict(dict(state), strict=True)
    return network.eval().requires_grad_(False), side


def _middle(bands: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    rows, columns = bands.shape[1:]
    if min(rows, columns) < side:
        detail = f"The picture is {columns} x {rows} pixels; give one of at least {side} x {side} at 10 m."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    top, left = (rows - side) // 2, (columns - side) // 2
    return np.ascontiguousarray(bands[:, top : top + side, left : left + side], np.float32)
