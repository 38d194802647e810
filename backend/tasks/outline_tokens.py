"""What a language model pointed at with [SEG] tokens, as polygons of the picture that it saw."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.atomic import Batch, check_replaces_none, check_target
from backend.geo.measure import area_m2
from backend.geo.outline import Outline, OutlineParameters, outline
from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.geo.write_vector import geopackage
from backend.models.segmenter import Decoded, Image, Mask
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.tasks.beside import check_own_name
from backend.tasks.ground.area import parse_area
from backend.tasks.ground.vectors import COLUMNS, LAYER, Found, row_of
from backend.tasks.record import utc_now, write_record


@dataclass(frozen=True)
class Token:
    """A [SEG] token: what the text calls it, and the hidden state (d,) behind it."""

    phrase: str
    state: NDArray[np.float32]


class Outliner(Protocol):
    """A model that turns hidden states into masks. Pictures may be up to twice `input_size` a side."""

    input_size: int

    def encode(self, image: Image, valid: Mask) -> Any:
        """Encode a picture (height, width, 3)."""

    def outline(self, embedding: Any, states: NDArray[np.float32]) -> list[Decoded]:
        """Return the masks of states (n, d) at the picture's size."""


def run_outline(
    request: JobRequest,
    tokens: Sequence[Token],
    model: Outliner,
    model_record: Mapping[str, Any],
    reader: SourceReader,
    notify: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write the objects of `tokens` to `request.output.path` and the record beside it; return both.

    The columns are those of the ground job's `instances.gpkg` (docs/grounding.md). The parameter `area` is the
    rectangle that the language model saw, all of the source where it is empty.

    Raises:
        BadInput: PARAMETER_INVALID, PROMPT_INVALID, PROMPT_OUTSIDE, NO_VALID_PIXELS or OUTPUT_UNWRITABLE.
        Unavailable: DISK_FULL.
    """
    started, clock = utc_now(), time.perf_counter()
    target = Path(request.output.path)
    check_target(target, ".gpkg")
    check_replaces_none((target,), (Path(request.source.path) if request.source else None,))
    check_own_name((target,))
    window = _seen(str(request.parameters.get("area", "")), reader)
    step = max(max(window.width, window.height) // model.input_size, 1)
    found: list[Found] = []
    for number, (token, decoded, shape) in enumerate(_shapes(tokens, model, reader, window, step), start=1):
        if shape.polygons:
            polygons = tuple(reader.to_crs(polygon) for polygon in shape.polygons)
            area = sum(area_m2(polygon, reader.grid.crs) for polygon in polygons)
            found.append(Found(str(len(found) + 1), token.phrase, decoded.score, decoded.score, area, polygons))
        else:
            notify(f"Token {number} ({token.phrase!r:.60}): nothing was found; no polygon was made.")
    created = utc_now()
    rows = [row_of(one, str(model_record["id"]), reader.name, created) for one in found]
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    with Batch() as batch:
        parts = [one.polygons for one in found]
        batch.add(target, geopackage(columns, parts, reader.grid.crs, request.output.layer or LAYER))
        timings = {"total": time.perf_counter() - clock}
        outputs, record = dict(batch.sha256), target.with_suffix(".run.json")
        write_record(record, request, model_record, reader, timings, outputs, started, batch.add)
    return list(batch.sha256)


def _seen(area: str, reader: SourceReader) -> Window:
    found = parse_area(area, reader.grid, reader.name)
    if found.polygon is not None:
        detail = "A language model sees a rectangle; give the area as xmin,ymin,xmax,ymax."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return found.window


def _shapes(
    tokens: Sequence[Token], model: Outliner, reader: SourceReader, window: Window, step: int
) -> Iterator[tuple[Token, Decoded, Outline]]:
    """Yield each token with its mask and outline, one at a time: a mask is as large as the picture."""
    crop = reader.read(window, step)
    embedding = model.encode(crop.image, crop.valid)
    for token in tokens:
        (decoded,) = model.outline(embedding, token.state[None])
        mask = (decoded.logits > 0) & crop.valid
        yield token, decoded, outline(mask, window, step, reader.grid, OutlineParameters())
