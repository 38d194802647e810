"""`run.json` of what is made of embeddings: of files their names only, never paths."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.geo.atomic import Batch
from backend.tasks.record import FORMAT, utc_now
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.table import VectorTable


@dataclass(frozen=True)
class Run:
    """A run as it began: `parameters` are what was asked, `started` is UTC in ISO 8601."""

    task: str
    parameters: Mapping[str, Any]
    started: str = field(default_factory=utc_now)


def add_vectors_record(
    batch: Batch,
    path: Path,
    run: Run,
    vectors: VectorField | VectorTable,
    seconds: Mapping[str, float],
    more: Mapping[str, Any],
) -> None:
    """Add the record of `run` to `batch`; `more` is what only this task has to tell. Raises as `Batch.add`."""
    identity = vectors.identity
    record = {
        "format": FORMAT,
        "task": run.task,
        "model": {"id": identity.model, "sha256": identity.weights},
        "parameters": {name: value for name, value in run.parameters.items() if value not in (None, "")},
        "source": _source(vectors),
        **more,
        "timings": {name: round(value, 4) for name, value in seconds.items()},
        "outputs": [{"name": output.name, "sha256": sha256} for output, sha256 in batch.sha256.items()],
        "started": run.started,
        "created": utc_now(),
    }
    batch.add(path, (json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def _source(vectors: VectorField | VectorTable) -> dict[str, Any]:
    about: dict[str, Any] = {"name": vectors.name, "numbers": vectors.identity.width}
    if isinstance(vectors, VectorTable):
        return {**about, "count": len(vectors.vectors), "crs": vectors.crs}
    grid = vectors.grid
    size = {"width": grid.width, "height": grid.height}
    return {**about, **size, "crs": grid.crs, "transform": list(grid.transform.to_gdal())}
