"""Checkpoints of MetaEarth's design (arXiv:2405.13570) in our layout of keys, of any size, run by torch.

Sizes are read from the tensors' shapes: the network of over 600 million parameters that the paper tells and the small
one that ships are loaded alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from backend.device import ComputeDevice
from backend.memory import threads

from .damaged import damaged
from .fallback import Fallback
from .generator import Floats
from .generator_network import SCALE, Generator, GeneratorConfig
from .spec import ModelSpec

FILE = "metaearth.safetensors"
SIDE = 256


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackMetaEarth:
    """Return the generator whose weights lie in `folder`."""
    return FallbackMetaEarth(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> MetaEarth:
    """Return the generator on exactly `device`. Raises WEIGHTS_MISMATCH."""
    torch.set_num_threads(threads())
    try:
        tensors = load_file(folder / FILE)
        with torch.device("meta"):
            network = Generator(sizes(tensors))
        network.load_state_dict(tensors, assign=True)
    except (OSError, ValueError, KeyError, IndexError, RuntimeError, SafetensorError) as error:
        raise damaged(spec.title, error) from error
    return MetaEarth(network.float().eval().requires_grad_(False), device)


class MetaEarth:
    """Implements `Painter`."""

    input_size = SIDE

    def __init__(self, network: Generator, device: ComputeDevice) -> None:
        self._device, self._dtype = torch.device(device.kind), getattr(torch, device.dtype)
        self._network = network.to(self._device)

    @torch.inference_mode()
    def condition(self, low: Floats) -> tuple[Floats, Floats]:
        """Return pictures enlarged, and encoded."""
        given = torch.from_numpy(low).to(self._device)
        with torch.autocast(self._device.type, self._dtype, enabled=self._dtype != torch.float32):
            shown = self._network.shown(given)
        enlarged = F.interpolate(given, scale_factor=float(SCALE), mode="bicubic", align_corners=False)
        return _floats(enlarged), _floats(shown)

    @torch.inference_mode()
    def noise(self, noisy: Floats, shown: Floats, step: int, metres: Floats) -> Floats:
        """Return the noise in pictures."""
        at = np.full(len(noisy), step, np.float32)
        given = [torch.from_numpy(values).to(self._device) for values in (noisy, shown, at, metres)]
        with torch.autocast(self._device.type, self._dtype, enabled=self._dtype != torch.float32):
            return _floats(self._network.denoise(*given))

    def close(self) -> None:
        """Free the weights."""
        del self._network
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


class FallbackMetaEarth(Fallback[MetaEarth]):
    """A `Painter` that goes on without a GPU when that GPU's memory runs out."""

    def condition(self, low: Floats) -> tuple[Floats, Floats]:
        """Return pictures enlarged, and encoded."""
        try:
            return self._model.condition(low)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return self._model.condition(low)

    def noise(self, noisy: Floats, shown: Floats, step: int, metres: Floats) -> Floats:
        """Return the noise in pictures."""
        try:
            return self._model.noise(noisy, shown, step, metres)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        self._rebuild()
        return self._model.noise(noisy, shown, step, metres)


def sizes(tensors: Mapping[str, Tensor]) -> GeneratorConfig:
    """Return the sizes of the network whose `tensors` these are. Raises KeyError, ValueError for another's."""
    levels = 1 + _count(tensors, "coarser.{}.weight")
    attends = tuple(level for level in range(levels) if f"down.{level}.attention.qkv.weight" in tensors)
    fold = round((tensors["leave.bias"].numel() / 3) ** 0.5)
    encoder = tensors["encoder.enter.weight"].shape[0]
    return GeneratorConfig(
        widths=tuple(tensors[f"down.{level}.blocks.0.second.bias"].numel() for level in range(levels)),
        blocks=tuple(_count(tensors, f"down.{level}.blocks.{{}}.second.bias") for level in range(levels)),
        fold=fold,
        encoder=(encoder, _count(tensors, "encoder.blocks.{}.convs.0.weight")),
        embedding=tensors["time.0.bias"].numel(),
        extra=(tensors["enter.weight"].shape[1] - encoder) // fold**2 - 3,
        attends=attends,
    )


def _count(tensors: Mapping[str, Tensor], name: str) -> int:
    number = 0
    while name.format(number) in tensors:
        number += 1
    return number


def _floats(values: Tensor) -> Floats:
    found: Floats = values.float().cpu().numpy()
    return found
