"""The picture of the earth that ships: where it lies, how large its pixels are, and that it is small."""

import pytest

from backend.geo.raster import Window
from backend.geo.reader import SourceReader
from backend.tasks.generate.earth import FILE, earth_source
from backend.tasks.generate.ground_size import ground_size


@pytest.fixture(scope="module")
def reader():
    with SourceReader(earth_source(), FILE) as opened:
        yield opened


def test_it_is_the_whole_earth_in_degrees(reader):
    grid = reader.grid
    assert grid.crs == "EPSG:4326"
    assert grid.transform @ (0, 0) == (-180, 90)
    assert grid.transform @ (grid.width, grid.height) == pytest.approx((180, -90))
    assert FILE.stat().st_size < 750_000


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [(-150, 5, "blue"), (15, 23, "red"), (-63, -5, "green"), (90, -82, "white")],
)
def test_seas_deserts_forests_and_ice_are_where_they_are(reader, longitude, latitude, expected):
    col, row = ~reader.grid.transform @ (longitude, latitude)
    red, green, blue = reader.read(Window(int(col) - 4, int(row) - 4, 8, 8)).image.mean(axis=(0, 1))
    seen = {
        "blue": blue > red + 10,
        "red": red > blue + 40,
        "green": green > red and green > blue,
        "white": min(red, green, blue) > 180,
    }
    assert seen[expected]


def test_a_pixel_is_as_large_as_its_latitude_says(reader):
    """Rows are counted from the equator: of equal height, narrower by the cosine, told as a square of equal area."""
    size = ground_size(reader, 0.0)
    equator, north = size.at(1, 0, 0), size.at(1, 0, round(-60 * 7.5))
    assert equator == pytest.approx(14_800, rel=0.01)
    assert north == pytest.approx(equator * 0.5**0.5, rel=0.01)
    assert size.at(64, 0, 0) == pytest.approx(equator / 64, rel=0.001)


@pytest.mark.parametrize("row", [-675 - 64, -675 - 1, -675, 674, 675, 675 + 64])
def test_at_and_beyond_the_poles_a_pixel_still_has_a_size(reader, row):
    """Windows look beyond the picture; the network takes the logarithm of the size."""
    assert 10 < ground_size(reader, 0.0).at(4, 4 * 10, 4 * row) < 500
