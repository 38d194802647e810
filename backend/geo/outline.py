"""From an object's mask to the polygons a person gets: which parts, which holes, which kind of line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from backend.geo.measure import ground_pixel, pixel_area_m2
from backend.geo.polygonize import exact_polygons
from backend.geo.raster import Grid, Window
from backend.geo.regularise import circle, orthogonal, rectangle
from backend.geo.smooth import smooth
from backend.given import checked_value
from backend.protocol.capabilities import Parameter

EXACT, SMOOTH, ORTHOGONAL, RECTANGLE, CIRCLE = "exact", "smooth", "orthogonal", "rectangle", "circle"
OUTLINES = (SMOOTH, EXACT, ORTHOGONAL, RECTANGLE, CIRCLE)
GUARD = 0.7
"""A regularised outline whose IoU with the mask is below this is not used."""

OUTLINE_PARAMETERS = (
    Parameter(
        "outline",
        "choice",
        SMOOTH,
        "Outline",
        choices=OUTLINES,
        help="exact follows pixel edges; orthogonal suits buildings, circle tanks and silos.",
    ),
    Parameter(
        "min_area",
        "number",
        0.0,
        "Smallest part or hole",
        minimum=0.0,
        maximum=1e12,
        unit="m²",
        help="Smaller parts are left out and smaller holes filled; in pixels where the ground size is unknown.",
    ),
    Parameter("fill_holes", "boolean", False, "Fill holes"),
    Parameter("largest_only", "boolean", False, "Keep the largest part only"),
    Parameter(
        "simplify",
        "number",
        0.5,
        "Simplify",
        minimum=0.0,
        maximum=20.0,
        unit="px",
        help="How far a smooth outline may move to save corners.",
    ),
)


@dataclass(frozen=True)
class OutlineParameters:
    """The values of `OUTLINE_PARAMETERS`."""

    outline: str = SMOOTH
    min_area: float = 0.0
    fill_holes: bool = False
    largest_only: bool = False
    simplify: float = 0.5

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> OutlineParameters:
        """Return the outline parameters in `values`; other names in it are others' business.

        Raises:
            BadInput: PARAMETER_INVALID, saying which and what it may be.
        """
        return cls(
            **{spec.name: checked_value(spec, values[spec.name]) for spec in OUTLINE_PARAMETERS if spec.name in values}
        )


@dataclass(frozen=True)
class Outline:
    """An object's polygons in source pixels, largest first, and a word where the kind asked for was not used."""

    polygons: tuple[shapely.Polygon, ...]
    notice: str = ""


def outline(
    mask: NDArray[np.bool_], window: Window, step: int, grid: Grid, parameters: OutlineParameters = OutlineParameters()
) -> Outline:
    """Return the outline of `mask`, which covers `window` of `grid` with cells of `step` pixels."""
    return outline_of(exact_polygons(mask), window, step, grid, parameters)


def outline_of(
    exact: Sequence[shapely.Polygon], window: Window, step: int, grid: Grid, parameters: OutlineParameters
) -> Outline:
    """Return the outline of polygons along the edges of cells, largest first, counted from the corner of `window`."""
    unit = (pixel_area_m2(grid) or 1.0) * step * step
    smallest = parameters.min_area / unit
    parts = [part for part in exact if part.area >= smallest]
    parts = parts[:1] if parameters.largest_only else parts
    parts = [_without_holes(part, math.inf if parameters.fill_holes else smallest) for part in parts]
    width, height = ground_pixel(grid)
    drawn = [_drawn(part, parameters, width / height if height else 1.0) for part in parts]
    kept = [polygon for polygon, _ in drawn]
    refused = sum(1 for _, fits in drawn if not fits)
    notice = f"The {parameters.outline} outline does not fit this shape; the smooth one is shown." if refused else ""
    return Outline(tuple(_in_pixels(polygon, window, step) for polygon in kept), notice)


def _without_holes(polygon: shapely.Polygon, smaller_than: float) -> shapely.Polygon:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= smaller_than]
    return shapely.Polygon(polygon.exterior, holes)


def _drawn(exact: shapely.Polygon, parameters: OutlineParameters, aspect: float) -> tuple[shapely.Polygon, bool]:
    """Return the outline asked for and True, or the smooth one and False where that one fits too badly."""
    if parameters.outline == EXACT:
        return exact, True
    smoothed = smooth(exact, parameters.simplify)
    if parameters.outline == SMOOTH:
        return smoothed, True
    make = {ORTHOGONAL: orthogonal, RECTANGLE: rectangle, CIRCLE: circle}[parameters.outline]
    # Angles and circles are meant on the ground, where a cell may be wider than it is high (or degrees are shown).
    start = exact if parameters.outline == CIRCLE else smooth(exact, 0.0)
    made = make(affinity.scale(start, aspect, 1.0, origin=(0, 0)))
    regular = affinity.scale(made, 1.0 / aspect, 1.0, origin=(0, 0))
    return (regular, True) if _iou(regular, exact) >= GUARD else (smoothed, False)


def _iou(a: shapely.Geometry, b: shapely.Geometry) -> float:
    if not isinstance(a, shapely.Polygon) or a.is_empty or not a.is_valid:
        return 0.0
    return float(a.intersection(b).area / a.union(b).area)


def _in_pixels(polygon: shapely.Polygon, window: Window, step: int) -> shapely.Polygon:
    return shapely.transform(polygon, lambda xy: xy * step + (window.col, window.row))
