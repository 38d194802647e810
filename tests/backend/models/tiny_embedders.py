"""Tiny embedders of the real classes with drawn weights, as the folders that `models import` takes."""

import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from backend.models.satclip_vit import VisionTransformer
from tests.backend.models.tiny_clip import tiny_clip

WIDTH = 64
VIT = {"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 96}
WORDS = ("<pad>", "<eos>", "<bos>", "<unk>", "a", "photo", "of", "satellite", ".", "river", "roof", "río")


def drawn(model, seed=3):
    """Return `model` with drawn weights: those of a new one say too little of where a token lies."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        spread = 1.5 / (parameter.numel() / parameter.shape[0]) ** 0.5 if parameter.ndim > 1 else 0.2
        parameter.data.normal_(float("norm" in name and name.endswith("weight")), spread, generator=generator)
    return model.eval().requires_grad_(False)


def dinov2():
    config = transformers.Dinov2Config(**{**VIT, "mlp_ratio": 2}, image_size=56, patch_size=14)
    return drawn(transformers.Dinov2Model(config))


def dinov3():
    config = transformers.DINOv3ViTConfig(**VIT, image_size=64, patch_size=16, num_register_tokens=4)
    return drawn(transformers.DINOv3ViTModel(config))


def siglip():
    text = {**VIT, "vocab_size": len(WORDS), "max_position_embeddings": 16, "projection_size": WIDTH}
    vision = {**VIT, "image_size": 64, "patch_size": 16}
    return drawn(transformers.SiglipModel(transformers.SiglipConfig(text_config=text, vision_config=vision)))


def save_siglip(folder):
    """Write a tiny SigLIP 2 with a tokenizer of a few words."""
    model = siglip()
    model.save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return model


def sentinel(bands, width=128, side=224):
    """Return a backbone of SSL4EO-S12's layout: timm's names, no head; ViT-S has 12 blocks of width 384."""
    network = drawn(VisionTransformer(width, 2, bands, 0, 16, side))
    return {name: values.clone() for name, values in network.state_dict().items()}


def save(kind, folder, bands=13):
    """Write the files of one kind into `folder`."""
    folder.mkdir()
    if kind == "siglip":
        save_siglip(folder)
    elif kind == "ssl4eo":
        save_file(sentinel(bands), folder / "ssl4eo.safetensors")
    else:
        {"dinov2": dinov2, "dinov3": dinov3, "clip": tiny_clip}[kind]().save_pretrained(folder)
    return folder
