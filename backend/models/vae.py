"""Pictures as latents an eighth of their size, by Stable Diffusion's autoencoder (arXiv:2112.10752)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor

from backend.device import ComputeDevice

from .damaged import damaged
from .segmenter import Image
from .spec import ModelSpec

FACTOR, CHANNELS = 8, 4
SCALE = 0.18215
"""Latents are multiplied by this, for a variance near that of noise."""


class Vae:
    """Encodes and decodes pictures whose sides are multiples of 8, by a `network` in float32."""

    def __init__(self, network: Any, device: ComputeDevice) -> None:
        self._device = torch.device(device.kind)
        self._network = network.eval().requires_grad_(False).to(self._device)

    def encode(self, picture: Image) -> Tensor:
        """Return the likeliest latents (1, 4, h / 8, w / 8) of a picture (h, w, 3)."""
        values = torch.from_numpy(picture).to(self._device).permute(2, 0, 1)[None].float() / 127.5 - 1
        latents: Tensor = self._network.encode(values).latent_dist.mode() * SCALE
        return latents

    def decode(self, latents: Tensor) -> Image:
        """Return the picture (h, w, 3) of latents."""
        values = self._network.decode(latents / SCALE).sample[0]
        found: Image = ((values + 1) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).cpu().numpy()
        return found


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> Vae:
    """Return the autoencoder with the weights in `folder`."""
    return vae_from(folder, device)


def vae_from(folder: Path, device: ComputeDevice) -> Vae:
    """Return the autoencoder whose config.json and diffusion_pytorch_model.safetensors lie in `folder`.

    Raises:
        Unavailable: WEIGHTS_MISMATCH, a file is missing or damaged, or latents are not of 4 channels at an eighth.
    """
    from diffusers import AutoencoderKL
    from diffusers.utils import logging

    # tensors that are missing are an error below; what the library says of them would only fill the log
    logging.set_verbosity_error()
    try:
        network, report = AutoencoderKL.from_pretrained(  # type: ignore[no-untyped-call]
            folder,
            use_safetensors=True,
            local_files_only=True,
            low_cpu_mem_usage=False,
            output_loading_info=True,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise damaged(folder.name, error) from error
    if report["missing_keys"]:
        raise damaged(folder.name, f"{len(report['missing_keys'])} tensors are missing")
    depth, channels = len(network.config.block_out_channels), network.config.latent_channels
    if (2 ** (depth - 1), channels) != (FACTOR, CHANNELS):
        raise damaged(
            folder.name, f"it makes {channels} channels at 1/{2 ** (depth - 1)}, not {CHANNELS} at 1/{FACTOR}"
        )
    return Vae(network, device)
