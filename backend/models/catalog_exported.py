"""Models that `models export` left in the models folder: one `onnx-NAME` folder each, described by its `model.json`."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

from .spec import CORE, ModelSpec, Weights
from .weights import MANIFEST

DESCRIPTION = "model.json"


def exported(models: Path) -> tuple[ModelSpec, ...]:
    """Return a spec for each readable `onnx-*` folder in `models`; folders of another form are passed over."""
    found = []
    for path in sorted(models.glob(f"onnx-*/{DESCRIPTION}")):
        try:
            if (path.parent / MANIFEST).exists():  # written last, when the export is whole
                found.append(_spec(path))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def _spec(path: Path) -> ModelSpec:
    described = json.loads(path.read_text(encoding="utf-8"))
    files = [file for file in path.parent.iterdir() if file.suffix == ".onnx"]
    return ModelSpec(
        id=path.parent.name,
        title=f"{described.get('title', path.parent.name[5:])} (ONNX)",
        tasks=("segment",),
        loader="backend.models.onnx_segmenter:load",
        tier=CORE,
        input_size=int(described["input_size"]),
        speed=str(described.get("speed", "medium")),
        memory=4 * sum(file.stat().st_size for file in files),
        weights=Weights((), str(described.get("licence", ""))),
        licence=str(described.get("licence", "")),
        hover=bool(described.get("hover", False)),
        paper=str(described.get("paper", "")),
        options=MappingProxyType(described),
    )
