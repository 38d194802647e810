"""The part of a source that is looked at: a window of its pixels and, where it is no rectangle, a polygon in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from backend.errors import BadInput
from backend.geo.raster import Grid, Window
from backend.protocol import codes

SNAP = 1e-6
"""Pixels: rounding of coordinates makes no area reach into one pixel more."""


@dataclass(frozen=True)
class Area:
    """`polygon`, in source pixels, is None where the whole window is meant."""

    window: Window
    polygon: BaseGeometry | None = None

    @property
    def border(self) -> BaseGeometry:
        """Return the polygon, the window's where there is none."""
        return rectangle(self.window) if self.polygon is None else self.polygon

    def touches(self, window: Window) -> bool:
        """Return whether any of the area may lie in `window`."""
        return self.polygon is None or bool(self.polygon.intersects(rectangle(window)))

    def mask(self, window: Window) -> NDArray[np.bool_]:
        """Return (rows, columns) of `window`: which pixels have their centre in the area."""
        shape = window.height, window.width
        if self.polygon is None or self.polygon.contains(rectangle(window)):
            return np.ones(shape, np.bool_)
        moved = shapely.transform(self.polygon, lambda xy: xy - (window.col, window.row))
        return np.asarray(rasterize([moved], out_shape=shape, dtype="uint8") > 0)


def rectangle(window: Window) -> shapely.Polygon:
    """Return a window as a polygon in the same pixels."""
    return shapely.box(window.col, window.row, window.col + window.width, window.row + window.height)


def parse_area(text: str, grid: Grid, name: str) -> Area:
    """Return the area that `text` (see docs/grounding.md) means on the source called `name`.

    Raises:
        BadInput: PARAMETER_INVALID for what is no area, PROMPT_OUTSIDE for one outside the source.
    """
    if not text.strip():
        return Area(Window(0, 0, grid.width, grid.height))
    shape = shape_in_pixels(text, grid, "The area")
    source = shapely.box(0, 0, grid.width, grid.height)
    if not shape.intersection(source).area > SNAP:
        detail = f"The area lies outside {name!r}; choose one on the layer, in the layer's CRS."
        raise BadInput(codes.PROMPT_OUTSIDE, detail)
    x0, y0, x1, y1 = shape.intersection(source).bounds
    left, top = math.floor(x0 + SNAP), math.floor(y0 + SNAP)
    right, bottom = math.ceil(x1 - SNAP), math.ceil(y1 - SNAP)
    area = Area(Window(left, top, right - left, bottom - top), None if _is_rectangle(shape) else shape)
    if area.polygon is not None and max(right - left, bottom - top) < 64 and not area.mask(area.window).any():
        raise BadInput(codes.PARAMETER_INVALID, "The area holds not one pixel's centre; draw a larger one.")
    return area


def shape_in_pixels(text: str, grid: Grid, what: str) -> BaseGeometry:
    """Return the polygon that `text` gives in the CRS of `grid`, in its pixels. Raises PARAMETER_INVALID."""
    shape = _box(text) or _parsed(text)
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        detail = f"{what} is {text.strip()[:40]!r}; give xmin,ymin,xmax,ymax or a polygon as WKT or GeoJSON."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if not np.isfinite(shapely.get_coordinates(shape)).all() or not shape.is_valid or shape.area == 0:
        raise BadInput(codes.PARAMETER_INVALID, f"{what} has no inside, or its outline crosses itself; draw it again.")
    a, b, c, d, e, f = (~grid.transform)[:6]
    turn, corner = np.array([[a, d], [b, e]]), np.array([c, f])
    return shapely.transform(shape, lambda xy: xy @ turn + corner)


def _box(text: str) -> BaseGeometry | None:
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return shapely.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _parsed(text: str) -> BaseGeometry | None:
    try:
        read = shapely.from_geojson if text.lstrip().startswith("{") else shapely.from_wkt
        return read(text)
    except (shapely.errors.ShapelyError, TypeError):
        return None


def _is_rectangle(shape: BaseGeometry) -> bool:
    return bool(shape.envelope.area - shape.area <= SNAP * shape.area)
