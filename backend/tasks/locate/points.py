"""Places of a table or a layer: longitude and latitude in degrees, with the columns that came with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from backend.errors import BadInput
from backend.models.location import Doubles
from backend.protocol import codes

DEGREES = "EPSG:4326"
Column = NDArray[np.float64] | list[str]
Called = Callable[[int], str]
"""Takes a row, 0 and up, and returns what a message calls it."""


@dataclass(frozen=True)
class Points:
    """Places, and what is known of each.

    Attributes:
        name: the file's.
        places: (n, 2) longitude and latitude in degrees, WGS 84.
        columns: numbers (NaN where there is none) or texts of each place.
    """

    name: str
    places: Doubles
    columns: Mapping[str, Column]

    def column(self, name: str) -> Column:
        """Return a column. Raises BadInput (PARAMETER_INVALID), naming those there are."""
        if name not in self.columns:
            known = ", ".join(list(self.columns)[:20]) or "no columns"
            raise BadInput(codes.PARAMETER_INVALID, f"{self.name!r} has no column {name!r:.60}; it has {known}.")
        return self.columns[name]


def in_degrees(name: str, xy: Doubles, crs: str) -> Doubles:
    """Return (n, 2) longitude and latitude of `xy` in `crs`, checked; `name` is the file's.

    Raises:
        BadInput: PARAMETER_INVALID for a CRS that is not known, and for the first row that is no place.
    """
    if not len(xy):
        raise BadInput(codes.PARAMETER_INVALID, f"{name!r} holds no places.")
    _check_numbers(xy, _row_of(name))
    try:
        system = CRS.from_user_input(crs)
        to_degrees = Transformer.from_crs(system, DEGREES, always_xy=True)
        degrees = xy if system == CRS(DEGREES) else np.stack(to_degrees.transform(xy[:, 0], xy[:, 1]), axis=1)
    except (CRSError, ProjError) as error:
        detail = f"The CRS {crs[:60]!r} of {name!r} does not lead to longitude and latitude; name another with --crs."
        raise BadInput(codes.PARAMETER_INVALID, detail) from error
    lost = np.flatnonzero(~np.isfinite(degrees).all(axis=1))
    if len(lost):
        detail = f"Row {lost[0] + 1} of {name!r} lies outside what its CRS describes; check the layer's CRS."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    swapped = "longitude and latitude seem to be swapped." if _swapped(degrees) else ""
    _check_range(degrees, _row_of(name), swapped or "mend it or name its CRS with --crs.")
    return degrees


def likened(like: Sequence[tuple[float, float]]) -> Doubles:
    """Return (n, 2) longitude and latitude of the places to compare with, n above 0. Raises PARAMETER_INVALID."""
    places = np.array(like, np.float64)

    def called(place: int) -> str:
        return f"--like {places[place, 0]:.10g},{places[place, 1]:.10g}"

    _check_numbers(places, called)
    _check_range(places, called, "give longitude,latitude in degrees.")
    return places


def _row_of(name: str) -> Called:
    return lambda row: f"Row {row + 1} of {name!r}"


def _check_numbers(xy: Doubles, called: Called) -> None:
    missing = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    if len(missing):
        detail = f"{called(int(missing[0]))} has no coordinates; leave it out or mend it."
        raise BadInput(codes.PARAMETER_INVALID, detail)


def _check_range(places: Doubles, called: Called, advice: str) -> None:
    for axis, word, most in ((1, "latitude", 90), (0, "longitude", 180)):
        beyond = np.flatnonzero(np.abs(places[:, axis]) > most)
        if len(beyond):
            value = places[beyond[0], axis]
            detail = f"{called(int(beyond[0]))} has the {word} {value:.10g}, beyond {most} degrees; {advice}"
            raise BadInput(codes.PARAMETER_INVALID, detail)


def _swapped(places: Doubles) -> bool:
    """Return whether most places lie beyond the globe, and all on it once longitude and latitude are swapped."""
    x, y = np.abs(places).T
    return bool((y > 90).mean() > 0.5 and x.max() <= 90 and y.max() <= 180)


def checked_file(path: Path) -> Path:
    """Return `path`. Raises BadInput (SOURCE_MISSING, SOURCE_REFUSED) where it is no file on this machine's disk."""
    if str(path).replace("\\", "/").lower().startswith("/vsi"):
        raise BadInput(codes.SOURCE_REFUSED, f"{str(path)!r:.80} is one of GDAL's virtual paths; only files are read.")
    if not path.is_file():
        raise BadInput(codes.SOURCE_MISSING, f"There is no file {path.name!r} at the path given.")
    return path
