"""What `locate` is asked, and whether it can be answered so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.errors import BadInput
from backend.geo.atomic import check_target
from backend.protocol import codes
from backend.tasks.beside import check_own_name

from .globe import Extent
from .points import Points
from .score import ESTIMATORS


@dataclass(frozen=True)
class Question:
    """One run of `locate`.

    Attributes:
        points: places whose vectors are wanted, or, with `predict`, places where the column `predict` is known.
        extent, step: a raster of vectors, of likeness or of predictions, in degrees.
        like, picture: what places are compared with: other places, a Sentinel-2 picture.
        at: places to predict at.
        quantise: int8 instead of float32.
        estimator: `ridge` or `knn`.
        classes: whether numbers in the column are codes of classes.
        within_km: how far from a known place predictions go; None is everywhere.
        block_km: side of the blocks held out together; None finds one that fits the places.
        folds_by: a column whose values are held out one after another.
    """

    points: Points | None = None
    extent: Extent | None = None
    step: float = 1.0
    like: tuple[tuple[float, float], ...] = ()
    picture: Path | None = None
    predict: str = ""
    at: Points | None = None
    quantise: bool = False
    estimator: str = "ridge"
    classes: bool = False
    within_km: float | None = None
    block_km: float | None = None
    folds_by: str | None = None

    def check(self, out: Path) -> None:
        """Raise BadInput (PARAMETER_INVALID, OUTPUT_UNWRITABLE) for what cannot be answered, or not into `out`."""
        compared = bool(self.like or self.picture)
        if self.predict:
            known = self.points is not None and not compared
            if not known or (self.extent is None) == (self.at is None):
                raise _wrong(
                    "To predict a column give points with it, and where: either an extent or other points (at)."
                )
        elif self._predicts():
            detail = "at, classes, within, block and folds by are for predictions; name the column to predict."
            raise _wrong(detail)
        elif (self.points is None) == (self.extent is None):
            raise _wrong("Give either points or an extent.")
        elif compared and self.extent is None:
            raise _wrong("To compare places give an extent, the area to be compared.")
        if self.quantise and (compared or self.predict or self.extent is None):
            raise _wrong("int8 is for a raster of vectors.")
        if self.estimator not in ESTIMATORS:
            raise _wrong(f"There is no estimator {self.estimator!r:.40}; use one of {', '.join(ESTIMATORS)}.")
        if self.within_km is not None and not self.within_km > 0:
            raise _wrong(f"within must be a distance above 0 km, not {self.within_km:g}.")
        if self.block_km is not None and not 0.001 <= self.block_km <= 10_000:
            raise _wrong(f"Blocks of {self.block_km:g} km cannot be; give 0.001 to 10000.")
        _check_out(out, self.extent is not None, bool(self.predict))

    def _predicts(self) -> bool:
        """Return whether anything is set that only a prediction has."""
        given = self.at, self.within_km, self.block_km, self.folds_by
        return self.classes or any(one is not None for one in given)


def _check_out(out: Path, raster: bool, predicted: bool) -> None:
    if not raster and predicted and out.suffix.lower() == ".gpkg":
        check_target(out, ".gpkg")
    else:
        check_target(out, ".tif" if raster else ".parquet")
    check_own_name((out,))


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, sentence)
