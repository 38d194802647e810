"""Checkpoints in the layout of OpenAI's CLIP and of open_clip, as weights and configuration of transformers' CLIP."""

from __future__ import annotations

import re
from typing import Any

from torch import Tensor

HEAD_WIDTH = 64
CONTAINERS = ("state_dict", "model")
BLOCK = re.compile(r"(visual\.)?transformer\.resblocks\.(\d+)\.(.+)")
IN_BLOCK = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "attn.out_proj": "self_attn.out_proj",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}
OUTSIDE = {
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.ln_pre.weight": "vision_model.pre_layrnorm.weight",
    "visual.ln_pre.bias": "vision_model.pre_layrnorm.bias",
    "visual.ln_post.weight": "vision_model.post_layernorm.weight",
    "visual.ln_post.bias": "vision_model.post_layernorm.bias",
    "visual.proj": "visual_projection.weight",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",  # nosec B105 # a tensor's name
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "ln_final.weight": "text_model.final_layer_norm.weight",
    "ln_final.bias": "text_model.final_layer_norm.bias",
    "text_projection": "text_projection.weight",
    "logit_scale": "logit_scale",
}
TRANSPOSED = ("visual.proj", "text_projection")
UNUSED = ("input_resolution", "context_length", "vocab_size", "attn_mask")


def converted(state: dict[str, Any]) -> dict[str, Tensor]:
    """Return the tensors of `state` under transformers' names, in float32.

    Raises:
        ValueError: a tensor of another model; the sentence names it.
    """
    found: dict[str, Tensor] = {}
    for name, value in plain(state).items():
        block = BLOCK.fullmatch(name)
        if block:
            found |= _in_block(block[1], block[2], block[3], value.float())
        elif name in OUTSIDE:
            found[OUTSIDE[name]] = (value.T if name in TRANSPOSED else value).float().contiguous()
        elif name not in UNUSED:
            raise ValueError(f"{name} is no tensor of a ViT CLIP")
    lacking = [name for name, ours in OUTSIDE.items() if ours not in found]
    if lacking:
        raise ValueError(f"{lacking[0]} is missing; it is no ViT CLIP")
    return found


def configuration(state: dict[str, Any], quick_gelu: bool, head_width: int = HEAD_WIDTH) -> dict[str, Any]:
    """Return the configuration that the shapes in `state` (as `converted` takes it) tell.

    The activation cannot be seen in a checkpoint: OpenAI's models have `quick_gelu`, most of open_clip's do not.
    """
    state = plain(state)
    act = "quick_gelu" if quick_gelu else "gelu"
    embed, patch = state["visual.proj"].shape[1], state["visual.conv1.weight"].shape[-1]
    side = round((len(state["visual.positional_embedding"]) - 1) ** 0.5)
    vision = _tower(state, "visual.", act, head_width) | {"patch_size": patch, "image_size": side * patch}
    vocabulary = len(state["token_embedding.weight"])
    text = _tower(state, "", act, HEAD_WIDTH) | {
        "vocab_size": vocabulary,
        "max_position_embeddings": len(state["positional_embedding"]),
        "bos_token_id": vocabulary - 2,
        "eos_token_id": vocabulary - 1,
    }
    towers = {"vision_config": vision | {"projection_dim": embed}, "text_config": text | {"projection_dim": embed}}
    return {"model_type": "clip", "projection_dim": embed, **towers}


def plain(state: dict[str, Any]) -> dict[str, Any]:
    """Return the tensors of a checkpoint without the wrappings that training leaves around them."""
    for name in CONTAINERS:
        if isinstance(state.get(name), dict):
            state = state[name]
    return {name.removeprefix("module."): value for name, value in state.items()}


def _tower(state: dict[str, Any], prefix: str, act: str, head_width: int) -> dict[str, Any]:
    blocks = [BLOCK.fullmatch(name) for name in state]
    layers = 1 + max(int(found[2]) for found in blocks if found and (found[1] or "") == prefix)
    first = state[f"{prefix}transformer.resblocks.0.mlp.c_fc.weight"]
    width = int(first.shape[1])
    return {
        "hidden_size": width,
        "intermediate_size": int(first.shape[0]),
        "num_hidden_layers": layers,
        "num_attention_heads": max(1, width // head_width),
        "hidden_act": act,
    }


def _in_block(tower: str | None, number: str, name: str, value: Tensor) -> dict[str, Tensor]:
    start = f"{'vision_model' if tower else 'text_model'}.encoder.layers.{number}."
    module, _, kind = name.rpartition(".")
    if name.startswith("attn.in_proj_"):
        kind = name.removeprefix("attn.in_proj_")
        return {
            f"{start}self_attn.{part}_proj.{kind}": piece.contiguous()
            for part, piece in zip("qkv", value.chunk(3), strict=True)
        }
    if module not in IN_BLOCK:
        raise ValueError(f"{name} is no tensor of a ViT CLIP's block")
    return {f"{start}{IN_BLOCK[module]}.{kind}": value}
