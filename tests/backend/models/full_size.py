"""The published architectures on torch's meta device: full size, no memory."""

import torch
from transformers import (
    Sam2Config,
    Sam2Model,
    Sam2VideoConfig,
    Sam2VideoModel,
    Sam3TrackerConfig,
    Sam3TrackerModel,
    SamConfig,
    SamHQConfig,
    SamHQModel,
    SamModel,
)

VITS = {
    "base": {},
    "large": {
        "hidden_size": 1024,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "mlp_dim": 4096,
        "global_attn_indexes": [5, 11, 17, 23],
    },
    "huge": {
        "hidden_size": 1280,
        "num_hidden_layers": 32,
        "num_attention_heads": 16,
        "mlp_dim": 5120,
        "global_attn_indexes": [7, 15, 23, 31],
    },
}
HIERAS = {
    "tiny": {},
    "small": {"blocks_per_stage": [1, 2, 11, 2], "global_attention_blocks": [7, 10, 13]},
    "base-plus": {
        "hidden_size": 112,
        "embed_dim_per_stage": [112, 224, 448, 896],
        "num_attention_heads": 2,
        "num_attention_heads_per_stage": [2, 4, 8, 16],
        "blocks_per_stage": [2, 3, 16, 3],
        "global_attention_blocks": [12, 16, 20],
        "window_positional_embedding_background_size": [14, 14],
    },
    "large": {
        "hidden_size": 144,
        "embed_dim_per_stage": [144, 288, 576, 1152],
        "num_attention_heads": 2,
        "num_attention_heads_per_stage": [2, 4, 8, 16],
        "blocks_per_stage": [2, 6, 36, 4],
        "global_attention_blocks": [23, 33, 43],
        "window_size_per_stage": [8, 4, 16, 8],
    },
}


def sam_config(size, kind=SamConfig):
    decoder = {"vit_dim": VITS[size].get("hidden_size", 768)} if kind is SamHQConfig else {}
    return kind(vision_config=VITS[size], mask_decoder_config=decoder)


def sam2_config(size, kind=Sam2Config):
    hiera = HIERAS[size]
    widths = hiera.get("embed_dim_per_stage", [96, 192, 384, 768])
    backbone = {"model_type": "sam2_hiera_det_model", **hiera}
    return kind(vision_config={"backbone_config": backbone, "backbone_channel_list": widths[::-1]})


def on_meta(kind, config):
    with torch.device("meta"):
        return kind(config)


def sam_full(size):
    return on_meta(SamModel, sam_config(size))


def sam_hq_full(size):
    return on_meta(SamHQModel, sam_config(size, SamHQConfig))


def sam2_full(size):
    return on_meta(Sam2Model, sam2_config(size))


def sam2_video_full(size):
    return on_meta(Sam2VideoModel, sam2_config(size, Sam2VideoConfig))


def sam3_full():
    return on_meta(Sam3TrackerModel, Sam3TrackerConfig())


def millions(model):
    return sum(parameter.numel() for parameter in model.parameters()) / 1e6
