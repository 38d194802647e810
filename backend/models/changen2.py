"""Changen2's painter (Zheng et al., TPAMI 2025): RS-DiT, sampled as DiT is, with masked change diffusion.

What did not change is known: at each step its latents are those of the picture, with that step's noise. The published
weights of 9 label maps know OpenEarthMap's classes, those of one map know whether there is a building.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from backend.device import ComputeDevice
from backend.memory import threads

from . import oem, weights
from .catalog_change import SD_VAE
from .change_painter import Flags, Labels, Place
from .damaged import damaged
from .fallback import Fallback
from .iddpm import Iddpm
from .rs_dit import PATCH, RsDit, built
from .segmenter import Image
from .spec import ModelSpec
from .vae import FACTOR, Vae, vae_from

FILE = "rsdit.safetensors"
NO_DATA = 255
MIDDLE = 2**31
"""Added to pixels, which may be negative, for keys that may not."""


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackChangen2:
    """Return Changen2 with the weights in `folder`, and the autoencoder's from the same store."""
    return FallbackChangen2(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> Changen2:
    """Return Changen2 on exactly `device`.

    Raises:
        Unavailable: MODEL_NOT_INSTALLED (the autoencoder is not), WEIGHTS_MISMATCH.
    """
    torch.set_num_threads(threads())
    weights.verify(SD_VAE, folder.parent)
    try:
        network = built(load_file(folder / FILE))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise damaged(spec.id, error) from error
    return Changen2(network, vae_from(weights.folder_of(SD_VAE, folder.parent), device), device)


class Changen2:
    """Implements `ChangePainter`.

    Attributes:
        guidance: in which share of the steps, from the noisiest, what did not change is held to the picture. The paper
            has such a ratio without its value; at 1, all steps, its latents are the picture's own in the end, below
            that what is painted and what is known may still grow together. Pixels that did not change stay anyway.
    """

    side_of = FACTOR * PATCH
    input_size = 256

    def __init__(self, network: RsDit, vae: Vae, device: ComputeDevice) -> None:
        self._device = torch.device(device.kind)
        self._network, self._vae = network.to(self._device, torch.float32), vae
        self._maps = network.config.labels
        self.classes = oem.NAMES if self._maps == len(oem.NAMES) else ()
        self.guidance = 1.0

    @torch.inference_mode()
    def after(self, picture: Image, before: Labels, after: Labels, painted: Flags, place: Place) -> Image:
        """Return the picture (h, w, 3) when its labels (h, w) have become others, where it is `painted`.

        Sides are multiples of 16. The same seed and place give the same picture on the same kind of device.
        """
        known, cells = self._vae.encode(picture), _cells(painted).to(self._device)
        latents = self._sample(known, cells, after, place.steps, _chance(place))
        return np.where(painted[..., None], self._vae.decode(latents), picture)

    def _sample(self, known: Tensor, changed: Tensor, labels: Labels, steps: int, random: torch.Generator) -> Tensor:
        """Return latents (1, 4, h, w) with `labels` where cells (1, 1, h, w) are `changed`, else near `known`."""
        sampler = Iddpm(steps)
        told = self._network.told(one_hot(labels, self._maps).to(self._device))
        here = self._drawn(known.shape, random)
        held = round(self.guidance * steps)
        for index, step in enumerate(reversed(range(steps))):
            if index < held:
                here = torch.where(changed, here, sampler.noised(known, self._drawn(known.shape, random), step))
            at = torch.tensor([sampler.taken[step]], device=self._device)
            predicted = self._network.denoise(here, at, told)
            here = sampler.step_back(here, predicted, step, self._drawn(known.shape, random))
        return torch.where(changed, here, known) if held == steps else here

    def _drawn(self, shape: torch.Size, random: torch.Generator) -> Tensor:
        """Return noise, drawn on the CPU so that it is the same on all devices."""
        return torch.randn(shape, generator=random).to(self._device)

    def close(self) -> None:
        """Free the weights."""
        del self._network, self._vae
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


class FallbackChangen2(Fallback[Changen2]):
    """A `ChangePainter` that goes on without a GPU when that GPU's memory runs out."""

    side_of, input_size = Changen2.side_of, Changen2.input_size

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of the values it understands."""
        return self._model.classes

    def detail(self, guidance: float) -> None:
        """Set in which share of the steps what did not change is held."""
        self._model.guidance = guidance

    def after(self, picture: Image, before: Labels, after: Labels, painted: Flags, place: Place) -> Image:
        """Return the picture after a change of its labels."""
        try:
            return self._model.after(picture, before, after, painted, place)
        except torch.OutOfMemoryError:
            self.device = self._instead()
        guidance = self._model.guidance
        self._rebuild()
        self.detail(guidance)
        return self._model.after(picture, before, after, painted, place)


def _chance(place: Place) -> torch.Generator:
    """Return random numbers of a seed and a place."""
    key = np.random.SeedSequence([place.seed, place.col + MIDDLE, place.row + MIDDLE])
    return torch.Generator().manual_seed(int(key.generate_state(1, np.uint64)[0] >> 1))


def one_hot(labels: Labels, maps: int) -> Tensor:
    """Return labels (h, w) as the network takes them, (1, maps, h, w): a map a class, or one of what is not 0.

    What has no data is class 0, unknown.
    """
    known = torch.from_numpy(np.where(labels == NO_DATA, 0, labels).astype(np.int64))
    if maps == 1:
        return (known > 0).float()[None, None]
    return F.one_hot(known, maps).permute(2, 0, 1)[None].float()


def _cells(painted: Flags) -> Tensor:
    """Return in which latents (1, 1, h / 8, w / 8) any pixel is painted."""
    return F.max_pool2d(torch.from_numpy(painted)[None, None].float(), FACTOR) > 0
