"""CLIP from a folder: transformers' files, or the two that open_clip's repositories hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import CLIPConfig, CLIPModel

from backend.memory import threads

from .clip_open import HEAD_WIDTH, configuration, converted
from .damaged import damaged
from .torch_runtime import from_folder, quieten

OPEN_CONFIG, OPEN_WEIGHTS = "open_clip_config.json", "open_clip_model.safetensors"


def clip_from(folder: Path) -> Any:
    """Return the `CLIPModel` in `folder`, float32, for inference.

    Raises:
        Unavailable: WEIGHTS_MISMATCH.
    """
    if not (folder / OPEN_CONFIG).exists():
        return from_folder(CLIPModel, folder)
    torch.set_num_threads(threads())
    quieten()
    try:
        described = json.loads((folder / OPEN_CONFIG).read_text(encoding="utf-8"))["model_cfg"]
        return built(load_file(folder / OPEN_WEIGHTS), described)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise damaged(folder.name, error) from error


def built(state: dict[str, Any], described: dict[str, Any]) -> Any:
    """Return the model of a checkpoint in open_clip's layout; `described` is open_clip's `model_cfg`."""
    head_width = int(described["vision_cfg"].get("head_width", HEAD_WIDTH))
    config = CLIPConfig(**configuration(state, bool(described.get("quick_gelu", False)), head_width))
    kind: Any = CLIPModel
    model = kind._from_config(config, attn_implementation="sdpa")
    model.load_state_dict(converted(state), strict=True)
    return model.eval().requires_grad_(False)
