"""The table of SegEarth-OV's models, and of the upsamplers that sharpen dense features."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from .mini_graphs import FOLDER
from .spec import CORE, FULL, ModelSpec, Normalisation, WeightFile, Weights
from .switches import DECODER, FINEST, REMOVE_BIAS, UPSAMPLE, from_score, left_out, switched_on

MB = 1_000_000
SEGEARTH = "Li et al., SegEarth-OV, CVPR 2025 (arXiv:2410.01768)"
FEATUP = "Fu et al., FeatUp, ICLR 2024 (arXiv:2403.10516)"
CLIP = Normalisation((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
OPEN_CLIP = ("open_clip_config.json", "open_clip_model.safetensors")
TRANSFORMERS = ("config.json", "model.safetensors")
DISPUTED = "disputed: no licence in its repository, Apache-2.0 on mirrors"
UNSPECIFIC = "cc (unspecific)"
GENERAL = "Class maps of any phrase in English, without training; install SimFeatUp too for sharp edges."
REMOTE = "CLIP of remote sensing; import a converted checkpoint. Its licence is unclear: check it first."
FOR_SEGEARTH = "Sharpens SegEarth-OV's maps along edges; import the file that docs/segearth.md describes."
FOR_MINI = "Sharpens Mini's answers to phrases along edges; one ships, import another in its place (docs/segearth.md)."
SHIPPED = str(FOLDER / "upsampler.onnx")
"""Used as long as none is imported."""
OWN_PARAMETERS = (
    from_score(0.3),
    *switched_on(UPSAMPLE, REMOVE_BIAS),
    *left_out(DECODER),
    replace(FINEST, hidden=False),
)
"""As published; the paper's thresholds for several phrases are 0.1 to 0.4, for one alone 0.6 to 0.8."""

OPENAI = "timm/vit_base_patch16_clip_224.openai"
ROWS = (  # id, title, repository, files, MB of weights, licence, summary
    ("segearth-ov", "SegEarth-OV (CLIP ViT-B/16)", OPENAI, OPEN_CLIP, 599, "MIT", GENERAL),
    ("segearth-remoteclip", "SegEarth-OV (RemoteCLIP ViT-B/32)", "", TRANSFORMERS, 605, DISPUTED, REMOTE),
    ("segearth-georsclip", "SegEarth-OV (GeoRSCLIP ViT-B/32)", "", TRANSFORMERS, 605, UNSPECIFIC, REMOTE),
)


def _segearth(row: tuple[str, str, str, tuple[str, str], int, str, str]) -> ModelSpec:
    name, title, repo, (config, tensors), size, licence, summary = row
    files = WeightFile(config, 0, ""), WeightFile(tensors, size * MB, "")
    return ModelSpec(
        id=name,
        title=title,
        tasks=("ground", "embed"),
        loader="backend.models.segearth_load:load",
        tier=FULL,
        input_size=448,
        speed="slow",
        memory=1400 * MB,
        weights=Weights(files, licence, repo),
        licence=licence,
        normalisation=CLIP,
        hover=False,
        paper=SEGEARTH,
        summary=summary,
        parameters=OWN_PARAMETERS,
    )


def _upsampler(
    name: str, title: str, tier: str, file: str, size: int, paper: str, summary: str, shipped: str = ""
) -> ModelSpec:
    return ModelSpec(
        id=name,
        title=title,
        tasks=("upsample",),
        loader="backend.models.jbu_guided:load",
        tier=tier,
        input_size=512,
        speed="medium",
        memory=500 * MB,
        weights=Weights((WeightFile(file, size, ""),), "MIT"),
        licence="MIT",
        normalisation=CLIP,
        hover=False,
        paper=paper,
        summary=summary,
        options=MappingProxyType({"shipped": shipped}),
    )


SIMFEATUP = _upsampler("simfeatup", "SimFeatUp", FULL, "upsampler.safetensors", 1_175_000, SEGEARTH, FOR_SEGEARTH)
MINI_UPSAMPLER = _upsampler(
    "mini-upsampler", "Upsampler for Mini", CORE, "upsampler.onnx", 500_000, FEATUP, FOR_MINI, SHIPPED
)
GROUND = (*(_segearth(row) for row in ROWS), SIMFEATUP, MINI_UPSAMPLER)
