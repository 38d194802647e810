"""A tiny random CLIP, as transformers has it and in the layout of OpenAI's and open_clip's checkpoints."""

import json

import torch
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel

CHANNELS, PATCH, SIDE = 16, 8, 32


def tiny_clip(act="quick_gelu"):
    common = {"num_hidden_layers": 3, "hidden_act": act, "projection_dim": CHANNELS, "attention_dropout": 0.0}
    vision = {"hidden_size": 128, "intermediate_size": 96, "num_attention_heads": 2, "image_size": SIDE}
    text = {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 1, "vocab_size": 49408}
    config = CLIPConfig(
        vision_config={**common, **vision, "patch_size": PATCH},
        text_config={**common, **text, "max_position_embeddings": 77, "bos_token_id": 49406, "eos_token_id": 49407},
        projection_dim=CHANNELS,
    )
    model = CLIPModel(config).eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(7)
    for name, parameter in model.named_parameters():
        spread = 1.5 / (parameter.numel() / parameter.shape[0]) ** 0.5 if parameter.ndim > 1 else 0.2
        parameter.normal_(float("norm" in name and name.endswith("weight")), spread, generator=generator)
    return model


def open_layout(model):
    """Return the model's tensors under the names of OpenAI's code."""
    state = model.state_dict()
    found = {"logit_scale": state["logit_scale"]}
    for ours, theirs in (("vision_model", "visual."), ("text_model", "")):
        blocks = getattr(model, ours).encoder.layers
        for number, block in enumerate(blocks):
            start = f"{theirs}transformer.resblocks.{number}."
            attention = block.self_attn
            for kind in ("weight", "bias"):
                parts = [getattr(p, kind) for p in (attention.q_proj, attention.k_proj, attention.v_proj)]
                found[f"{start}attn.in_proj_{kind}"] = torch.cat(parts)
                found[f"{start}attn.out_proj.{kind}"] = getattr(attention.out_proj, kind)
                found[f"{start}ln_1.{kind}"] = getattr(block.layer_norm1, kind)
                found[f"{start}ln_2.{kind}"] = getattr(block.layer_norm2, kind)
                found[f"{start}mlp.c_fc.{kind}"] = getattr(block.mlp.fc1, kind)
                found[f"{start}mlp.c_proj.{kind}"] = getattr(block.mlp.fc2, kind)
    vision, text = model.vision_model, model.text_model
    found["visual.class_embedding"] = vision.embeddings.class_embedding
    found["visual.conv1.weight"] = vision.embeddings.patch_embedding.weight
    found["visual.positional_embedding"] = vision.embeddings.position_embedding.weight
    found["visual.proj"] = model.visual_projection.weight.T
    found["token_embedding.weight"] = text.embeddings.token_embedding.weight
    found["positional_embedding"] = text.embeddings.position_embedding.weight
    found["text_projection"] = model.text_projection.weight.T
    for kind in ("weight", "bias"):
        found[f"visual.ln_pre.{kind}"] = getattr(vision.pre_layrnorm, kind)
        found[f"visual.ln_post.{kind}"] = getattr(vision.post_layernorm, kind)
        found[f"ln_final.{kind}"] = getattr(text.final_layer_norm, kind)
    return {name: value.detach().clone().contiguous() for name, value in found.items()}


def save_open(model, folder, act):
    """Write the two files that an open_clip repository of the hub holds."""
    folder.mkdir(exist_ok=True)
    save_file(open_layout(model), folder / "open_clip_model.safetensors")
    described = {"model_cfg": {"embed_dim": CHANNELS, "quick_gelu": act == "quick_gelu", "vision_cfg": {}}}
    (folder / "open_clip_config.json").write_text(json.dumps(described))
