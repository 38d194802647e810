"""What a person may set for `locate`, and the question it makes: one way for the command line and for jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.errors import BadInput
from backend.given import given_with_model
from backend.protocol import codes
from backend.protocol.capabilities import Parameter

from .points import Points
from .question import Question
from .read_points import TABLES, read_points
from .score import ESTIMATORS

RIDGE, KNN = ESTIMATORS

LOCATE_PARAMETERS = (
    Parameter("step", "number", 1.0, "Cell", minimum=1e-6, maximum=90, unit="°", help="Side of a raster's cell."),
    Parameter("int8", "boolean", False, "A byte a number", help="A quarter of the size, as AlphaEarth stores vectors."),
    Parameter(
        "estimator",
        "choice",
        RIDGE,
        "Predict by",
        choices=(RIDGE, KNN),
        help="Ridge regression, or the mean of the places whose vectors are most alike.",
    ),
    Parameter("classes", "boolean", False, "Numbers are codes", help="The column's numbers are codes of classes."),
    Parameter(
        "within",
        "number",
        0.0,
        "Not farther than",
        minimum=0,
        maximum=20040,
        unit="km",
        help="From a place where the column is known; 0 predicts everywhere.",
    ),
    Parameter(
        "block",
        "number",
        0.0,
        "Blocks held out",
        minimum=0,
        maximum=10000,
        unit="km",
        help="Side of the blocks that the honest score holds out whole; 0 finds one that fits the places.",
    ),
)
"""What forms show. Beside these a request has the texts of `TEXTS` and the parameters of its model."""
TEXTS = ("extent", "like", "predict", "folds_by", "lon", "lat", "crs", "layer")


@dataclass(frozen=True)
class Files:
    """The files of a question: where places are known, where they are asked for, a Sentinel-2 picture."""

    points: Path | None = None
    at: Path | None = None
    picture: Path | None = None


@dataclass(frozen=True)
class LocateParameters:
    """The values of one request, as `LOCATE_PARAMETERS` and `TEXTS` name them.

    Attributes:
        extent: `west,south,east,north` in degrees; empty where no raster is wanted.
        like: `longitude,latitude` of places to compare with, semicolons between them.
        predict, folds_by: columns of the points.
        lon, lat: columns of a table's coordinates; `crs` is theirs, or that of a layer without one.
        of_model: the values of the model's own parameters.
    """

    step: float = 1.0
    int8: bool = False
    estimator: str = RIDGE
    classes: bool = False
    within: float = 0.0
    block: float = 0.0
    extent: str = ""
    like: str = ""
    predict: str = ""
    folds_by: str = ""
    lon: str = ""
    lat: str = ""
    crs: str = ""
    layer: str = ""
    of_model: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, values: Mapping[str, Any], of_model: Sequence[Parameter] = ()) -> LocateParameters:
        """Return what `values` ask for of a model that has the parameters of `of_model`, too.

        Raises:
            BadInput: PARAMETER_INVALID, saying which is wrong and what it may be.
        """
        own, its = given_with_model(values, LOCATE_PARAMETERS, of_model, TEXTS)
        return cls(**own, of_model=its)

    def question(self, files: Files) -> Question:
        """Read the points and return what is asked.

        Raises:
            BadInput: PARAMETER_INVALID, or as `read_points`.
        """
        extent = _numbers(self.extent, 4, "The extent is four numbers: west,south,east,north in degrees.")
        wanted = "A place to compare with is two numbers: longitude,latitude."
        west, south, east, north = extent or (0.0,) * 4
        return Question(
            points=self._points(files.points, files),
            extent=(west, south, east, north) if extent else None,
            step=self.step,
            like=tuple((x, y) for x, y in (_numbers(place, 2, wanted) for place in self.like.split(";") if place)),
            picture=files.picture,
            predict=self.predict,
            at=self._points(files.at, files),
            quantise=self.int8,
            estimator=self.estimator,
            classes=self.classes,
            within_km=self.within or None,
            block_km=self.block or None,
            folds_by=self.folds_by or None,
        )

    def _points(self, path: Path | None, files: Files) -> Points | None:
        """Read places; where one is a table and one a layer, `lon`, `lat` and `crs` are the table's."""
        if path is None:
            return None
        both = files.points is not None and files.at is not None
        theirs = path.suffix.lower() in TABLES or not both
        return read_points(path, *((self.lon, self.lat, self.crs) if theirs else ("", "", "")), self.layer)


def _numbers(text: str, count: int, wanted: str) -> tuple[float, ...]:
    """Return the numbers between commas, none of an empty text. Raises PARAMETER_INVALID with the sentence `wanted`."""
    try:
        found = tuple(float(part) for part in text.split(",")) if text else ()
    except ValueError:
        raise BadInput(codes.PARAMETER_INVALID, wanted) from None
    if text and len(found) != count:
        raise BadInput(codes.PARAMETER_INVALID, wanted)
    return found
