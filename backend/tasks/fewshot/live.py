"""The class map of a view while a person shows examples: for `POST /asks/{id}/classes`.

classes = LiveClasses(live)                            # one for open embeddings; `live`: LiveField or LiveTable
header, image = classes.answer(request, on_step)       # image: bytes row by row from the north, 255 no data
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from backend.protocol.asks import ClassesAnswer, ClassesRequest, View
from backend.tasks.search.pictures import Picture
from backend.tasks.search.shown import Shown
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.identity import check_same
from backend.tasks.vectors.table import VectorTable

from .apply import classes_of
from .classifier import Classifier, parse_classifier
from .examples import Example, Examples, examples_of
from .learning import FEW, learnt
from .pointing import polygon_of, vectors_at

Floats = NDArray[np.float32]
SAVED = "The saved classifier"
LONGEST = 30_000
"""Characters of a classifier, as JSON in the header has them: many clients read no header above 64 KiB."""
REMEMBERED = 256
"""Areas whose vectors are."""
LONG = "This classifier is too long to be kept from here; the few-shot job saves it."


class Live(Protocol):
    """Open embeddings with the vectors of the view in memory."""

    @property
    def vectors(self) -> VectorField | VectorTable:
        """Return what is open."""

    @property
    def shown(self) -> Shown:
        """Return what looks vectors up by place."""

    def draw(self, view: View, values: Callable[[Floats], NDArray[np.uint8]], on_step: Callable[[], None]) -> Picture:
        """Return the byte that `values` gives each vector of the view."""


@dataclass(frozen=True)
class _Learnt:
    saved: str
    classes: tuple[object, ...]
    classifier: Classifier


class LiveClasses:
    """Learns from what was shown, and keeps it until something else is shown: moving the map learns nothing anew."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._last: _Learnt | None = None
        self._areas: OrderedDict[bytes, Floats] = OrderedDict()

    def answer(self, request: ClassesRequest, on_step: Callable[[], None]) -> tuple[ClassesAnswer, bytes]:
        """Return the header and the image; `saved` wins over `classes`.

        Raises:
            BadInput: PARAMETER_INVALID for fewer than two classes and for another model's classifier,
                SOURCE_UNREADABLE for a damaged one; as `Shown`.
        """
        started = time.perf_counter()
        classifier = self._classifier(request)
        picture = self._live.draw(request.view, lambda vectors: classes_of(classifier, vectors.T), on_step)
        text = classifier.text()
        notices = [FEW] if classifier.accuracy is None else []
        if len(json.dumps(text)) > LONGEST:
            text = ""
            notices.append(LONG)
        header = ClassesAnswer(
            sequence=request.sequence,
            columns=picture.size[0],
            rows=picture.size[1],
            extent=picture.extent,
            names=classifier.names,
            accuracy=-1.0 if classifier.accuracy is None else classifier.accuracy,
            examples=classifier.examples,
            classifier=text,
            milliseconds=round(1000 * (time.perf_counter() - started), 1),
            notice=" ".join(notices),
        )
        return header, picture.image.tobytes()

    def _classifier(self, request: ClassesRequest) -> Classifier:
        last, shown = self._last, () if request.saved else request.classes
        if last is None or (last.saved, last.classes) != (request.saved, shown):
            last = self._last = _Learnt(request.saved, shown, self._learnt(request))
        return last.classifier

    def _learnt(self, request: ClassesRequest) -> Classifier:
        vectors = self._live.vectors
        if request.saved:
            classifier = parse_classifier(request.saved, SAVED)
            check_same(SAVED, classifier.identity, vectors.name, vectors.identity)
            return classifier
        return learnt(self._examples(request), vectors.identity)

    def _examples(self, request: ClassesRequest) -> Examples:
        found = []
        for one in request.classes:
            shapes: list[BaseGeometry] = [shapely.Point(point.x, point.y) for point in one.points]
            shapes += [polygon_of(rings) for rings in one.polygons]
            found += [Example(one.name, self._at(shape)) for shape in shapes]
        return examples_of(found)

    def _at(self, shape: BaseGeometry) -> Floats:
        """Return the vectors of `shape`; areas are remembered, clicks are so by `Shown`."""
        if isinstance(shape, shapely.Point):
            return vectors_at(self._live.shown, shape)
        key = shapely.to_wkb(shape)
        if key not in self._areas:
            self._areas[key] = vectors_at(self._live.shown, shape)
            while len(self._areas) > REMEMBERED:
                self._areas.popitem(last=False)
        return self._areas[key]
