"""The few-shot job: classes learnt from examples, or read from a file, for every place of embeddings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.access import checked_path, unreadable
from backend.geo.atomic import Batch, check_replaces_none
from backend.geo.class_rasters import STEPS, Bytes, ClassRasters, Legend, write_classes
from backend.geo.raster import Window
from backend.protocol import codes
from backend.tasks.beside import check_own_name
from backend.tasks.ground.area import parse_area
from backend.tasks.ground.rasters import grid_of
from backend.tasks.table_classes import write_table_classes
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.identity import check_same
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors_record import Run, add_vectors_record

from .apply import NO_DATA, classes_and_confidence
from .classifier import Classifier, parse_classifier
from .gather import examples_for
from .learning import FEW, learnt
from .question import Places, Question

Progress = Callable[[float, str], None]
MOST_BYTES = 2**27
"""Of a saved classifier."""


def run_fewshot(
    question: Question, places: Places, progress: Progress, notify: Callable[[str], None]
) -> dict[str, Any]:
    """Write the files of `places`, all or none, and return what is to be said: `classes`, `accuracy`, `files`.

    Vectors are read piece by piece, so that memory does not grow with a raster. `progress` may raise `Cancelled`;
    `notify` is told what a person should know.

    Raises:
        BadInput: PARAMETER_INVALID, OUTPUT_UNWRITABLE; as `open_vectors`, `examples_for` and `parse_classifier`.
        Unavailable: DISK_FULL.
    """
    question.check()
    run = Run("fewshot", _parameters(question))
    with ExitStack() as stack, Batch() as batch:
        vectors = open_vectors(question.vectors)
        if not isinstance(vectors, VectorTable):
            stack.enter_context(vectors)
        places.check(isinstance(vectors, VectorTable))
        outputs = (places.classes, places.record, places.confidence, places.saved)
        check_replaces_none(outputs, (question.vectors, question.examples, question.classifier))
        check_own_name((places.classes,))
        clock = time.perf_counter()
        classifier = _classifier(question, vectors, notify)
        learning = time.perf_counter() - clock
        if classifier.accuracy is None:
            notify(FEW)
        counts = _written(batch, question, places, vectors, classifier, progress)
        if places.saved:
            batch.add(places.saved, classifier.text().encode())
        said = {"classes": _shares(classifier, counts), "accuracy": classifier.accuracy}
        seconds = {"learning": learning, "total": time.perf_counter() - clock}
        add_vectors_record(batch, places.record, run, vectors, seconds, said)
        files = list(batch.sha256)
    return {**said, "files": files}


def _classifier(question: Question, vectors: VectorField | VectorTable, notify: Callable[[str], None]) -> Classifier:
    if question.classifier is None:
        return learnt(examples_for(question, vectors, notify), vectors.identity)
    path = checked_path(question.classifier)
    if path.stat().st_size > MOST_BYTES:
        raise unreadable(path.name, "it is too large for a classifier")
    classifier = parse_classifier(path.read_bytes().decode("utf-8", "replace"), path.name)
    check_same(path.name, classifier.identity, vectors.name, vectors.identity)
    return classifier


def _written(
    batch: Batch,
    question: Question,
    places: Places,
    vectors: VectorField | VectorTable,
    classifier: Classifier,
    progress: Progress,
) -> NDArray[np.int64]:
    if isinstance(vectors, VectorTable):
        if question.area:
            raise BadInput(codes.PARAMETER_INVALID, f"{vectors.name!r} is a table; leave out the area.")
        classes, steps = classes_and_confidence(classifier, vectors.vectors.T)
        return write_table_classes(batch, places.classes, vectors, "fewshot", classifier.names, classes, steps / STEPS)
    area = parse_area(question.area, vectors.grid, vectors.name)
    corner, width = area.window, vectors.identity.width

    def found(window: Window) -> tuple[Bytes, Bytes]:
        there = replace(window, col=window.col + corner.col, row=window.row + corner.row)
        shape = window.height, window.width
        read = vectors.read(there).reshape(width, -1)
        classes, steps = (values.reshape(shape) for values in classes_and_confidence(classifier, read))
        mask = area.mask(there)
        return np.where(mask, classes, NO_DATA).astype(np.uint8), np.where(mask, steps, NO_DATA).astype(np.uint8)

    out = ClassRasters(places.classes, places.confidence, {"TOPOSCOPE_TASK": "fewshot", **vectors.identity.tags})
    legend = Legend(classifier.names, classifier.colours)
    return write_classes(batch, out, grid_of(corner, vectors.grid), legend, found, progress, width)


def _shares(classifier: Classifier, counts: NDArray[np.int64]) -> list[Mapping[str, Any]]:
    total = max(int(counts.sum()), 1)
    listed = zip(classifier.names, classifier.colours, classifier.examples, counts.tolist(), strict=True)
    return [
        {"value": value, "name": name, "colour": colour, "examples": examples, "share": round(count / total, 6)}
        for value, (name, colour, examples, count) in enumerate(listed)
    ]


def _parameters(question: Question) -> dict[str, Any]:
    def name(path: Path | None) -> str | None:
        return path.name if path else None

    prompts = {one.id: len(one.points) + (one.box is not None) for one in question.prompts}
    return {
        "examples": name(question.examples),
        "column": question.column if question.examples else None,
        "layer": question.layer,
        "prompts": prompts or None,
        "classifier": name(question.classifier),
        "area": question.area,
    }
