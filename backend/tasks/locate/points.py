"""Places of a table or a layer: longitude and latitude in degrees, with the columns that came with them."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Return (n, 2) longitude and latitude of `xy` in `crs`, checked.

    Raises:
        BadInput: PARAMETER_INVALID for a CRS that is not known, and for the first row that is no place.
    """
    if not len(xy):
        raise BadInput(codes.PARAMETER_INVALID, f"{name!r} holds no places.")
    missing = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    if len(missing):
        detail = f"Row {missing[0] + 1} of {name!r} has no coordinates; leave it out or mend it."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    try:
        system = CRS.from_user_input(crs)
        to_degrees = Transformer.from_crs(system, DEGREES, always_xy=True)
        degrees = xy if system == CRS(DEGREES) else np.stack(to_degrees.transform(xy[:, 0], xy[:, 1]), axis=1)
    except (CRSError, ProjError) as error:
        detail = f"The CRS {crs[:60]!r} of {name!r} does not lead to longitude and latitude; name another with --crs."
        raise BadInput(codes.PARAMETER_INVALID, detail) from error
    _check(name, degrees)
    return degrees


def _check(name: str, places: Doubles) -> None:
    lost = np.flatnonzero(~np.isfinite(places).all(axis=1))
    if len(lost):
        detail = f"Row {lost[0] + 1} of {name!r} lies outside what its CRS describes; check the layer's CRS."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    for axis, word, most in ((1, "latitude", 90), (0, "longitude", 180)):
        beyond = np.flatnonzero(np.abs(places[:, axis]) > most)
        if len(beyond):
            value = places[beyond[0], axis]
            detail = f"Row {beyond[0] + 1} of {name!r} has the {word} {value:g}, beyond {most} degrees; "
            swapped = axis == 1 and np.abs(places[:, 0]).max() <= 90 and np.abs(places[:, 1]).max() <= 180
            advice = "longitude and latitude seem to be swapped." if swapped else "mend it or name its CRS with --crs."
            raise BadInput(codes.PARAMETER_INVALID, detail + advice)


def checked_file(path: Path) -> Path:
    """Return `path`. Raises BadInput (SOURCE_MISSING, SOURCE_REFUSED) where it is no file on this machine's disk."""
    if str(path).replace("\\", "/").lower().startswith("/vsi"):
        raise BadInput(codes.SOURCE_REFUSED, f"{str(path)!r:.80} is one of GDAL's virtual paths; only files are read.")
    if not path.is_file():
        raise BadInput(codes.SOURCE_MISSING, f"There is no file {path.name!r} at the path given.")
    return path
