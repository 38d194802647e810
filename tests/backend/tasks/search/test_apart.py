"""Of ranked places that are close to each other the best."""

import numpy as np
import pytest
import shapely

from backend.tasks.search.apart import far_points, far_shapes, in_metres


def greedy(count, near):
    kept = []
    for place in range(count):
        if not any(near(place, one) for one in kept):
            kept.append(place)
    return kept


@pytest.mark.parametrize("distance", [0.5, 3, 20])
def test_as_comparing_each_with_each(distance):
    points = np.random.default_rng(0).uniform(0, 100, (400, 2))
    shapes = shapely.box(*(points - 0.5).T, *(points + 0.5).T)
    wanted = greedy(400, lambda a, b: shapely.distance(shapes[a], shapes[b]) <= distance)
    assert list(far_shapes(shapes, distance)) == wanted
    wanted = greedy(400, lambda a, b: np.hypot(*(points[a] - points[b])) < distance)
    assert list(far_points(points, distance)) == wanted


def test_degrees_become_metres():
    places = in_metres(np.array([[10.0, 60.0], [11.0, 60.0], [10.0, 61.0]]), "EPSG:4326")
    east, north = np.linalg.norm(places[1:] - places[0], axis=1)
    assert (east, north) == pytest.approx((55_800, 111_400), rel=0.001)
