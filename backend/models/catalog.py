"""The table of models. A new model is a file with its code and a line here; pins of weights are data in `pins.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .catalog_change import DETECTORS, PAINTERS
from .catalog_detectors import detectors
from .catalog_embed import EMBEDDERS
from .catalog_exported import exported
from .catalog_generate import GENERATORS
from .catalog_ground import GROUND
from .catalog_places import PLACES
from .registry import Registry
from .spec import CORE, FULL, IMAGENET, ModelSpec, Normalisation, WeightFile, Weights

PINS = Path(__file__).with_name("pins.json")
MINI_WEIGHTS = Path(__file__).parents[1] / "weights" / "mini"
"""Listed once its weights are there: they are trained by recipe and ship when they are final (docs/mini.md)."""
MB = 1_000_000

WALK = "Grady, Random Walks for Image Segmentation, PAMI 2006"
LITE = "Tan and Le, EfficientNet, ICML 2019 (Lite0), fused and headed as docs/mini.md says"
SAM = "Kirillov et al., Segment Anything, ICCV 2023"
SAM_HQ = "Ke et al., Segment Anything in High Quality, NeurIPS 2023"
SAM2 = "Ravi et al., SAM 2: Segment Anything in Images and Videos, ICLR 2025"
SAM3 = "Carion et al., SAM 3: Segment Anything with Concepts, 2025"
HALF = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))

CLASSIC = ModelSpec(
    id="classic",
    title="Classic (no training)",
    tasks=("segment",),
    loader="backend.models.classic:load",
    tier=CORE,
    input_size=512,
    speed="fast",
    memory=60 * MB,
    licence="GPL-2.0-or-later",
    paper=WALK,
    options=MappingProxyType({"cpu_only": True}),
    summary="Colour, texture and edges; works on any image with no download.",
)

MINI = ModelSpec(
    id="mini",
    title="Mini (compact, offline)",
    tasks=("segment", "ground", "embed"),
    loader="backend.models.mini:load",
    tier=CORE,
    input_size=512,
    speed="fast",
    memory=250 * MB,
    licence="GPL-2.0-or-later",
    paper=LITE,
    options=MappingProxyType({"cpu_only": True, "upsampler": "mini-upsampler", "ships": str(MINI_WEIGHTS)}),
    summary="Works offline from the first click. For better outlines download a hub model on the Models page.",
)

GEOEMBED = ModelSpec(
    id="geoembed",
    title="GeoEmbed v3",
    tasks=("embed",),
    loader="backend.models.geoembed:load",
    tier=CORE,
    input_size=128,
    speed="fast",
    memory=150 * MB,
    weights=Weights((WeightFile("geoembed.onnx", 53 * MB, ""),), "MIT"),
    licence="MIT",
    hover=False,
    options=MappingProxyType({"cpu_only": True}),
    summary="Vectors of aerial imagery of 0.1 to 0.15 m; import the file that the recipe in docs/mini.md makes.",
)

HUB = (  # id, title, loader, repository, millions of parameters, MB of memory at float32, speed, paper
    ("sam-vit-base", "SAM ViT-B", "sam", "facebook/sam-vit-base", 94, 2200, "slow", SAM),
    ("sam-vit-large", "SAM ViT-L", "sam", "facebook/sam-vit-large", 312, 3700, "slow", SAM),
    ("sam-vit-huge", "SAM ViT-H", "sam", "facebook/sam-vit-huge", 641, 5000, "slow", SAM),
    ("sam-hq-vit-base", "SAM-HQ ViT-B", "sam_hq", "syscv-community/sam-hq-vit-base", 95, 2250, "slow", SAM_HQ),
    ("sam-hq-vit-large", "SAM-HQ ViT-L", "sam_hq", "syscv-community/sam-hq-vit-large", 314, 3750, "slow", SAM_HQ),
    ("sam-hq-vit-huge", "SAM-HQ ViT-H", "sam_hq", "syscv-community/sam-hq-vit-huge", 643, 5050, "slow", SAM_HQ),
    ("sam2.1-tiny", "SAM 2.1 tiny", "sam2", "facebook/sam2.1-hiera-tiny", 39, 700, "medium", SAM2),
    ("sam2.1-small", "SAM 2.1 small", "sam2", "facebook/sam2.1-hiera-small", 46, 750, "medium", SAM2),
    ("sam2.1-base-plus", "SAM 2.1 base plus", "sam2", "facebook/sam2.1-hiera-base-plus", 81, 850, "medium", SAM2),
    ("sam2.1-large", "SAM 2.1 large", "sam2", "facebook/sam2.1-hiera-large", 224, 1400, "slow", SAM2),
    ("sam3-tracker", "SAM 3 tracker", "sam3_tracker", "facebook/sam3", 860, 3500, "slow", SAM3),
)
SAM_LICENCE = {"sam3-tracker": "SAM License"}
INPUT = {"sam3-tracker": (1008, HALF)}


def catalog(models: Path) -> Registry:
    """Return all models: the table, and those that the user exported into the folder `models`."""
    return BUILT_IN.register(*(spec for spec in exported(models) if spec.id not in BUILT_IN.specs))


def _hub(row: tuple[str, str, str, str, int, int, str, str], pins: Mapping[str, Any]) -> ModelSpec:
    name, title, loader, repo, millions, memory, speed, paper = row
    licence = SAM_LICENCE.get(name, "Apache-2.0")
    size, normalisation = INPUT.get(name, (1024, IMAGENET))
    return ModelSpec(
        id=name,
        title=title,
        tasks=("segment",),
        loader=f"backend.models.{loader}:load",
        tier=FULL,
        input_size=size,
        speed=speed,
        memory=memory * MB,
        weights=_pinned(Weights(_unpinned(millions), licence, repo, gated=name in SAM_LICENCE), pins.get(name)),
        licence=licence,
        normalisation=normalisation,
        hover=speed == "fast",
        paper=paper,
    )


def _unpinned(millions: int) -> tuple[WeightFile, ...]:
    """Return the two files every hub model has, with an estimated size (float32): no pin is known yet."""
    return (WeightFile("config.json", 0, ""), WeightFile("model.safetensors", 4 * millions * MB, ""))


def _pinned(weights: Weights, pin: Mapping[str, Any] | None) -> Weights:
    if pin is None:
        return weights  # a size of 0 or a sha256 of "" in a pin is not known yet
    guess = {file.name: file.size for file in weights.files}
    files = [
        WeightFile(file["name"], file["size"] or guess.get(file["name"], 0), file["sha256"]) for file in pin["files"]
    ]
    return replace(weights, revision=pin["revision"], files=tuple(files))


def _built_in() -> Registry:
    pins = json.loads(PINS.read_text(encoding="utf-8"))
    ships = (MINI,) if (MINI_WEIGHTS / "encoder.onnx").is_file() else ()
    found = detectors(lambda name, weights: _pinned(weights, pins.get(name)))
    others = [
        replace(spec, weights=_pinned(spec.weights, pins.get(spec.id))) if spec.weights else spec
        for spec in (*GROUND, *EMBEDDERS, *PAINTERS, *DETECTORS, *GENERATORS)
    ]
    return Registry().register(*ships, CLASSIC, *(_hub(row, pins) for row in HUB), GEOEMBED, *found, *others, *PLACES)


BUILT_IN = _built_in()
