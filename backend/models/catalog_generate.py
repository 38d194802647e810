"""The table of generators: ours, and any checkpoint of MetaEarth's design."""

from __future__ import annotations

from types import MappingProxyType

from .generator import FOLDER
from .spec import CORE, FULL, ModelSpec, WeightFile, Weights

MB = 1_000_000
METAEARTH = "Yu et al., MetaEarth, TPAMI 2025 (arXiv:2405.13570)"
OURS = "Trained here as docs/generation.md says; after Yu et al., MetaEarth, TPAMI 2025 (arXiv:2405.13570)"
OF_MINI = "Paints what coarse imagery may look like from nearer, offline: plausible texture, no new facts."
OF_METAEARTH = "MetaEarth's network in any size; import a checkpoint in the layout that docs/generation.md tells."

MINI_GENERATOR = ModelSpec(
    id="mini-generator",
    title="Mini Generator (compact, offline)",
    tasks=("generate",),
    loader="backend.models.generator:load",
    tier=CORE,
    input_size=256,
    speed="slow",
    memory=400 * MB,
    licence="GPL-2.0-or-later",
    hover=False,
    paper=OURS,
    options=MappingProxyType({"cpu_only": True, "ships": str(FOLDER)}),
    summary=OF_MINI,
)
FAITHFUL_SPEC = ModelSpec(
    id="metaearth",
    title="MetaEarth (imported)",
    tasks=("generate",),
    loader="backend.models.metaearth:load",
    tier=FULL,
    input_size=256,
    speed="slow",
    memory=4500 * MB,
    weights=Weights((WeightFile("metaearth.safetensors", 2500 * MB, ""),), "as its checkpoint's"),
    licence="as its checkpoint's",
    hover=False,
    paper=METAEARTH,
    summary=OF_METAEARTH,
)
GENERATORS = MINI_GENERATOR, FAITHFUL_SPEC
