"""What shows the classes of a run, laid on its vectors."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.read_shapes import in_crs, read_shapes
from backend.protocol import codes
from backend.protocol.prompts import Prompts
from backend.tasks.search.shown import Shown
from backend.tasks.search.shown_field import ShownField
from backend.tasks.search.shown_table import ShownTable
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.table import VectorTable

from .examples import Examples
from .labels import NAMES, labelled
from .pointing import Pointed, examples_at
from .question import Question


def examples_for(question: Question, vectors: VectorField | VectorTable, notify: Callable[[str], None]) -> Examples:
    """Return the examples that `question` gives for `vectors`; `notify` is told of those that show nothing.

    Raises:
        BadInput: as `read_shapes`, `in_crs` and `examples_at`; PROMPT_INVALID for prompts that show no class.
    """
    if question.examples is None:
        pointed = [one for prompts in question.prompts for one in _prompted(prompts, vectors)]
    elif question.examples.suffix.lower() in NAMES:
        return labelled(question.examples, question.column, vectors)
    else:
        layer = read_shapes(question.examples, question.layer)
        names = layer.texts(question.column)
        placed = in_crs(layer, vectors.crs if isinstance(vectors, VectorTable) else vectors.grid.crs, vectors.name)
        pointed = [
            Pointed(name, shape, f"row {row}")
            for row, (name, shape) in enumerate(zip(names, placed.shapes, strict=True), 1)
        ]
    shown: Shown = ShownTable(vectors) if isinstance(vectors, VectorTable) else ShownField(vectors)
    return examples_at(pointed, shown, vectors.name, notify)


def _prompted(prompts: Prompts, vectors: VectorField | VectorTable) -> list[Pointed]:
    if any(point.label != 1 for point in prompts.points):
        detail = f"A point of {prompts.id!r:.60} has the label 0; give what is not of this class a class of its own."
        raise BadInput(codes.PROMPT_INVALID, detail)
    if prompts.pixel and isinstance(vectors, VectorTable):
        raise BadInput(codes.PROMPT_INVALID, "A table of vectors has no pixels; give coordinates in its CRS.")
    shapes: list[BaseGeometry] = [shapely.Point(point.x, point.y) for point in prompts.points]
    if prompts.box is not None:
        shapes.append(shapely.box(prompts.box.x0, prompts.box.y0, prompts.box.x1, prompts.box.y1))
    if prompts.pixel and not isinstance(vectors, VectorTable):
        to_map = vectors.grid.transform
        turn, corner = [[to_map.a, to_map.d], [to_map.b, to_map.e]], (to_map.c, to_map.f)
        shapes = [shapely.transform(shape, lambda xy: xy @ turn + corner) for shape in shapes]
    if not shapes:
        raise BadInput(codes.PROMPT_INVALID, f"Nothing shows the class {prompts.id!r:.60}; give a point or a box.")
    return [Pointed(prompts.id, shape, f"example {number}") for number, shape in enumerate(shapes, 1)]
