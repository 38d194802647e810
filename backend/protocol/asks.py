"""Questions to embeddings while a person clicks: open them once, ask many times.

A question and its answer are about a rectangle of the map, in the vectors' CRS. The answer's body is an image of
bytes, row by row from the north; the header `ANSWER_HEADER` holds the JSON of what the bytes mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

from .prompts import Box, Point
from .sessions import Polygon
from .source import Source

ANSWER_HEADER = "toposcope-answer"
NO_DATA = 255
"""The byte of a place that has no vector."""
MOST_CELLS = 4_000_000
"""Columns times rows of the largest answer."""


@dataclass(frozen=True)
class AskRequest:
    """Open the embeddings in `source`: a raster of vectors, or Parquet."""

    source: Source
    device: str = "auto"


@dataclass(frozen=True)
class AskInfo:
    """Open embeddings.

    Attributes:
        model: id of what made them; empty where the file does not say.
        width: numbers in a vector.
        count: rows of a table; 0 for a raster.
        columns, rows, transform: the grid of a raster (GDAL's six numbers); zeros for a table.
        extent: in `crs`.
        phrases: whether a phrase can be asked for with the models installed; `notice` says why not.
    """

    id: str
    model: str
    width: int
    crs: str
    extent: Box
    count: int = 0
    columns: int = 0
    rows: int = 0
    transform: Tuple[float, float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    phrases: bool = False
    notice: str = ""


@dataclass(frozen=True)
class View:
    """What of the map the answer is for. The answer may be coarser, never finer than the vectors' own grid.

    A view beside all vectors is answered with one place that has none.
    """

    extent: Box
    columns: int
    rows: int


@dataclass(frozen=True)
class HeatRequest:
    """How alike every place is to what was shown: clicks (`label` 1 wanted, 0 unwanted), areas, a phrase.

    `polygons` are wanted areas, `unwanted` those that are not.

    `sequence` grows with each request of these embeddings; of those that wait, only the newest runs.
    """

    view: View
    sequence: int
    points: Tuple[Point, ...] = ()
    polygons: Tuple[Polygon, ...] = ()
    phrase: str = ""
    unwanted: Tuple[Polygon, ...] = ()


@dataclass(frozen=True)
class HeatAnswer:
    """The header of a heat map: byte b (0 to 250) is the score `low + (high - low) * b / 250`.

    Attributes:
        extent: what the image covers: whole cells of the vectors' grid, hence not quite what was asked for.
        threshold: a score that parts what is alike from the rest, to begin with.
    """

    sequence: int
    columns: int
    rows: int
    extent: Box
    low: float
    high: float
    threshold: float
    milliseconds: float = 0.0
    notice: str = ""


@dataclass(frozen=True)
class ClassExamples:
    """What a person showed of one class."""

    name: str
    points: Tuple[Point, ...] = ()
    polygons: Tuple[Polygon, ...] = ()


@dataclass(frozen=True)
class ClassesRequest:
    """Learn classes from examples and say for every place which it is: `saved`, or else `classes`.

    `saved` is the text of a classifier's file.
    """

    view: View
    sequence: int
    classes: Tuple[ClassExamples, ...] = ()
    saved: str = ""


@dataclass(frozen=True)
class ClassesAnswer:
    """The header of a class map: byte i is the class `names[i]`.

    Attributes:
        accuracy: cross-validated on the examples, 0 to 1; -1 where there are too few to tell.
        examples: vectors each class was learnt from.
        classifier: the text of the file that says what was learnt; empty where it is too long for a header (30,000
            characters as JSON).
    """

    sequence: int
    columns: int
    rows: int
    extent: Box
    names: Tuple[str, ...]
    accuracy: float = -1.0
    examples: Tuple[int, ...] = ()
    classifier: str = ""
    milliseconds: float = 0.0
    notice: str = ""
