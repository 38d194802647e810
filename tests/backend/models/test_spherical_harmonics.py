"""The harmonics against values of SatCLIP's published table (models.md 5.4), against SciPy, and at the poles."""

import math

import numpy as np
import pytest
from scipy.special import sph_harm_y

from backend.models.spherical_harmonics import harmonics, satclip_harmonics

PLACES = np.array([[13.405, 52.52], [-122.42, 37.77], [151.21, -33.87], [0, 0]])
FIRST = (0.8862269, -0.06892552, -1.218116, -0.2892071, 0.09122593, 0.1223061, 0.8810873, 0.5131885, 0.1805184)


def test_the_table_of_ten_degrees():
    found = satclip_harmonics(PLACES, 10)
    assert found.shape == (4, 100)
    assert found.dtype == np.float64
    assert found.sum(1) == pytest.approx([-1.046895, 0.761250, -5.458827, 0.321688], abs=1e-6)
    assert found[0, :9] == pytest.approx(FIRST, abs=5e-7)


def test_the_table_of_forty_degrees():
    """The table itself is off by 1e-4 at 52.5° north: its polynomials lose their digits towards the poles."""
    lengths = np.linalg.norm(satclip_harmonics(PLACES, 40), axis=1)
    assert lengths[0] == pytest.approx(12.536158, abs=2e-4)
    assert lengths[1:] == pytest.approx([12.261618, 12.218610, 12.044679], abs=1e-6)


def test_order_zero_is_larger_by_pi():
    plain, published = harmonics(PLACES, 6), satclip_harmonics(PLACES, 6)
    ratio = published[:3] / plain[:3]
    zero = [degree * (degree + 1) for degree in range(6)]
    assert ratio[:, zero] == pytest.approx(math.pi)
    assert np.delete(ratio, zero, axis=1) == pytest.approx(1)


@pytest.mark.parametrize(("degree", "order"), [(0, 0), (1, 1), (3, 2), (12, 7), (39, 39), (39, 1), (39, 0)])
def test_textbook_values_without_the_phase(degree, order):
    polar, azimuth = np.radians(PLACES[:, 1] + 90), np.radians(PLACES[:, 0] + 180)
    wave = sph_harm_y(degree, order, polar, azimuth) * (-1) ** order * (math.sqrt(2) if order else 1)
    found = harmonics(PLACES, 40)
    middle = degree * (degree + 1)
    assert found[:, middle + order] == pytest.approx(wave.real, abs=1e-12)
    if order:
        assert found[:, middle - order] == pytest.approx(wave.imag, abs=1e-12)


def test_squares_of_a_degree_add_up_to_the_same_everywhere():
    """Unsöld's theorem."""
    drawn = np.random.default_rng(0)
    places = np.stack([drawn.uniform(-180, 180, 50), drawn.uniform(-90, 90, 50)], 1)
    found = harmonics(places, 40)
    for degree in (0, 1, 17, 39):
        squares = (found[:, degree**2 : (degree + 1) ** 2] ** 2).sum(1)
        assert squares == pytest.approx((2 * degree + 1) / (4 * math.pi), rel=1e-12)


def test_a_pole_is_one_place_whatever_its_longitude():
    north, south = harmonics(np.array([[0.0, 90], [77, 90], [-180, 90]]), 40), harmonics(np.array([[5.0, -90]]), 40)
    assert np.ptp(north, axis=0).max() < 1e-12
    zero = [degree * (degree + 1) for degree in range(40)]
    exact = np.sqrt((2 * np.arange(40) + 1) / (4 * math.pi))
    assert south[0, zero] == pytest.approx(exact)
    assert north[0, zero] == pytest.approx(exact * (-1.0) ** np.arange(40))
    assert np.abs(np.delete(south, zero, axis=1)).max() < 1e-12


def test_nothing_jumps_at_the_antimeridian():
    west, east = satclip_harmonics(np.array([[-180.0, 12.0], [180.0, 12.0]]), 40)
    assert west == pytest.approx(east, abs=1e-12)
