"""`run.json`: what a result was made from, by what and how."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.geo.atomic import write_bytes
from backend.geo.bands import BandReader
from backend.geo.reader import SourceReader
from backend.models import weights
from backend.models.spec import ModelSpec
from backend.protocol.jobs import JobRequest
from backend.protocol.wire import dump

FORMAT = 1


def utc_now() -> str:
    """Return the time as ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def model_record(spec: ModelSpec, models: Path, device: str, dtype: str) -> dict[str, Any]:
    """Return what tells which model ran, from which weights (in the store `models`), and where."""
    manifest = weights.installed(spec, models)
    return {
        "id": spec.id,
        "revision": manifest.revision if manifest else "",
        "sha256": weights.checksums(spec, models),
        "licence": spec.licence,
        "device": device,
        "dtype": dtype,
    }


def source_record(reader: SourceReader | BandReader) -> dict[str, Any]:
    """Return what tells which source was read and how; its name, never its path or credentials.

    With these `bands` and this `stretch` a `Source` is seen again as it was, also where the request named none.

    Raises:
        BadInput: as `SourceReader.stretch`.
    """
    grid, source = reader.grid, reader.source
    corners = [
        grid.transform @ place for place in ((0, 0), (grid.width, 0), (0, grid.height), (grid.width, grid.height))
    ]
    xs, ys = zip(*corners, strict=True)
    return {
        "name": reader.name,
        "width": grid.width,
        "height": grid.height,
        "crs": grid.crs,
        "transform": list(grid.transform.to_gdal()),
        "extent": [min(xs), min(ys), max(xs), max(ys)],
        "pixel_size_m": reader.pixel_size_m,
        **_seen(reader),
        "nodata": source.nodata,
        "origin": list(source.origin),
    }


def _seen(reader: SourceReader | BandReader) -> dict[str, Any]:
    if isinstance(reader, BandReader):
        named = zip(reader.bands, reader.places, strict=True)
        return {"bands": [], "stretch": [], "named_bands": [{"name": name, "band": band} for name, band in named]}
    return {"bands": list(reader.bands), "stretch": dump(reader.stretch)}


def write_record(
    path: Path,
    request: JobRequest,
    model: Mapping[str, Any],
    reader: SourceReader | BandReader,
    timings: Mapping[str, float],
    outputs: Mapping[Path, str],
    started: str,
    write: Callable[[Path, bytes], None] = write_bytes,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write the record of one run to `path`.

    `model` holds id, revision, sha256, licence, device and dtype as far as they are known; `timings` are seconds;
    `outputs` are files with their sha256; `more` is what only this task has to tell.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    about = dict(model)
    record = {
        "format": FORMAT,
        "task": request.task,
        "device": about.pop("device", ""),
        "dtype": about.pop("dtype", ""),
        "model": about,
        "parameters": dict(request.parameters),
        "prompts": [{"id": one.id, **dump(one)} for one in request.prompts],
        "seed": None,
        "source": source_record(reader),
        "timings": {name: round(seconds, 4) for name, seconds in timings.items()},
        "outputs": [{"name": output.name, "sha256": sha256} for output, sha256 in outputs.items()],
        "started": started,
        "created": utc_now(),
        **(more or {}),
    }
    write(path, (json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())
