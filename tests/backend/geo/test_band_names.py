import pytest

from backend.geo.band_names import LEVEL_1C, LEVEL_2A, canonical, of_band, of_bands


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("B04", "B04"), ("b4", "B04"), ("B8A", "B8A"), ("B08A", "B8A"), ("B04, central wavelength 665 nm", "B04"),
        ("red", "B04"), ("Red (665 nm)", "B04"), ("NIR", "B08"), ("swir16", "B11"), ("red_edge_1", "B05"), ("vv", "VV"),
        ("VH", "VH"), ("rededge", ""), ("B13", ""), ("band 3", ""), ("", ""), ("scene", ""),
    ],
)  # fmt: skip
def test_names(text, name):
    assert canonical(text) == name


@pytest.mark.parametrize(
    ("description", "tags", "name"),
    [
        ("", {"CENTRAL_WAVELENGTH_UM": "0.665"}, "B04"),  # GDAL's IMAGERY domain
        ("Band 5 (864.7 Nanometers)", {"wavelength": "864.7", "wavelength_units": "Nanometers"}, "B8A"),  # ENVI
        ("", {"wavelength": "1.61", "wavelength_units": "Micrometers"}, "B11"),
        ("", {"common_name": "green"}, "B03"),
        ("thing, 0.842 um", {}, "B08"),
        ("B5", {"center_wavelength": "0.865"}, "B8A"),  # Landsat 8: what is measured counts, not the number
        ("", {"wavelength": "600"}, ""),
        ("", {"wavelength": "unknown"}, ""),
        ("", {"polarization": "VH"}, "VH"),
    ],
)
def test_metadata(description, tags, name):
    assert of_band(description, tags) == name


def test_the_usual_order_where_nothing_is_said():
    assert of_bands([("", {})] * 12) == LEVEL_2A
    assert of_bands([("stack", {})] * 13) == LEVEL_1C
    assert of_bands([("", {})] * 4) == ("",) * 4


def test_numbers_in_order_are_no_names():
    assert of_bands([(f"B{n}", {}) for n in range(1, 14)]) == LEVEL_1C
    assert of_bands([(name, {}) for name in reversed(LEVEL_2A)]) == LEVEL_2A[::-1]
    assert of_bands([(f"B{n}", {}) for n in range(1, 5)]) == LEVEL_2A[:4]
