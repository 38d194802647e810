"""Labels: a file a task, `TASK__regression.csv` or `TASK__classification.csv`, with the columns `id` and `label`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.protocol import codes

from .scores import CLASSIFICATION, REGRESSION

KINDS = {"regression": REGRESSION, "regr": REGRESSION, "classification": CLASSIFICATION, "cls": CLASSIFICATION}
NAMED = "TASK__regression.csv or TASK__classification.csv"
MOST_CLASSES = 2


@dataclass(frozen=True)
class Task:
    """What is to be told from a vector.

    Attributes:
        name: of the task, from the file's name.
        kind: REGRESSION or CLASSIFICATION.
        ids: (n,) which vector each label belongs to; rows without a label are left out.
        labels: (n,) as they stand in the file.
    """

    name: str
    kind: str
    ids: Sequence[str]
    labels: NDArray[np.float64]


def plain_id(text: str) -> str:
    """Return an id without the endings that the benchmark's data files have."""
    return text.strip().removesuffix(".zip").removesuffix(".zarr")


def read_tasks(paths: Sequence[Path]) -> list[Task]:
    """Return the tasks of the files, and of all tables in the folders, among `paths`, by name.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_UNREADABLE, PARAMETER_INVALID.
    """
    tasks = [_task(path) for path in _files(paths)]
    names = [task.name for task in tasks]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise BadInput(codes.PARAMETER_INVALID, f"There are two files of labels for the task {twice!r}; give one.")
    return sorted(tasks, key=lambda task: task.name)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise BadInput(codes.SOURCE_MISSING, f"There is no file or folder of labels {path.name!r}; check its path.")
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.glob("*.csv"))
        if not found:
            raise BadInput(codes.SOURCE_MISSING, f"There are no labels in {path.name!r}; they are named {NAMED}.")
        yield from found


def _task(path: Path) -> Task:
    name, _, ending = path.stem.partition("__")
    if not name or ending not in KINDS or path.suffix.lower() != ".csv":
        raise BadInput(codes.PARAMETER_INVALID, f"{path.name!r} does not say what it holds; name it {NAMED}.")
    rows = list(_rows(path))
    ids, labels = [plain_id(one) for one, _ in rows], np.array([label for _, label in rows])
    task = Task(name, KINDS[ending], ids, labels)
    _check(path.name, task)
    return task


def _rows(path: Path) -> Iterator[tuple[str, float]]:
    """Yield ids and labels; rows without a label are skipped, as the protocol says."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, strict=True)
            lacking = {"id", "label"} - set(table.fieldnames or ())
            if lacking:
                detail = f"{path.name!r} has no column {' and no column '.join(sorted(lacking))}; labels need both."
                raise BadInput(codes.SOURCE_UNREADABLE, detail)
            for number, row in enumerate(table, 1):
                if (row["label"] or "").strip():
                    yield row["id"], _label(path.name, number, row["label"])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        detail = f"{path.name!r} cannot be read as a table of UTF-8 text; save it as CSV again."
        raise BadInput(codes.SOURCE_UNREADABLE, detail) from error


def _label(name: str, number: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        detail = f"Row {number} of {name!r} has the label {text!r:.40}, which is no number; classes are 0 and 1."
        raise BadInput(codes.SOURCE_UNREADABLE, detail)
    return float(value)


def _check(name: str, task: Task) -> None:
    if len(set(task.ids)) < len(task.ids):
        twice = next(one for one in task.ids if list(task.ids).count(one) > 1)
        raise BadInput(codes.PARAMETER_INVALID, f"{name!r} has two labels for the id {twice!r:.60}; keep one.")
    classes = len(set(task.labels.tolist()))
    if task.kind == CLASSIFICATION and classes > MOST_CLASSES:
        detail = (
            f"{name!r} has {classes} classes, and the protocol's classification tells two apart: "
            "write a file for each class, with 1 where it is and 0 where it is not."
        )
        raise BadInput(codes.PARAMETER_INVALID, detail)
