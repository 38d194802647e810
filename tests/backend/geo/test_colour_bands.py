import pytest

from backend.geo.colour_bands import colour_bands


def said(*descriptions):
    return [(text, {}) for text in descriptions]


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        (said("blue", "green", "red", "nir"), (3, 2, 1)),
        (said("B02", "B03", "B04"), (3, 2, 1)),
        (said("B4, central wavelength 665 nm", "B8", "B3", "B2"), (1, 3, 4)),
        ([("", {"CENTRAL_WAVELENGTH_UM": text}) for text in ("0.49", "0.56", "0.66", "0.83")], (3, 2, 1)),
        (said(*[""] * 13), (4, 3, 2)),
        (said("", "", "", ""), ()),
        (said("B04", "B03", "B08"), ()),
        (said("red", "red", "green", "blue"), ()),
        (said("VV", "VH"), ()),
    ],
)
def test_red_green_and_blue_are_those_that_say_so(metadata, found):
    assert colour_bands(metadata) == found
