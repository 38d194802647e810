"""The location encoder that ships: what is alike for it, wherever it lies, and that it needs nothing but its file."""

import numpy as np
import pytest

from backend.errors import Unavailable
from backend.models import mini_places
from backend.models.catalog import BUILT_IN
from backend.protocol.defaults import DEFAULT_MODEL

SPEC = BUILT_IN.get("mini-places")
SAHARA, SIMPSON, AMAZON, CONGO, PACIFIC, ALPS, KANSAS = (
    (5, 25), (137, -25), (-63, -5), (22, 0.5), (-140, -20), (8, 46.5), (-98, 38.5)
)  # fmt: skip


@pytest.fixture(scope="module")
def encoder():
    return mini_places.load(SPEC, None, None)


def cosine(encoder, one, other):
    a, b = encoder.encode(np.array([one, other], np.float64))
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


@pytest.mark.parametrize(
    ("place", "alike", "other"),
    [(SAHARA, SIMPSON, AMAZON), (AMAZON, CONGO, SIMPSON), (PACIFIC, (80, -30), AMAZON), (KANSAS, (33, 48), ALPS)],
)
def test_alike_across_oceans(encoder, place, alike, other):
    assert cosine(encoder, place, alike) > cosine(encoder, place, other) + 0.2


def test_a_place_is_the_same_whatever_is_asked_with_it(encoder):
    places = np.stack([np.linspace(-180, 180, 5000), np.linspace(-90, 90, 5000)], 1)
    together = encoder.encode(places)
    assert together.shape == (5000, encoder.width) == (5000, 256)
    assert np.isfinite(together).all()
    assert encoder.encode(places[4321:4322])[0] == pytest.approx(together[4321], abs=1e-4)
    assert encoder.encode(np.array([[-180.0, 20], [180, 20]])) == pytest.approx(
        np.repeat(encoder.encode(np.array([[180.0, 20]])), 2, 0), abs=1e-4
    )


def test_it_is_the_default():
    assert DEFAULT_MODEL["locate"] == SPEC.id
    assert SPEC.weights is None  # nothing to download


def test_weights_that_are_cut_off_are_said(monkeypatch, tmp_path):
    (tmp_path / mini_places.FILE).write_bytes((mini_places.WEIGHTS / mini_places.FILE).read_bytes()[:100_000])
    monkeypatch.setattr(mini_places, "WEIGHTS", tmp_path)
    with pytest.raises(Unavailable, match="Mini Places"):
        mini_places.load(SPEC, None, None)
