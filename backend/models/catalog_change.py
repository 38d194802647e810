"""The table of models that paint changes, of the autoencoder they share, and of models that find changes.

Sizes are computed from the numbers of parameters in float32. Checkpoints are converted once (docs/change.md).
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from backend.protocol.capabilities import Parameter

from .spec import CORE, FULL, IMAGENET, ModelSpec, Normalisation, WeightFile, Weights

MB = 1_000_000
CHANGEN2 = "Zheng et al., Changen2, TPAMI 2025 (arXiv:2406.17998)"
LATENT = "Rombach et al., High-Resolution Image Synthesis with Latent Diffusion Models, CVPR 2022 (arXiv:2112.10752)"
SIGNED = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
UNCHECKED = "not checked: the code is Apache-2.0, see its model card"
OF_DETECTION = "Finds change between two dates, trained on made pairs alone; import a converted checkpoint."
OF_CHANGE = "Paints what changed into a picture, from maps of classes before and after; import a converted checkpoint."

OF_MINI = "Paints what changed into a picture, offline; small and quick, so from near it is rough."
OURS = "docs/change.md"
MINI_WEIGHTS = Path(__file__).parents[1] / "weights" / "mini-painter"
HEAD_WEIGHTS = MINI_WEIGHTS.with_name("mini-change")
OF_HEAD = "Finds change between two dates, of buildings and of anything else, offline; trained on made pairs alone."
STEPS = Parameter(
    "steps",
    "integer",
    250,
    "Steps",
    minimum=2,
    maximum=1000,
    help="More steps paint more carefully and take as much longer.",
)
"""As published; the task's own default is for the small painter."""

MINI_PAINTER = ModelSpec(
    id="mini-painter",
    title="Mini painter (compact, offline)",
    tasks=("change",),
    loader="backend.models.mini_painter:load",
    tier=CORE,
    input_size=256,
    speed="medium",
    memory=400 * MB,
    licence="GPL-2.0-or-later",
    hover=False,
    paper=OURS,
    options=MappingProxyType({"cpu_only": True, "beside": "mini-generator", "ships": str(MINI_WEIGHTS)}),
    summary=OF_MINI,
)

SD_VAE = ModelSpec(
    id="sd-vae",
    title="Stable Diffusion autoencoder",
    tasks=(),
    loader="backend.models.vae:load",
    tier=FULL,
    input_size=256,
    speed="slow",
    memory=800 * MB,
    weights=Weights(
        (WeightFile("config.json", 0, ""), WeightFile("diffusion_pytorch_model.safetensors", 335 * MB, "")),
        "MIT",
        "stabilityai/sd-vae-ft-mse",
    ),
    licence="MIT",
    normalisation=SIGNED,
    hover=False,
    paper=LATENT,
    summary="Pictures as latents and back, for Changen2.",
)


def _changen2(name: str, title: str) -> ModelSpec:
    return ModelSpec(
        id=name,
        title=title,
        tasks=("change",),
        loader="backend.models.changen2:load",
        tier=FULL,
        input_size=256,
        speed="slow",
        memory=1800 * MB,
        weights=Weights((WeightFile("rsdit.safetensors", 562 * MB, ""),), UNCHECKED),
        licence=UNCHECKED,
        normalisation=SIGNED,
        hover=False,
        parameters=(STEPS,),
        options=MappingProxyType({"beside": "sd-vae"}),
        paper=CHANGEN2,
        summary=OF_CHANGE,
    )


PAINTERS = (
    MINI_PAINTER,
    _changen2("changen2-oem", "Changen2 RS-DiT-B/2 (land cover)"),
    _changen2("changen2-xview2", "Changen2 RS-DiT-B/2 (buildings)"),
    SD_VAE,
)


def _changestar(name: str, title: str, size: int, memory: int) -> ModelSpec:
    return ModelSpec(
        id=name,
        title=title,
        tasks=("detect-change",),
        loader="backend.models.changestar:load",
        tier=FULL,
        input_size=1024,
        speed="slow",
        memory=memory * MB,
        weights=Weights((WeightFile("changestar.safetensors", size * MB, ""),), UNCHECKED),
        licence=UNCHECKED,
        normalisation=IMAGENET,
        hover=False,
        paper=CHANGEN2,
        summary=OF_DETECTION,
    )


MINI_CHANGE = ModelSpec(
    id="mini-change",
    title="Mini change (compact, offline)",
    tasks=("detect-change",),
    loader="backend.models.mini_change:load",
    tier=CORE,
    input_size=512,
    speed="fast",
    memory=300 * MB,
    licence="GPL-2.0-or-later",
    hover=False,
    paper=OURS,
    options=MappingProxyType({"cpu_only": True, "ships": str(HEAD_WEIGHTS)}),
    summary=OF_HEAD,
)

DETECTORS = (
    MINI_CHANGE,
    _changestar("changestar-vitb-s1", "ChangeStar ViT-B (buildings)", 400, 2700),
    _changestar("changestar-vitb-s9", "ChangeStar ViT-B (land cover)", 400, 2700),
    _changestar("changestar-vitl-s1", "ChangeStar ViT-L (buildings)", 1275, 3900),
)
