"""Vision transformers of the SSL4EO-S12 project: Sentinel-2 in all bands, or Sentinel-1, to vectors.

Wang et al., IEEE GRSM 2023 (arXiv:2211.07044). ViT-S/16 under timm's names, without a head; which method trained it
(DINO, MoCo, MAE) makes no difference to its layout. Normalisation is that of its authors' evaluation: Sentinel-2 as
10000 times the reflectance divided by 10000, Sentinel-1 in dB by the bands' statistics. The data it learnt from are
older than the +1000 of processing baseline 04.00: newer products need the offset -1000 (`geo.bands.Scaling`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from backend.device import ComputeDevice
from backend.geo.band_names import LEVEL_1C, LEVEL_2A

from .damaged import damaged
from .satclip_vit import VisionTransformer
from .spec import ModelSpec
from .torch_embedder import FallbackEmbedder, Form, TorchEmbedder, as_map

FILE = "ssl4eo.safetensors"
SIDE = 224
PER_REFLECTANCE = 10_000.0


def _optical(bands: tuple[str, ...]) -> Form:
    return Form(SIDE, (0.0,) * len(bands), (PER_REFLECTANCE,) * len(bands), bands, "bilinear")


FORMS: Mapping[str, Form] = {
    "l1c": _optical(LEVEL_1C),
    "l2a": _optical(LEVEL_2A),
    "s1": Form(SIDE, (-12.59, -20.26), (5.26, 5.91), ("VV", "VH"), "bilinear"),
}


def load(spec: ModelSpec, folder: Path, device: ComputeDevice) -> FallbackEmbedder:
    """Return the model with the weights in `folder`."""
    return FallbackEmbedder(build, spec, folder, device)


def build(spec: ModelSpec, folder: Path, device: ComputeDevice) -> TorchEmbedder:
    """Return the model on exactly `device`.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    form = FORMS[str(spec.options["input"])]
    try:
        network = SentinelTokens(load_file(folder / FILE))
        if network.bands != len(form.bands):
            raise ValueError(f"they take {network.bands} bands, not {', '.join(form.bands)}")
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise damaged(spec.title, error) from error
    return TorchEmbedder(network, form, spec, device)


class SentinelTokens(nn.Module):
    """Normalised bands to the class token, or to the tokens of patches, after the last norm."""

    def __init__(self, state: dict[str, Tensor]) -> None:
        """Build it of a backbone's tensors under timm's names.

        Raises:
            ValueError: a tensor is missing, too many, or of another shape; the sentence names it.
        """
        super().__init__()
        first = state.get("patch_embed.proj.weight")
        blocks = {name.split(".")[1] for name in state if name.startswith("blocks.")}
        if first is None or first.ndim != 4 or "pos_embed" not in state or not blocks:
            raise ValueError("they are no vision transformer under timm's names")
        self.width = self.dense_width = len(first)
        self.bands, self.patch = first.shape[1:3]
        side = self.patch * round((state["pos_embed"].shape[1] - 1) ** 0.5)
        self.vit = VisionTransformer(self.width, len(blocks), self.bands, 0, self.patch, side)
        _check(state, self.vit.state_dict())
        self.vit.load_state_dict(state, strict=True)
        self.eval().requires_grad_(False)

    def pooled(self, pixels: Tensor) -> Tensor:
        """Return (n, width)."""
        found: Tensor = self.vit(pixels)
        return found

    def patches(self, pixels: Tensor) -> Tensor:
        """Return (n, width, h / patch, w / patch)."""
        tokens = self.vit.tokens(pixels)[:, 1:]
        return as_map(tokens, pixels.shape[2] // self.patch)


def _check(state: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    lacking, strange = sorted(set(wanted) - set(state)), sorted(set(state) - set(wanted))
    if lacking:
        raise ValueError(f"{lacking[0]} is missing")
    if strange:
        raise ValueError(f"{strange[0]} does not belong to it")
    other = [name for name, values in wanted.items() if values.shape != state[name].shape]
    if other:
        raise ValueError(
            f"{other[0]} is of the shape {tuple(state[other[0]].shape)}, not {tuple(wanted[other[0]].shape)}"
        )
