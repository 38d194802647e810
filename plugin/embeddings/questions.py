"""Examples and phrases as the questions that the protocol has."""

from __future__ import annotations

from typing import Any, Iterable, List, Optional, Sequence, Tuple

from qgis.core import QgsGeometry

from ...backend.protocol.asks import AskInfo, ClassesRequest, ClassExamples, HeatRequest, View
from ...backend.protocol.prompts import Point
from ...backend.protocol.sessions import Polygon
from ..client import asks
from ..client.calls import Call
from ..gis.example_shapes import placed, points_of, polygons_of
from ..gui.class_table import ClassRow
from ..state.examples import UNWANTED, WANTED, Example
from ..state.live_question import Question
from .viewing import crs_of, rectangle_of


def shapes(examples: Iterable[Example], info: AskInfo) -> List[Tuple[str, QgsGeometry]]:
    """Return kind and geometry, in the vectors' coordinates, of the examples that lie on them. Raises Refused."""
    crs, extent = crs_of(info), rectangle_of(info.extent)
    found = [(example.kind, placed(example.geometry, example.crs, crs)) for example in examples]
    return [(kind, geometry) for kind, geometry in found if geometry.intersects(extent)]


def heat_question(view: View, examples: Sequence[Example], info: AskInfo) -> Optional[Question]:
    """Return the question what is like the examples, None while nothing is wanted. Raises Refused."""
    points: List[Point] = []
    areas: List[Polygon] = []
    unwanted: List[Polygon] = []
    for kind, geometry in shapes(examples, info):
        points += points_of(geometry, 1 if kind == WANTED else 0)
        (areas if kind == WANTED else unwanted).extend(polygons_of(geometry))
    if not areas and not any(point.label for point in points):
        return None

    def call(ask_id: str, sequence: int) -> Call[Any]:
        return asks.heat(
            ask_id, HeatRequest(view, sequence, tuple(points), tuple(areas), unwanted=tuple(unwanted))
        )  # fmt: skip

    return call


def phrase_question(view: View, phrase: str) -> Question:
    """Return the question where a phrase fits."""
    return lambda ask_id, sequence: asks.heat(ask_id, HeatRequest(view, sequence, phrase=phrase))


def classes_question(
    view: View, classes: Sequence[ClassRow], examples: Sequence[Example], info: AskInfo
) -> Optional[Question]:
    """Return the question which class is where, None while fewer than two have examples. Raises Refused."""
    shown = shapes(examples, info)
    asked = []
    for row in classes:
        mine = [geometry for kind, geometry in shown if kind == row.id]
        if mine:
            points = tuple(point for geometry in mine for point in points_of(geometry))
            areas = tuple(area for geometry in mine for area in polygons_of(geometry))
            asked.append(ClassExamples(row.name, points, areas))
    if len(asked) < 2:
        return None
    return lambda ask_id, sequence: asks.classes(ask_id, ClassesRequest(view, sequence, tuple(asked)))


def saved_question(view: View, saved: str) -> Question:
    """Return the question which class of a saved classifier is where."""
    return lambda ask_id, sequence: asks.classes(ask_id, ClassesRequest(view, sequence, saved=saved))


def label_of(kind: str) -> int:
    """Return what a kind is in a file of examples: 0 not wanted, else 1."""
    return 0 if kind == UNWANTED else 1
