"""The segment job: many prompts to a GeoPackage, masks and a run record."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.geo.atomic import Batch, check_replaces_none, check_target
from backend.geo.measure import area_m2
from backend.geo.outline import OUTLINE_PARAMETERS, Outline, OutlineParameters, outline
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.geo.write_mask import write_mask
from backend.geo.write_vector import Feature, check_layer, write_geopackage
from backend.given import given
from backend.models.segmenter import Segmenter
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.prompts import Prompts
from backend.protocol.wire import dump
from backend.tasks.beside import check_own_name
from backend.tasks.components import bounds
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.objects import ObjectResult, ObjectSegmenter
from backend.tasks.record import utc_now, write_record

SAFE_NAME = re.compile(r"[^\W_.-][\w.-]{0,99}")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
RESULT, RECORD = "result.gpkg", "run.json"


def run_segment(
    request: JobRequest,
    model: Segmenter,
    model_record: Mapping[str, Any],
    reader: SourceReader,
    folder: Path,
    progress: Callable[[float, str], None],
    masks_folder: Path | None = None,
    cache: EmbeddingCache | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Segment every object of `request` and return the files written, the GeoPackage first, the run record last.

    The GeoPackage is `request.output.path`, with its record beside it, or `result.gpkg` in `folder`. `progress`
    takes percent and a sentence; it may raise `Cancelled`. However it ends, all files are written or none. `notify`
    takes sentences a person should read: an object that goes on, an outline that did not fit, nothing found.

    Raises:
        BadInput: PARAMETER_INVALID, PROMPT_INVALID or PROMPT_OUTSIDE, before anything is computed; OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL.
    """
    started, clock = utc_now(), time.perf_counter()
    parameters = _parameters(request)
    _check(request.prompts, reader, masks_folder is not None)
    target, record = _places(request, folder, masks_folder)
    segmenter = ObjectSegmenter(reader, model, cache or EmbeddingCache(), model_id=str(model_record.get("id", "")))
    found: list[tuple[Prompts, ObjectResult, Outline]] = []
    count = len(request.prompts)
    for index, prompts in enumerate(request.prompts):
        percent, message = 100.0 * index / count, f"Object {index + 1} of {count}"
        try:
            result = segmenter.predict(prompts, on_step=lambda: progress(percent, message))  # noqa: B023
        except BadInput as error:
            raise BadInput(error.code, f"Prompt {prompts.id!r}: {error.detail}") from error
        shape = outline(result.mask, result.window, result.step, reader.grid, parameters)
        found.append((prompts, _trimmed(result), shape))
        for notice in _notices(result, shape):
            notify(f"Object {prompts.id!r}: {notice}")
    progress(100.0, "Writing")
    name = str(model_record.get("id", ""))
    features = [_feature(*one, reader, name) for one in found if one[2].polygons]
    with Batch() as batch:
        write_geopackage(target, features, reader.grid.crs, request.output.layer, batch.add)
        if masks_folder is not None:
            _write_masks(found, masks_folder, reader, batch)
        timings = _timings([result for _, result, _ in found], time.perf_counter() - clock)
        write_record(record, request, model_record, reader, timings, dict(batch.sha256), started, batch.add)
    return list(batch.sha256)


def _trimmed(result: ObjectResult) -> ObjectResult:
    """Return `result` cut to the object and without its memory, so that thousands of them can be held."""
    rows, columns = bounds(result.mask)
    left, top = columns.start * result.step, rows.start * result.step
    width = min((columns.stop - columns.start) * result.step, result.window.width - left)
    height = min((rows.stop - rows.start) * result.step, result.window.height - top)
    window = Window(result.window.col + left, result.window.row + top, width, height)
    return replace(result, mask=result.mask[rows, columns].copy(), window=window, memory=None)


def _parameters(request: JobRequest) -> OutlineParameters:
    return OutlineParameters(**given(request.parameters, OUTLINE_PARAMETERS))


def _check(prompts: Sequence[Prompts], reader: SourceReader, named_files: bool) -> None:
    if not prompts:
        raise BadInput(codes.PROMPT_INVALID, "There are no prompts; give at least one point or box.")
    seen: set[str] = set()
    for one in prompts:
        name = one.id.lower() if named_files else one.id
        if name in seen:
            raise BadInput(codes.PROMPT_INVALID, f"Two objects have the id {one.id!r}; give each its own.")
        seen.add(name)
        if named_files and (not SAFE_NAME.fullmatch(one.id) or RESERVED.fullmatch(one.id)):
            detail = f"The id {one.id[:60]!r} cannot name a mask's file; use letters, digits, '-', '_' and '.'."
            raise BadInput(codes.PROMPT_INVALID, detail)
        reader.to_pixels(one)


def _places(request: JobRequest, folder: Path, masks_folder: Path | None) -> tuple[Path, Path]:
    check_layer(request.output.layer)
    if masks_folder is not None and not masks_folder.parent.is_dir():
        detail = f"The folder for {masks_folder.name!r} does not exist; create it or choose another."
        raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
    if not request.output.path:
        return folder / RESULT, folder / RECORD
    target = Path(request.output.path)
    check_target(target, ".gpkg")
    check_replaces_none((target,), (Path(request.source.path) if request.source else None,))
    check_own_name((target,))
    return target, target.with_suffix(".run.json")


def _feature(prompts: Prompts, result: ObjectResult, shape: Outline, reader: SourceReader, model: str) -> Feature:
    polygons = tuple(reader.to_crs(polygon) for polygon in shape.polygons)
    area = sum(area_m2(polygon, reader.grid.crs) for polygon in polygons)
    prompt = json.dumps({"id": prompts.id, **dump(prompts)}, ensure_ascii=False)
    return Feature(prompts.id, result.score, "", prompt, model, reader.name, area, utc_now(), polygons)


def _write_masks(
    found: list[tuple[Prompts, ObjectResult, Outline]], folder: Path, reader: SourceReader, batch: Batch
) -> None:
    batch.folder(folder)
    for prompts, result, _ in found:
        path = folder / f"{prompts.id}.tif"
        write_mask(path, result.mask, result.window, result.step, reader.grid, batch.add)


def _notices(result: ObjectResult, shape: Outline) -> list[str]:
    notices = [shape.notice] if shape.notice else []
    if not shape.polygons:
        notices.append("Nothing was found; no polygon was made.")
    if result.truncated:
        notices.append("It goes on beyond the part that was looked at; use a box around it to get it whole.")
    return notices


def _timings(results: list[ObjectResult], total_s: float) -> dict[str, float]:
    encode = sum(result.timings.encode_ms for result in results) / 1e3
    decode = sum(result.timings.decode_ms for result in results) / 1e3
    return {"total": total_s, "encode": encode, "decode": decode}
