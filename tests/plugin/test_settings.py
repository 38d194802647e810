import pytest
from toposcope.plugin import settings
from toposcope.plugin.settings import Settings

from tests.memory_store import MemoryStore

OTHER = {
    settings.BACKEND_MODE: "remote",
    settings.REMOTE_URL: "https://gpu.example",
    settings.CA_FILE: "gpu.pem",
    settings.DEVICE: "cuda",
    settings.LAST_MODEL: "classic",
    settings.HOVER: False,
    settings.GROUND_MODEL: "mini",
    settings.PANEL_WIDTH: 320,
    settings.RESULTS_FOLDER: "/maps/found",
    settings.PLACES_MODEL: "geoclip",
    settings.PLACES_FOLDER: "/maps/places",
    settings.GENERATE_MODEL: "metaearth",
    settings.CHANGE_MODEL: "changen2-oem",
    settings.CHANGE_FOLDER: "/maps/pairs",
    settings.DETECT_FOLDER: "/maps/changes",
}
COMPOUND = {dict: {"outline": "smooth", "min_area": 2.5, "holes": True}, list: ["roof; pool", "lake"]}


@pytest.fixture
def kept():
    return Settings(MemoryStore())


@pytest.mark.parametrize("setting", settings.ALL, ids=lambda s: s.key)
def test_a_value_survives(kept, setting):
    assert kept.get(setting) == setting.default
    kind = type(setting.default)
    value = COMPOUND[kind] if kind in COMPOUND else OTHER[setting]
    kept.set(setting, value)
    assert kept.get(setting) == value


def test_a_tables_values_are_kept_beside_others(kept):
    kept.update(settings.GROUND, {"mini": {"threshold": 0.5}})
    kept.update(settings.GROUND, {"owlv2": {}, "mini": {}})
    assert kept.get(settings.GROUND) == {"mini": {}, "owlv2": {}}


def test_keys_are_unique():
    assert len({setting.key for setting in settings.ALL}) == len(settings.ALL)


def test_nothing_that_is_secret_has_a_key():
    assert not [s.key for s in settings.ALL if any(word in s.key for word in ("token", "secret", "password"))]


def test_a_wrong_value_is_refused(kept):
    for setting, value in ((settings.DEVICE, "gpu"), (settings.HOVER, "yes"), (settings.REMOTE_URL, None)):
        with pytest.raises(ValueError, match=setting.key):
            kept.set(setting, value)


@pytest.mark.parametrize("damaged", ["not json", '"gpu"', "3", "", True])
def test_a_damaged_value_reads_as_the_default(damaged):
    store = MemoryStore()
    store.setValue(settings.PREFIX + settings.DEVICE.key, damaged)
    assert Settings(store).get(settings.DEVICE) == "auto"
