"""Which parts of the installation are there: `core` always is, `full` adds torch and the hub's libraries."""

from __future__ import annotations

from importlib.util import find_spec

from backend.errors import Unavailable
from backend.protocol import codes

from .spec import CORE, FULL

PACKAGES = {
    CORE: ("numpy", "rasterio", "shapely", "pyarrow", "sklearn", "onnxruntime"),
    FULL: ("torch", "transformers", "diffusers", "huggingface_hub"),
}


def missing(tier: str) -> tuple[str, ...]:
    """Return the packages `tier` lacks. Imports nothing."""
    return tuple(name for name in PACKAGES[tier] if find_spec(name) is None)


def present() -> tuple[str, ...]:
    """Return the tiers that are complete here."""
    return tuple(tier for tier in (CORE, FULL) if not missing(tier))


def why_unavailable(tier: str) -> str:
    """Return one sentence on what `tier` lacks and what to do; empty when it is complete."""
    lacking = missing(tier)
    if not lacking:
        return ""
    way = "install the Full tier in Toposcope's installation panel" if tier == FULL else "repair the installation"
    return f"The {tier.title()} tier is not installed ({', '.join(lacking)} missing); {way}."


def require(tier: str) -> None:
    """Raise Unavailable (TIER_MISSING) unless `tier` is complete."""
    sentence = why_unavailable(tier)
    if sentence:
        raise Unavailable(codes.TIER_MISSING, sentence)
