"""The table of embedders: RCF, which needs no weights, DINO, CLIP, SigLIP, and vision transformers of Sentinel data.

Memory is computed from the parameters and the activations of one picture of the input's size.
"""

from __future__ import annotations

from types import MappingProxyType

from backend.protocol.capabilities import Parameter

from .spec import CORE, FULL, IMAGENET, ModelSpec, Normalisation, WeightFile, Weights

MB = 1_000_000
HALF = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
CLIP = Normalisation((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
SAT = Normalisation((0.430, 0.411, 0.296), (0.213, 0.156, 0.143))
"""Of the satellite images DINOv3's SAT-493M models learnt from."""

MOSAIKS = "Rolf et al., A generalizable and accessible approach to machine learning with global satellite imagery, 2021"
DINOV2 = "Oquab et al., DINOv2, TMLR 2024 (arXiv:2304.07193)"
DINOV3 = "Siméoni et al., DINOv3, 2025 (arXiv:2508.10104)"
SIGLIP2 = "Tschannen et al., SigLIP 2, 2025 (arXiv:2502.14786)"
OPENAI = "Radford et al., CLIP, ICML 2021 (arXiv:2103.00020)"
SSL4EO = "Wang et al., SSL4EO-S12, IEEE GRSM 2023 (arXiv:2211.07044)"

OF_RCF = "Colours and textures of the image itself, any number of bands; nothing to download, learnt in seconds."
OF_DINO = "Vectors of any picture, learnt without labels: for likeness, clusters and few examples."
OF_TEXT = "Vectors of any picture that English phrases can be compared with."
OF_LANGUAGES = "Vectors of any picture that phrases in many languages can be compared with."
OF_SSL4EO = "Vectors of Sentinel data in all bands; import a checkpoint, converted as in docs/embedders.md."

RCF = ModelSpec(
    id="rcf",
    title="RCF + PCA (no training)",
    tasks=("embed",),
    loader="backend.models.rcf:load",
    tier=CORE,
    input_size=128,
    speed="medium",
    memory=400 * MB,
    licence="GPL-2.0-or-later",
    hover=False,
    paper=MOSAIKS,
    parameters=(
        Parameter("numbers", "integer", 64, "Numbers in a vector", 4, 1024, help="More tell finer differences apart."),
        Parameter(
            "kernels",
            "choice",
            "patches",
            "Kernels",
            choices=("patches", "normal"),
            help="Patches of the image itself, as MOSAIKS has them, or random numbers.",
        ),
        Parameter("seed", "integer", 0, "Seed", 0, 2**31 - 1, help="The same seed gives the same vectors."),
    ),
    options=MappingProxyType({"cpu_only": True}),
    summary=OF_RCF,
)

LVD, SAT493 = "pretrain-lvd1689m", "pretrain-sat493m"
DINO = (  # id, title, repository, millions of parameters, version, normalisation, side of the input
    ("dinov2-small", "DINOv2 ViT-S/14", "facebook/dinov2-small", 22, 2, IMAGENET, 518),
    ("dinov2-base", "DINOv2 ViT-B/14", "facebook/dinov2-base", 87, 2, IMAGENET, 518),
    ("dinov2-large", "DINOv2 ViT-L/14", "facebook/dinov2-large", 304, 2, IMAGENET, 518),
    ("dinov3-vits16", "DINOv3 ViT-S/16", f"facebook/dinov3-vits16-{LVD}", 22, 3, IMAGENET, 512),
    ("dinov3-vitb16", "DINOv3 ViT-B/16", f"facebook/dinov3-vitb16-{LVD}", 86, 3, IMAGENET, 512),
    ("dinov3-vitl16", "DINOv3 ViT-L/16", f"facebook/dinov3-vitl16-{LVD}", 303, 3, IMAGENET, 512),
    ("dinov3-vitl16-sat", "DINOv3 ViT-L/16 (satellite)", f"facebook/dinov3-vitl16-{SAT493}", 303, 3, SAT, 512),
)
ALIGNED = (  # id, title, repository, millions of parameters, side of the input
    ("siglip2-base", "SigLIP 2 ViT-B/16 (224)", "google/siglip2-base-patch16-224", 375, 224),
    ("siglip2-base-512", "SigLIP 2 ViT-B/16 (512)", "google/siglip2-base-patch16-512", 376, 512),
    ("siglip2-large", "SigLIP 2 ViT-L/16 (256)", "google/siglip2-large-patch16-256", 882, 256),
    ("clip-vitb32", "CLIP ViT-B/32", "openai/clip-vit-base-patch32", 151, 224),
    ("clip-vitb16", "CLIP ViT-B/16", "openai/clip-vit-base-patch16", 150, 224),
    ("clip-vitl14", "CLIP ViT-L/14", "openai/clip-vit-large-patch14", 428, 224),
)
SENTINEL = (  # id, title, kind of input
    ("ssl4eo-vits16-dino", "SSL4EO-S12 ViT-S/16 DINO (Sentinel-2 L1C)", "l1c"),
    ("ssl4eo-vits16-moco", "SSL4EO-S12 ViT-S/16 MoCo (Sentinel-2 L1C)", "l1c"),
    ("ssl4eo-vits16-mae", "SSL4EO-S12 ViT-S/16 MAE (Sentinel-2 L1C)", "l1c"),
    ("ssl4eo-vits16-l2a", "SSL4EO-S12 ViT-S/16 (Sentinel-2 L2A)", "l2a"),
    ("ssl4eo-vits16-s1", "SSL4EO-S12 ViT-S/16 (Sentinel-1)", "s1"),
)
TOKENIZER = WeightFile("tokenizer.json", 34_363_039, "")


def _files(millions: int, *more: WeightFile) -> tuple[WeightFile, ...]:
    return (WeightFile("config.json", 0, ""), WeightFile("model.safetensors", 4 * millions * MB, ""), *more)


def _dino(
    name: str, title: str, repo: str, millions: int, version: int, colours: Normalisation, side: int
) -> ModelSpec:
    licence = "Apache-2.0" if version == 2 else "DINOv3 License"
    return ModelSpec(
        id=name,
        title=title,
        tasks=("embed",),
        loader="backend.models.dino:load",
        tier=FULL,
        input_size=side,
        speed="medium" if millions < 100 else "slow",
        memory=(4 * millions + 500) * MB,
        weights=Weights(_files(millions), licence, repo, gated=version == 3),
        licence=licence,
        normalisation=colours,
        hover=False,
        paper=DINOV2 if version == 2 else DINOV3,
        options=MappingProxyType({"version": version}),
        summary=OF_DINO,
    )


def _aligned(name: str, title: str, repo: str, millions: int, side: int) -> ModelSpec:
    siglip = name.startswith("siglip2")
    licence = "Apache-2.0" if siglip else "MIT"
    return ModelSpec(
        id=name,
        title=title,
        tasks=("embed",),
        loader=f"backend.models.{'siglip' if siglip else 'clip_embedder'}:load",
        tier=FULL,
        input_size=side,
        speed="medium",
        memory=(4 * millions + 500) * MB,
        weights=Weights(_files(millions, *([TOKENIZER] if siglip else [])), licence, repo),
        licence=licence,
        normalisation=HALF if siglip else CLIP,
        hover=False,
        paper=SIGLIP2 if siglip else OPENAI,
        options=MappingProxyType({"phrases": True}),
        summary=OF_LANGUAGES if siglip else OF_TEXT,
    )


def _sentinel(name: str, title: str, kind: str) -> ModelSpec:
    return ModelSpec(
        id=name,
        title=title,
        tasks=("embed",),
        loader="backend.models.ssl4eo:load",
        tier=FULL,
        input_size=224,
        speed="fast",
        memory=400 * MB,
        weights=Weights((WeightFile("ssl4eo.safetensors", 91 * MB, ""),), "CC-BY-4.0"),
        licence="CC-BY-4.0",
        hover=False,
        paper=SSL4EO,
        options=MappingProxyType({"input": kind}),
        summary=OF_SSL4EO,
    )


EMBEDDERS = (
    RCF,
    *(_dino(*row) for row in DINO),
    *(_aligned(*row) for row in ALIGNED),
    *(_sentinel(*r) for r in SENTINEL),
)
