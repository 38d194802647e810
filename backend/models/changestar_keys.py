"""Names of tensors in ChangeStar's published weights, and the names they have here."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

VIT = "encoder.vit."
PARTS = (
    ("neck.0.", "neck.conv1."),
    ("neck.1.", "neck.layer_norm1."),
    ("neck.2.", "neck.conv2."),
    ("neck.3.", "neck.layer_norm2."),
    ("patch_embed.proj.", "patch_embed.projection."),
    ("blocks.", "layers."),
    (".norm1.", ".layer_norm1."),
    (".norm2.", ".layer_norm2."),
)
"""Of SAM's encoder: as SAM has them, as transformers has them; the neck's first, whose norms hold the others' names."""


def ours(name: str) -> str:
    """Return the name here of a published one."""
    return _renamed(name, PARTS)


def published(name: str) -> str:
    """Return the published name of one here."""
    return _renamed(name, [(here, there) for there, here in PARTS])


def renamed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return published tensors under the names they have here."""
    return {ours(name): values for name, values in state.items()}


def _renamed(name: str, parts: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    if not name.startswith(VIT):
        return name
    for old, new in parts:
        name = name.replace(old, new)
    return name
