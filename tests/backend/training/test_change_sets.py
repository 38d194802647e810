"""Painted pairs of packed pictures: made by the job, in an order that does not change, apart by picture."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from backend.errors import BadInput
from backend.models import oem
from backend.models.loaded import LoadedModels
from backend.models.registry import Registry
from backend.models.spec import CORE, ModelSpec
from backend.training.change_pairs import read_pair, read_pairs
from backend.training.change_places import load_places
from backend.training.change_sets import CHECKED, checked_pictures, coarser, make, pairs_of, write_splits
from tests.backend.tasks.change import scenes
from tests.backend.training import change_pack

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = change_pack.write(tmp_path_factory.mktemp("pack"))
    return load_places(folder / "pack.zip", folder / "labels.npz")


@pytest.fixture
def loaded(tmp_path):
    plain = ModelSpec("plain", "Plain", ("change",), f"{scenes.__name__}:load", CORE, 64, "fast", 1_000_000)
    return LoadedModels(Registry().register(plain), tmp_path)


def test_more_pairs_begin_with_the_same_ones(places):
    few, many = pairs_of(places, 5, 1), pairs_of(places, 12, 1)
    assert [(one.name, one.event, one.seed) for one in few] == [(one.name, one.event, one.seed) for one in many[:5]]
    assert {one.event for one in many} >= {"mix", "swap"}
    assert [one.seed for one in pairs_of(places, 5, 2)] != [one.seed for one in few]
    assert CHECKED > 1
    assert checked_pictures(places) == {0}


def test_pictures_made_coarser_keep_their_labels_under_them(places):
    picture, labels = coarser(places[0], 2)
    assert picture.shape[:2] == labels.shape == (256, 256)
    assert picture[labels == oem.BUILDING].mean() > picture[labels != oem.BUILDING].mean() + 80


def test_pairs_are_made_by_the_job_and_split_by_picture(places, loaded, tmp_path):
    for drawn in pairs_of(places, 3, 1):
        assert make(drawn, tmp_path / "pairs", loaded, "plain", 2)
    write_splits(tmp_path / "pairs", {0}, places, 3, 1)
    pairs = [read_pair(path) for path in (tmp_path / "pairs").glob("pair_*")]
    assert len(pairs) == 3
    for pair in pairs:
        assert 0 < pair.changed.mean() < 1
        assert np.array_equal(pair.before[pair.changed == 0], pair.after[pair.changed == 0])
        assert np.array_equal(pair.changed == 1, pair.was != pair.now)
    there = [drawn.name.endswith("_0") for drawn in pairs_of(places, 3, 1)]
    assert len(read_pairs(tmp_path / "pairs", "validation")) == sum(there)
    assert len(read_pairs(tmp_path / "pairs", "train")) == 3 - sum(there)
    assert not list((tmp_path / "pairs").glob(".source*"))


def test_where_nothing_can_change_there_is_no_pair_and_other_errors_are_told(places, loaded, tmp_path):
    drawn = replace(pairs_of(places, 1, 1)[0], event="remove")
    picture = drawn.place.picture
    bare = replace(drawn.place, picture=replace(picture, classes=np.full_like(picture.classes, oem.WATER)))
    assert not make(replace(drawn, place=bare), tmp_path / "pairs", loaded, "plain", 2)
    assert list((tmp_path / "pairs").iterdir()) == []
    blind = ModelSpec("blind", "Blind", ("embed",), "nowhere:load", CORE, 64, "fast", 1_000_000)
    with pytest.raises(BadInput, match="paints no changes"):
        make(drawn, tmp_path / "pairs", LoadedModels(Registry().register(blind), tmp_path), "blind", 2)


def test_pairs_may_have_a_margin_that_teaches_nothing(places, loaded, tmp_path):
    for margin in (0.0, 4.0):
        assert make(pairs_of(places, 1, 1)[0], tmp_path / str(margin), loaded, "plain", 2, margin)
    plain, wide = (read_pair(next((tmp_path / str(margin)).glob("pair_*"))) for margin in (0.0, 4.0))
    assert (wide.changed == 255).any()
    assert np.array_equal(wide.changed == 1, plain.changed == 1)
    assert np.array_equal(wide.before[wide.changed == 0], wide.after[wide.changed == 0])
