"""Ordinary phrases are told as things that are counted, or stuff that covers the ground."""

import pytest

from backend.models.mini_graphs import FOLDER
from backend.tasks.ground.things import are_things

# fmt: off
COUNTED = (
    "houses", "red roofs", "swimming pools", "parked aircraft", "helicopter", "cars in a parking lot", "fishing boat",
    "ships at anchor", "wind turbine", "solar panels", "storage tanks", "silo", "tennis court", "football pitch",
    "greenhouses", "palm trees", "olive tree", "chimney", "transmission tower", "tents", "shipping containers",
    "school", "stadium", "barn", "warehouse", "jetty", "people", "boulder", "tombs", "windmills",
)
COVERING = (
    "lake water", "flooded fields", "ocean", "pond", "highway", "dirt track", "woods", "mangrove", "lawn",
    "wheat field", "rice paddies", "vineyard", "orchard", "bare soil", "sand dunes", "glacier", "swamp", "burnt area",
    "asphalt", "concrete", "parking lot", "urban area", "mud", "rubble", "shadow", "seagrass", "farmland", "scrub",
    "landslide", "estuary",
)
# fmt: on


@pytest.mark.skipif(not (FOLDER / "text.json").is_file(), reason="Mini's weights are not here")
@pytest.mark.parametrize(("phrases", "counted"), [(COUNTED, True), (COVERING, False)])
def test_at_least_nine_of_ten_are_told_right(phrases, counted):
    wrong = [phrase for phrase in phrases if are_things(phrase) != counted]
    assert len(wrong) <= len(phrases) // 10, wrong
