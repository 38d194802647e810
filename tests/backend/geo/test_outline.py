import math

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.errors import BadInput
from backend.geo.measure import area_m2
from backend.geo.outline import OUTLINE_PARAMETERS, OUTLINES, OutlineParameters, outline
from backend.geo.polygonize import exact_polygons
from backend.geo.raster import Grid, Window
from backend.protocol import codes

PLAIN = Grid(200, 200, Affine.identity(), "")
ALL = Window(0, 0, 200, 200)
ROWS, COLUMNS = np.mgrid[:200, :200] + 0.5
MASKS = arrays(bool, st.tuples(st.integers(1, 24), st.integers(1, 24)))


def shape_of(mask, grid=PLAIN, **parameters):
    return outline(mask, ALL, 1, grid, OutlineParameters.parse(parameters))


def turned(width, height, angle, centre=(100, 100), aspect=1.0):
    x, y = (COLUMNS - centre[0]) * aspect, ROWS - centre[1]
    along, across = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    return (abs(along) < width / 2) & (abs(across) < height / 2)


def iou(a, b):
    return a.intersection(b).area / a.union(b).area


def corner_angles(polygon, aspect=1.0):
    ring = shapely.get_coordinates(polygon.exterior)[:-1] * (aspect, 1)
    before, after = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
    cosine = (before * after).sum(axis=1) / np.linalg.norm(before, axis=1) / np.linalg.norm(after, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


@given(mask=MASKS)
def test_exact_polygons_are_the_mask(mask):
    polygons = exact_polygons(mask)
    assert all(polygon.is_valid for polygon in polygons)
    assert sum(polygon.area for polygon in polygons) == mask.sum()
    areas = [polygon.area for polygon in polygons]
    assert areas == sorted(areas, reverse=True)


@given(mask=MASKS, kind=st.sampled_from(OUTLINES), simplify=st.sampled_from([0.0, 0.5, 2.0]))
def test_every_outline_is_valid_and_there_is_one_for_each_part(mask, kind, simplify):
    grid = Grid(mask.shape[1], mask.shape[0], Affine.identity(), "")
    window = Window(0, 0, grid.width, grid.height)
    found = outline(mask, window, 1, grid, OutlineParameters(outline=kind, simplify=simplify)).polygons
    assert len(found) == len(exact_polygons(mask))
    assert all(polygon.is_valid and polygon.area > 0 for polygon in found)


@given(mask=MASKS)
def test_a_smooth_outline_keeps_the_area_within_a_tenth(mask):
    grid = Grid(mask.shape[1], mask.shape[0], Affine.identity(), "")
    found = outline(mask, Window(0, 0, grid.width, grid.height), 1, grid).polygons
    for smooth, exact in zip(found, exact_polygons(mask), strict=True):
        assert abs(smooth.area - exact.area) <= 0.1 * exact.area + 1e-9


@pytest.mark.parametrize("angle", [0.0, 0.2, 0.5, 1.1])
def test_a_smooth_outline_stays_within_a_pixel_and_saves_corners(angle):
    mask = turned(90, 50, angle)
    (smooth,), (exact,) = shape_of(mask).polygons, exact_polygons(mask)
    assert smooth.exterior.hausdorff_distance(exact.exterior) < 1.5
    assert len(smooth.exterior.coords) < 40
    assert iou(smooth, exact) > 0.97


@pytest.mark.parametrize("angle", [0.0, 0.2, 0.7, 1.3])
def test_orthogonal_finds_the_walls_of_an_l_shaped_house(angle):
    x = (COLUMNS - 100) * math.cos(angle) + (ROWS - 100) * math.sin(angle)
    y = (ROWS - 100) * math.cos(angle) - (COLUMNS - 100) * math.sin(angle)
    house = (abs(x) < 45) & (abs(y) < 30) & ~((x > 5) & (y > -5))
    found = shape_of(house, outline="orthogonal")
    (polygon,) = found.polygons
    assert found.notice == ""
    assert len(polygon.exterior.coords) == 7
    assert np.allclose(corner_angles(polygon), 90)
    assert iou(polygon, exact_polygons(house)[0]) > 0.96
    assert abs(polygon.area - house.sum()) < 0.02 * house.sum()


def test_right_angles_are_right_on_the_ground_also_in_degrees():
    """At 60° north a degree of longitude is half as long as one of latitude."""
    grid = Grid(200, 200, Affine(1e-5, 0, 20, 0, -1e-5, 60), "EPSG:4326")
    house = turned(60, 40, 0.5, aspect=0.5)
    (polygon,) = shape_of(house, grid, outline="orthogonal").polygons
    aspect = 0.5013  # of the ellipsoid
    assert np.allclose(corner_angles(polygon, aspect), 90, atol=0.2)
    (round_one,) = shape_of(turned(30, 30, 0.0, aspect=0.5), grid, outline="circle").polygons
    left, bottom, right, top = round_one.bounds
    assert abs((right - left) * aspect / (top - bottom) - 1) < 0.01


def test_rectangle_and_circle():
    mask = turned(80, 40, 0.3)
    (rectangle,) = shape_of(mask, outline="rectangle").polygons
    assert len(rectangle.exterior.coords) == 5
    assert iou(rectangle, exact_polygons(mask)[0]) > 0.94
    disc = (COLUMNS - 60) ** 2 + (ROWS - 70) ** 2 < 400
    (circle,) = shape_of(disc, outline="circle").polygons
    assert abs(circle.area - disc.sum()) < 1e-6 * disc.sum()
    assert circle.centroid.distance(shapely.Point(60, 70)) < 0.1


@pytest.mark.parametrize("kind", ["rectangle", "circle"])
def test_a_shape_that_does_not_fit_is_not_used_and_that_is_said(kind):
    cross = turned(120, 10, 0.0) | turned(10, 120, 0.0)
    found = shape_of(cross, outline=kind)
    assert kind in found.notice
    assert found.polygons[0].equals(shape_of(cross).polygons[0])


def test_parts_and_holes():
    ring = turned(60, 60, 0.0, (60, 60)) & ~turned(10, 10, 0.0, (60, 60))
    spot = turned(8, 8, 0.0, (150, 150))
    assert len(shape_of(ring | spot).polygons) == 2
    assert len(shape_of(ring | spot, largest_only=True).polygons) == 1
    assert len(shape_of(ring | spot, min_area=65).polygons) == 1
    assert len(shape_of(ring).polygons[0].interiors) == 1
    assert not shape_of(ring, fill_holes=True).polygons[0].interiors
    assert not shape_of(ring, min_area=101).polygons[0].interiors
    assert shape_of(np.zeros((200, 200), bool)).polygons == ()


def test_the_smallest_area_is_in_square_metres_where_the_ground_is_known():
    grid = Grid(200, 200, Affine(0.5, 0, 500000, 0, -0.5, 3000000), "EPSG:32645")
    spot = turned(8, 8, 0.0)  # 64 pixels, 16 m2
    assert shape_of(spot, grid, min_area=15.9).polygons
    assert not shape_of(spot, grid, min_area=16.2).polygons


def test_a_coarse_mask_lies_where_its_window_is():
    mask = np.ones((3, 4), bool)
    found = outline(mask, Window(40, 80, 16, 12), 4, PLAIN, OutlineParameters(outline="exact"))
    assert found.polygons[0].bounds == (40, 80, 56, 92)


@pytest.mark.parametrize(
    ("name", "value"),
    [("outline", "round"), ("min_area", -1), ("min_area", "3"), ("min_area", math.nan), ("min_area", True),
     ("fill_holes", 1), ("simplify", 21), ("outline", ["exact"])],
)  # fmt: skip
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(BadInput) as error:
        OutlineParameters.parse({name: value})
    assert error.value.code == codes.PARAMETER_INVALID
    assert name in error.value.detail


def test_the_parameters_described_are_those_there_are():
    assert OutlineParameters() == OutlineParameters.parse({spec.name: spec.default for spec in OUTLINE_PARAMETERS})


def test_area_on_the_ellipsoid():
    square = shapely.box(85.0, 27.0, 85.001, 27.001)
    assert area_m2(square, "EPSG:4326") == pytest.approx(99.23 * 110.80, rel=1e-3)
    assert area_m2(shapely.box(500000, 0, 500100, 100), "EPSG:32645") == pytest.approx(1e4 / 0.9996**2, rel=1e-5)
    assert area_m2(square, "") == 0
    assert area_m2(square, "no such CRS") == 0
    with_hole = shapely.Polygon(square.exterior, [shapely.box(85.0002, 27.0002, 85.0004, 27.0004).exterior])
    assert area_m2(with_hole, "EPSG:4326") == pytest.approx(0.96 * area_m2(square, "EPSG:4326"), rel=1e-4)
