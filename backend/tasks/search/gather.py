"""What shows what is looked for, laid on the vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.read_shapes import in_crs, read_shapes
from backend.protocol import codes
from backend.protocol.prompts import Prompts
from backend.tasks.fewshot.pointing import vectors_at
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.identity import check_same
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.table import VectorTable

from .asked import Question
from .shown import Shown
from .shown_field import ShownField
from .shown_table import ShownTable

Floats = NDArray[np.float32]
MISSED = (codes.PROMPT_OUTSIDE, codes.NO_VALID_PIXELS)


@dataclass(frozen=True)
class Gathered:
    """Vectors (n, width) of each thing that is wanted, and of each that is not."""

    wanted: list[Floats]
    unwanted: list[Floats]


def gather(question: Question, vectors: VectorField | VectorTable, notify: Callable[[str], None]) -> Gathered:
    """Return the vectors of what `question` shows; `notify` is told how many examples show nothing.

    Raises:
        BadInput: as `read_shapes`, `in_crs`, `open_vectors`, `check_same` and `Shown`; PROMPT_INVALID where nothing
            is wanted.
    """
    if question.examples is not None and question.examples.suffix.lower() == ".parquet":
        found = _of_table(question, vectors)
    else:
        pointed = [one for prompts in question.prompts for one in _prompted(prompts, vectors)]
        found = _looked_up([*pointed, *_layer(question, vectors)], vectors, notify)
    if not found.wanted:
        raise BadInput(codes.PROMPT_INVALID, "Nothing is shown that is wanted; give at least one such place.")
    return found


def _of_table(question: Question, vectors: VectorField | VectorTable) -> Gathered:
    """Return the vectors of a file of examples that is embeddings itself."""
    assert question.examples is not None  # nosec B101 # `gather` saw to it
    table = open_vectors(question.examples)
    check_same(vectors.name, vectors.identity, table.name, table.identity)
    if not isinstance(table, VectorTable):
        table.close()
        raise BadInput(codes.PARAMETER_INVALID, f"{table.name!r} is a raster; give examples as points or polygons.")
    known = table.vectors[~np.isnan(table.vectors).any(axis=1)]
    return Gathered([vector[None] for vector in known], [])


Pointed = tuple[bool, BaseGeometry]


def _layer(question: Question, vectors: VectorField | VectorTable) -> list[Pointed]:
    if question.examples is None:
        return []
    layer = read_shapes(question.examples, question.wanted.layer)
    label = question.wanted.label
    labels = layer.texts(label) if label else ["1"] * len(layer.shapes)
    row = next((row for row, text in enumerate(labels, 1) if text not in ("0", "1")), None)
    if row is not None:
        detail = f"Row {row} of {layer.name!r} has {labels[row - 1]!r:.60} in {label!r:.60}; it must be 1 or 0."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    placed = in_crs(layer, vectors.crs if isinstance(vectors, VectorTable) else vectors.grid.crs, vectors.name)
    return [(text == "1", shape) for text, shape in zip(labels, placed.shapes, strict=True)]


def _prompted(prompts: Prompts, vectors: VectorField | VectorTable) -> list[Pointed]:
    found: list[Pointed] = [(point.label == 1, shapely.Point(point.x, point.y)) for point in prompts.points]
    if prompts.box is not None:
        found.append((True, shapely.box(prompts.box.x0, prompts.box.y0, prompts.box.x1, prompts.box.y1)))
    if not prompts.pixel:
        return found
    if isinstance(vectors, VectorTable):
        raise BadInput(codes.PROMPT_INVALID, "A table of vectors has no pixels; give coordinates in its CRS.")
    to_map = vectors.grid.transform
    turn, corner = np.array([[to_map.a, to_map.d], [to_map.b, to_map.e]]), np.array([to_map.c, to_map.f])
    return [(wanted, shapely.transform(shape, lambda xy: xy @ turn + corner)) for wanted, shape in found]


def _looked_up(pointed: list[Pointed], vectors: VectorField | VectorTable, notify: Callable[[str], None]) -> Gathered:
    shown: Shown = ShownTable(vectors) if isinstance(vectors, VectorTable) else ShownField(vectors)
    found = Gathered([], [])
    missed: list[BadInput] = []
    for wanted, shape in pointed:
        try:
            (found.wanted if wanted else found.unwanted).append(vectors_at(shown, shape))
        except BadInput as error:
            if error.code not in MISSED:
                raise
            missed.append(error)
    if missed and not found.wanted:
        raise missed[0]
    if missed:
        notify(f"{len(missed)} of {len(pointed)} examples lie outside {vectors.name!r} or on no data.")
    return found
