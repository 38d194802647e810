"""The class map of a view while a person shows examples.

The routes' side keeps the view's vectors and finds those of the examples; `sampling.Sampler` does the second for a
field or a table and remembers what was asked before, so that one more click costs one more read.
"""

from __future__ import annotations

import time
from typing import Any

import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.protocol.asks import ClassesAnswer, ClassesRequest, ClassExamples
from backend.protocol.prompts import Box
from backend.tasks.vectors.identity import Identity, check_same

from .apply import classes_of
from .classifier import parse_classifier
from .examples import Examples, Shown, examples_of
from .learning import learnt
from .sampling import Sampler

SAVED = "The saved classifier"
LONGEST = 60_000
"""Characters of a classifier that travel in a header."""
LONG = "This classifier is too long to be kept from here; the few-shot job saves it."
FEW = "Show every class twice at least, and it is said how well they are told apart."


def examples_shown(classes: tuple[ClassExamples, ...], sampler: Sampler) -> Examples:
    """Return the vectors of what was shown, in the vectors' CRS; what lies outside or on no data shows nothing.

    Raises:
        BadInput: PARAMETER_INVALID with fewer than two classes that have a vector; as `VectorField.read`.
    """
    shapes: list[tuple[str, BaseGeometry]]
    shapes = [(one.name, shapely.Point(point.x, point.y)) for one in classes for point in one.points]
    shapes += [(one.name, shapely.Polygon(rings[0], rings[1:])) for one in classes for rings in one.polygons]
    order = {one.name: index for index, one in enumerate(classes)}
    shapes.sort(key=lambda shown: order[shown[0]])
    return examples_of([Shown(name, sampler.at(shape)) for name, shape in shapes])


def classify_view(
    view: NDArray[Any], request: ClassesRequest, examples: Examples | None, identity: Identity, extent: Box, name: str
) -> tuple[bytes, ClassesAnswer]:
    """Return the image (a byte a cell, 255 no data) and its header.

    Args:
        view: (width, rows, columns) north up: float with NaN as no data, or int8 in AlphaEarth's scheme.
        request: what was asked; its `saved` text wins over `examples`.
        examples: vectors of `request.classes`; None where `saved` is given.
        identity: whose vectors these are; `name` is their layer's.
        extent: what the view covers.

    Raises:
        BadInput: SOURCE_UNREADABLE for a damaged text in `saved`, PARAMETER_INVALID for another model's.
    """
    started = time.perf_counter()
    notice = ""
    if examples is None or request.saved:
        classifier = parse_classifier(request.saved, SAVED)
        check_same(SAVED, classifier.identity, name, identity)
    else:
        classifier = learnt(examples, identity)
        notice = "" if classifier.accuracy is not None else FEW
    found = classes_of(classifier, view.reshape(len(view), -1))
    text = classifier.text()
    if len(text) > LONGEST:
        text, notice = "", f"{notice} {LONG}".strip()
    return found.tobytes(), ClassesAnswer(
        sequence=request.sequence,
        columns=view.shape[2],
        rows=view.shape[1],
        extent=extent,
        names=classifier.names,
        accuracy=-1.0 if classifier.accuracy is None else classifier.accuracy,
        examples=classifier.examples,
        classifier=text,
        milliseconds=round(1000 * (time.perf_counter() - started), 1),
        notice=notice,
    )
