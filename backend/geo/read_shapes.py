"""Points and polygons of a vector layer with their columns, in the CRS of another layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from backend.errors import BadInput
from backend.geo.access import checked_path, unreadable
from backend.protocol import codes

KINDS = ("Point", "MultiPoint", "Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Shapes:
    """A layer's rows.

    Attributes:
        name: the file's.
        shapes: (n,) points and polygons of shapely, in `crs`; never empty.
        crs: WKT or authority string; empty where unknown.
        columns: (n,) each.
    """

    name: str
    shapes: NDArray[np.object_]
    crs: str
    columns: Mapping[str, NDArray[Any]]

    def texts(self, column: str) -> list[str]:
        """Return the texts in a column, whole numbers without a point. Raises PARAMETER_INVALID, naming the row."""
        if column not in self.columns:
            known = ", ".join(list(self.columns)[:20]) or "no columns"
            raise BadInput(codes.PARAMETER_INVALID, f"{self.name!r} has no column {column!r:.60}; it has {known}.")
        found = [_text(value) for value in self.columns[column].tolist()]
        if "" in found:
            detail = f"Row {found.index('') + 1} of {self.name!r} has nothing in {column!r:.60}; fill it in."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return found


def read_shapes(path: Path, layer: str = "") -> Shapes:
    """Return the rows of the layer at the absolute `path`; `layer` names one of several.

    Raises:
        BadInput: SOURCE_MISSING, SOURCE_REFUSED, SOURCE_UNREADABLE; PARAMETER_INVALID for lines, for what has no
            geometry, and where one of several layers must be named.
    """
    path = checked_path(path)
    with path.open("rb") as file:
        if b"<ogrvrt" in file.read(4096).lower():
            raise BadInput(codes.SOURCE_REFUSED, f"{path.name!r} is a virtual layer, which may point at any file.")
    try:
        meta, _, geometry, fields = pyogrio.raw.read(path, layer=chosen_layer(path, layer), force_2d=True)
    except (DataSourceError, ValueError) as error:
        raise unreadable(path.name, "it is no layer of points or polygons, or damaged") from error
    shapes = shapely.from_wkb(geometry if geometry is not None else np.empty(0, object))
    if not len(shapes):
        raise BadInput(codes.PARAMETER_INVALID, f"{path.name!r} holds no points or polygons; draw some.")
    kinds = ["nothing" if shape is None or shape.is_empty else shape.geom_type for shape in shapes]
    wrong = next((row for row, kind in enumerate(kinds) if kind not in KINDS), None)
    if wrong is not None:
        detail = f"Row {wrong + 1} of {path.name!r} is {kinds[wrong]}; give points and polygons."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    names = [str(name) for name in meta["fields"]]
    return Shapes(path.name, np.asarray(shapes, object), str(meta["crs"] or ""), dict(zip(names, fields, strict=True)))


def in_crs(shapes: Shapes, crs: str, name: str) -> Shapes:
    """Return `shapes` in `crs`, that of the layer called `name`.

    Raises:
        BadInput: PARAMETER_INVALID where one of the two has no CRS, and for what cannot be brought into it.
    """
    if bool(shapes.crs) != bool(crs):
        without = name if shapes.crs else shapes.name
        detail = f"{without!r} has no CRS, so it is not known how {shapes.name!r} and {name!r} lie; set one in QGIS."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    try:
        if not crs or CRS.from_user_input(shapes.crs) == CRS.from_user_input(crs):
            return shapes
        turn = Transformer.from_crs(shapes.crs, crs, always_xy=True)
        moved = shapely.transform(shapes.shapes, lambda xy: np.stack(turn.transform(xy[:, 0], xy[:, 1]), axis=1))
    except (CRSError, ProjError) as error:
        detail = f"{shapes.name!r} cannot be brought into the CRS of {name!r}; save it in that CRS first."
        raise BadInput(codes.PARAMETER_INVALID, detail) from error
    lost = [row for row, shape in enumerate(moved, 1) if not np.isfinite(shapely.get_coordinates(shape)).all()]
    if lost:
        detail = f"Row {lost[0]} of {shapes.name!r} lies outside what the CRS of {name!r} describes; leave it out."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return replace(shapes, shapes=np.asarray(moved, object), crs=crs)


def chosen_layer(path: Path, wanted: str) -> str:
    """Return the layer to read. Raises PARAMETER_INVALID where there is no such one, or several and none is wanted."""
    names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    if wanted and wanted not in names:
        detail = f"{path.name!r} has no layer {wanted!r:.60}; it has {', '.join(names)}."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if not wanted and len(names) > 1:
        raise BadInput(codes.PARAMETER_INVALID, f"Choose one of the layers of {path.name!r}: {', '.join(names)}.")
    return wanted or names[0]


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
