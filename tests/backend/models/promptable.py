"""Tiny random models of the real classes, saved as the hub saves them: config.json and model.safetensors."""

import ast
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from transformers import (
    Sam2Config,
    Sam2Model,
    Sam3TrackerConfig,
    Sam3TrackerModel,
    SamConfig,
    SamHQConfig,
    SamHQModel,
    SamModel,
)

from backend.device import cpu
from backend.models import sam, sam2, sam3_tracker, sam_hq
from backend.models.segmenter import CropPrompts
from backend.models.spec import FULL, ModelSpec

SIDE = 128
SAM2_SIDE = 256
SAM3_SIDE = 112

_VIT = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": SIDE,
    "mlp_dim": 64,
    "output_channels": 32,
    "num_pos_feats": 16,
    "window_size": 3,
    "global_attn_indexes": [1],
    "initializer_range": 0.2,
}
_PROMPT = {"hidden_size": 32, "image_size": SIDE, "image_embedding_size": SIDE // 16}
DECODER = {
    "hidden_size": 32,
    "mlp_dim": 64,
    "num_attention_heads": 2,
    "iou_head_hidden_dim": 32,
    "num_hidden_layers": 2,
}
_HIERA = {
    "hidden_size": 8,
    "image_size": [SAM2_SIDE, SAM2_SIDE],
    "blocks_per_stage": [1, 2, 2, 1],
    "embed_dim_per_stage": [8, 16, 32, 64],
    "num_attention_heads_per_stage": [1, 1, 2, 2],
    "window_size_per_stage": [8, 4, 14, 7],
    "global_attention_blocks": [4],
}
_SAM2_VISION = {
    "backbone_config": {"model_type": "sam2_hiera_det_model", **_HIERA},
    "backbone_channel_list": [64, 32, 16, 8],
    "backbone_feature_sizes": [[64, 64], [32, 32], [16, 16]],
    "fpn_hidden_size": 32,
}
_SAM3_BACKBONE = {
    "model_type": "sam3_vit_model",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": SAM3_SIDE,
    "pretrain_image_size": 56,
    "window_size": 4,
    "global_attn_indexes": [1],
}
SAM3_VISION = {
    "model_type": "sam3_vision_model",
    "backbone_config": _SAM3_BACKBONE,
    "fpn_hidden_size": 32,
    "backbone_feature_sizes": [[32, 32], [16, 16], [8, 8]],
    "scale_factors": [4.0, 2.0, 1.0, 0.5],
}
SAM3_PROMPT = {"hidden_size": 32, "image_size": SAM3_SIDE, "patch_size": 14}

MEMORY = {
    "memory_attention_hidden_size": 32,
    "memory_attention_feed_forward_hidden_size": 64,
    "memory_attention_num_layers": 1,
    "memory_attention_rope_feat_sizes": [16, 16],
    "memory_encoder_hidden_size": 32,
    "memory_encoder_output_channels": 8,
    "memory_fuser_embed_dim": 32,
    "memory_fuser_intermediate_dim": 32,
    "mask_downsampler_embed_dim": 32,
}


def sam_model():
    return _random(SamModel(SamConfig(vision_config=_VIT, prompt_encoder_config=_PROMPT, mask_decoder_config=DECODER)))


def sam_hq_model():
    decoder = {**DECODER, "vit_dim": 32}
    config = SamHQConfig(vision_config=_VIT, prompt_encoder_config=_PROMPT, mask_decoder_config=decoder)
    return _random(SamHQModel(config))


def sam2_config(kind=Sam2Config, **more):
    prompt = {"hidden_size": 32, "image_size": SAM2_SIDE}
    return kind(vision_config=_SAM2_VISION, prompt_encoder_config=prompt, mask_decoder_config=DECODER, **more)


def sam2_model():
    return _random(Sam2Model(sam2_config()))


def sam3_model(scale_factors=(4.0, 2.0, 1.0)):
    vision = {**SAM3_VISION, "scale_factors": list(scale_factors)}
    config = Sam3TrackerConfig(vision_config=vision, prompt_encoder_config=SAM3_PROMPT, mask_decoder_config=DECODER)
    return _random(Sam3TrackerModel(config))


def _random(model):
    """Fill every weight with noise that keeps values near one: fresh models hold zeros where a mistake hides."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            spread = 1.2 / (parameter.numel() / parameter.shape[0]) ** 0.5 if parameter.ndim > 1 else 0.2
            centre = 1.0 if "norm" in name and name.endswith("weight") else 0.0
            parameter.normal_(centre, spread, generator=generator)
    return model.eval()


FAMILIES = {
    "sam": SimpleNamespace(module=sam, make=sam_model, side=SIDE),
    "sam_hq": SimpleNamespace(module=sam_hq, make=sam_hq_model, side=SIDE),
    "sam2": SimpleNamespace(module=sam2, make=sam2_model, side=SAM2_SIDE),
    "sam3_tracker": SimpleNamespace(module=sam3_tracker, make=sam3_model, side=SAM3_SIDE),
}


def spec_of(name, **options):
    loader = f"backend.models.{name}:load"
    return ModelSpec(name, name.upper(), ("segment",), loader, FULL, 1024, "slow", 0, options=options)


def saved(name, folder):
    """Save the tiny model `name` to `folder` and return it."""
    model = FAMILIES[name].make()
    model.save_pretrained(folder)
    return model


def loaded(name, folder, **options):
    return FAMILIES[name].module.load(spec_of(name, **options), folder, cpu())


def picture(height, width, seed=0):
    """Return a crop of noise with smooth shapes in it, and its validity with a corner cut away."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    waves = np.stack([np.sin(x / 9 + k) + np.cos(y / 7 - k) for k in range(3)], -1)
    image = np.clip(128 + 50 * waves + rng.normal(0, 12, waves.shape), 0, 255).astype(np.uint8)
    valid = np.ones((height, width), bool)
    valid[: height // 5, : width // 4] = False
    image[~valid] = 0
    return image, valid


def prompts(points=((30.5, 40.5),), labels=None, box=None, logits=None):
    count = len(points)
    return CropPrompts(
        np.array(points, np.float32).reshape(count, 2),
        np.array(labels if labels is not None else [1] * count, np.int32),
        None if box is None else np.array(box, np.float32),
        logits,
    )


PROMPTS = {
    "point": prompts(),
    "points": prompts([(30.5, 40.5), (60.0, 22.0), (75.25, 70.0)], [1, 0, 1]),
    "box": prompts((), (), (10, 12.5, 70, 66)),
    "box and point": prompts([(40, 40)], [1], (10, 12.5, 70, 66)),
}


def processor_constants(name, kind):
    """Read the class attributes of an image processor that cannot be imported without torchvision."""
    package, _, file = name.rpartition(".")
    source = Path(importlib.util.find_spec(package).submodule_search_locations[0], f"{file}.py").read_text()
    body = next(n for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == kind).body
    return {n.targets[0].id: ast.unparse(n.value) for n in body if isinstance(n, ast.Assign)}
