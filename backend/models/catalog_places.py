"""The table of location encoders: ours, SatCLIP's six checkpoints, GeoCLIP, harmonics that need no weights."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from backend.protocol.capabilities import Parameter

from .spec import CORE, ModelSpec, WeightFile, Weights

MB = 1_000_000
SATCLIP = "Klemmer et al., SatCLIP, AAAI 2025 (arXiv:2311.17179)"
GEOCLIP = "Vivanco Cepeda et al., GeoCLIP, NeurIPS 2023 (arXiv:2309.16020)"
OF_SATCLIP = "Places as satellites see them; import a checkpoint, converted as in docs/places.md."
OF_GEOCLIP = "Places as photographs show them; import the file made as docs/places.md says."
OF_HARMONICS = "Position on the globe, nothing learnt: the yardstick of location encoders."
OF_MINI = "What places look like from above, learnt from free maps of the world; works offline at once."
OURS = "Trained here as docs/places.md says; after Klemmer et al., SatCLIP, AAAI 2025 (arXiv:2311.17179)"
DEGREES = Parameter("degrees", "integer", 10, "Degrees", 1, 40, help="Finer waves follow finer detail.")
TOWERS = (("resnet18", "ResNet-18", 45), ("resnet50", "ResNet-50", 96), ("vit16", "ViT-S/16", 91))
LOCATION = {10: 4, 40: 10}
"""MB of the location encoder, float64."""

HARMONICS = ModelSpec(
    id="harmonics",
    title="Spherical harmonics (baseline)",
    tasks=("locate",),
    loader="backend.models.harmonics:load",
    tier=CORE,
    input_size=0,
    speed="fast",
    memory=100 * MB,
    licence="GPL-2.0-or-later",
    hover=False,
    parameters=(DEGREES,),
    options=MappingProxyType({"cpu_only": True}),
    summary=OF_HARMONICS,
)
MINI_PLACES = ModelSpec(
    id="mini-places",
    title="Mini Places (compact, offline)",
    tasks=("locate",),
    loader="backend.models.mini_places:load",
    tier=CORE,
    input_size=0,
    speed="fast",
    memory=150 * MB,
    licence="GPL-2.0-or-later",
    hover=False,
    paper=OURS,
    options=MappingProxyType({"cpu_only": True, "ships": str(Path(__file__).parents[1] / "weights" / "places")}),
    summary=OF_MINI,
)


def _satclip(tower: str, title: str, tower_size: int, degrees: int) -> ModelSpec:
    size = (tower_size + LOCATION[degrees]) * MB
    return ModelSpec(
        id=f"satclip-{tower}-l{degrees}",
        title=f"SatCLIP {title} L{degrees}",
        tasks=("locate",),
        loader="backend.models.satclip:load",
        tier=CORE,
        input_size=224 if tower == "vit16" else 256,
        speed="fast",
        memory=size + 150 * MB,
        weights=Weights((WeightFile("satclip.safetensors", size, ""),), "MIT"),
        licence="MIT",
        hover=False,
        paper=SATCLIP,
        options=MappingProxyType({"cpu_only": True, "degrees": degrees}),
        summary=OF_SATCLIP,
    )


GEOCLIP_SPEC = ModelSpec(
    id="geoclip",
    title="GeoCLIP",
    tasks=("locate",),
    loader="backend.models.geoclip:load",
    tier=CORE,
    input_size=0,
    speed="fast",
    memory=150 * MB,
    weights=Weights((WeightFile("geoclip.safetensors", 38 * MB, ""),), "MIT"),
    licence="MIT",
    hover=False,
    paper=GEOCLIP,
    options=MappingProxyType({"cpu_only": True}),
    summary=OF_GEOCLIP,
)
PLACES = (
    MINI_PLACES,
    HARMONICS,
    *(_satclip(*tower, degrees) for tower in TOWERS for degrees in LOCATION),
    GEOCLIP_SPEC,
)
