"""Names of SAM 2's tensors as its authors publish them, turned into those of transformers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor

Rule = tuple[str, str]
RULES: tuple[Rule, ...] = (
    (r"^image_encoder\.trunk\.", "vision_encoder.backbone."),
    (r"^image_encoder\.neck\.convs\.(\d+)\.conv\.", r"vision_encoder.neck.convs.\1."),
    (r"^sam_prompt_encoder\.", "prompt_encoder."),
    (r"^sam_mask_decoder\.", "mask_decoder."),
    (r"^no_mem_embed$", "no_memory_embedding"),
    (r"patch_embed\.proj\.", "patch_embed.projection."),
    (r"pe_layer\.positional_encoding_gaussian_matrix$", "shared_embedding.positional_embedding"),
    (r"(\.mlp)\.layers\.0\.", r"\1.proj_in."),  # two layers
    (r"(\.mlp)\.layers\.1\.", r"\1.proj_out."),
    (r"(mlps\.\d|_head)\.layers\.0\.", r"\1.proj_in."),  # three
    (r"(mlps\.\d|_head)\.layers\.2\.", r"\1.proj_out."),
    (r"(mlps\.\d|_head)\.layers\.1\.", r"\1.layers.0."),
    (r"mask_downscaling\.0\.", "mask_embed.conv1."),
    (r"mask_downscaling\.1\.", "mask_embed.layer_norm1."),
    (r"mask_downscaling\.3\.", "mask_embed.conv2."),
    (r"mask_downscaling\.4\.", "mask_embed.layer_norm2."),
    (r"mask_downscaling\.6\.", "mask_embed.conv3."),
    (r"output_upscaling\.0\.", "upscale_conv1."),
    (r"output_upscaling\.1\.", "upscale_layer_norm."),
    (r"output_upscaling\.3\.", "upscale_conv2."),
    (r"\.norm(\d|_final_attn)\.", r".layer_norm\1."),
    (r"\.out_proj\.", ".o_proj."),
)
IMAGE_PARTS = ("image_encoder.", "sam_prompt_encoder.", "sam_mask_decoder.", "no_mem_embed")
"""Beginnings of the names single images need; the rest is the memory of videos."""
POINTS = re.compile(r"prompt_encoder\.point_embeddings\.(\d)\.weight")
SHARED = "prompt_encoder.shared_embedding.positional_embedding"


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of single images under the names `transformers.Sam2Model` has for them."""
    found = {_renamed(name): value for name, value in tensors.items() if name.startswith(IMAGE_PARTS)}
    points = sorted(name for name in found if POINTS.fullmatch(name))
    if points:
        found["prompt_encoder.point_embed.weight"] = torch.cat([found.pop(name) for name in points])
    if SHARED in found:
        found["shared_image_embedding.positional_embedding"] = found[SHARED]
    return found


def _renamed(name: str) -> str:
    for pattern, replacement in RULES:
        name = re.sub(pattern, replacement, name)
    return name
