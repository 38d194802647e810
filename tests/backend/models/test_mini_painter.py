"""The offline change painter on tiny networks of the real design."""

import numpy as np
import pytest
import torch

from backend.models import mini_painter, oem
from backend.models.change_painter import Place
from backend.models.diffusion import METAEARTH
from backend.models.mini_painter import MiniPainter, _clean, _sampled
from backend.models.painter_examples import examples, finer
from backend.models.painter_fill import filled
from tests.backend.models.painters import changed_into, tiny
from tests.backend.models.promptable import picture

SIDE = 128
IMAGE = picture(SIDE, SIDE)[0]
BEFORE = np.full((SIDE, SIDE), oem.TREE, np.uint8)
AFTER = BEFORE.copy()
AFTER[50:71, 45:66] = oem.BUILDING
CHANGED = BEFORE != AFTER
HERE = Place(3, 0, 0, 0.5, 3)


@pytest.fixture(scope="module")
def painter(tmp_path_factory):
    return tiny(tmp_path_factory.mktemp("painter"))


def test_what_did_not_change_stays_to_the_bit(painter):
    found = changed_into(painter, IMAGE, BEFORE, AFTER, HERE)
    np.testing.assert_array_equal(found[~CHANGED], IMAGE[~CHANGED])
    assert (found[CHANGED] != IMAGE[CHANGED]).any(-1).mean() > 0.9
    np.testing.assert_array_equal(changed_into(painter, IMAGE, AFTER, AFTER, HERE), IMAGE)


def test_around_what_changed_is_painted_where_it_is_said(painter):
    around = np.zeros_like(CHANGED)
    around[44:77, 39:72] = True
    for before, then in ((BEFORE, AFTER), (AFTER, BEFORE), (BEFORE, BEFORE)):
        found = painter.after(IMAGE, before, then, around, HERE)
        np.testing.assert_array_equal(found[~around], IMAGE[~around])
        assert (found[around] != IMAGE[around]).any(-1).mean() > 0.9


def test_what_lies_around_an_example_comes_along(painter, monkeypatch):
    """Of a house that comes only: where one goes, what lies around it is painted anew."""
    both, far = BEFORE.copy(), 60
    both[50:71, 45 + far : 66 + far] = oem.BUILDING
    then = np.where(CHANGED, oem.BUILDING, both)
    around = np.zeros_like(CHANGED)
    around[44:77, 39:72] = True
    seen = []
    monkeypatch.setattr(mini_painter, "examples", lambda *given: (seen.append(given[3]), examples(*given))[1])
    painter.after(IMAGE, both, then, around, HERE)
    painter.after(IMAGE, then, both, around, HERE)
    assert seen[0][11:19, 10:18].any()
    assert not seen[1].any()


def test_what_comes_along_fades_into_the_picture():
    painted = np.zeros_like(CHANGED)
    painted[40:81, 35:76] = True  # ten pixels around
    picture, begun = np.zeros((1, 3, SIDE, SIDE), np.float32), np.ones((1, 3, SIDE, SIDE), np.float32)
    found = mini_painter._faded(begun, picture, CHANGED, painted)[0, 0]
    assert (found[CHANGED] == 1).all()
    assert (found[~painted] == 0).all()
    line = found[60, 35:46]
    assert (np.diff(line) >= 0).all()
    assert 0 < line[0] < 0.3
    assert (line[5:] == 1).all()
    for same in ((CHANGED, CHANGED), (CHANGED, np.ones_like(CHANGED)), (np.zeros_like(CHANGED), painted)):
        np.testing.assert_array_equal(mini_painter._faded(begun, picture, *same), begun)


def test_cells_that_are_moved_keep_their_means_to_the_bit():
    high = np.random.default_rng(0).random((1, 3, SIDE, SIDE), np.float32)
    cells = np.random.default_rng(1).integers(0, SIDE // 4, (2, SIDE // 4, SIDE // 4))
    moved = mini_painter._means(high[..., *finer(cells, 4)])
    np.testing.assert_array_equal(moved, mini_painter._means(high)[..., *cells])


def test_seed_place_resolution_and_steps_all_count(painter):
    first, again = (changed_into(painter, IMAGE, BEFORE, AFTER, HERE) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    others = Place(4, 0, 0, 0.5, 3), Place(3, -64, 0, 0.5, 3), Place(3, 0, 64, 0.5, 3), Place(3, 0, 0, 2.0, 3)
    for other in (*others, Place(3, 0, 0, 0.5, 4)):
        assert (changed_into(painter, IMAGE, BEFORE, AFTER, other) != first).any()


def test_what_it_becomes_counts_and_no_data_is_unknown(painter):
    water, unknown, nothing = (
        changed_into(painter, IMAGE, BEFORE, np.where(CHANGED, value, AFTER), HERE)
        for value in (oem.WATER, oem.UNKNOWN, 255)
    )
    assert (changed_into(painter, IMAGE, BEFORE, AFTER, HERE) != water).any()
    np.testing.assert_array_equal(unknown, nothing)


def test_it_goes_away_from_what_there_was(painter):
    """Guidance: what there was before counts, though none of it is seen."""
    water = np.where(CHANGED, oem.WATER, BEFORE)
    assert (changed_into(painter, IMAGE, water, AFTER, HERE) != changed_into(painter, IMAGE, BEFORE, AFTER, HERE))[
        CHANGED
    ].any()


def test_what_is_painted_over_takes_no_part(painter):
    other = IMAGE.copy()
    other[CHANGED] = 255 - other[CHANGED]
    whole = np.zeros_like(CHANGED)
    whole[48:72, 44:68] = True  # all pixels of the cells that are painted
    before = np.where(whole, oem.TREE, 255)
    after = np.where(whole, oem.BUILDING, 255)
    first, second = (changed_into(painter, one, before, after, HERE) for one in (IMAGE, other))
    np.testing.assert_array_equal(first[whole], second[whole])


def test_known_pixels_are_held_at_each_step():
    known, painted, seen = np.full((1, 3, 4, 8), 0.5, np.float32), np.zeros((1, 1, 4, 8), bool), []
    painted[..., 4:] = True
    noise = np.random.default_rng(0).standard_normal(known.shape).astype(np.float32)
    _sampled(lambda here, at: (seen.append((at, here)), np.zeros_like(here))[1], known, painted, noise, 5, painted)
    assert [at for at, _ in seen] == list(METAEARTH.sampled(5))
    for at, here in seen:
        np.testing.assert_array_equal(here[..., :4], METAEARTH.noised(known, noise, at)[..., :4])
    assert np.abs(seen[-1][1] - METAEARTH.noised(known, noise, seen[-1][0]))[..., 4:].max() > 0.1


def test_a_velocity_tells_the_clean_picture():
    made = np.random.default_rng(0)
    clean, noise = made.standard_normal((2, 1, 3, 4, 4)).astype(np.float32)
    kept = METAEARTH.kept[700]
    velocity = np.sqrt(kept) * noise - np.sqrt(1 - kept) * clean
    noisy = METAEARTH.noised(clean, noise, 700)
    assert _clean(noisy, velocity, 700) == pytest.approx(clean, abs=1e-5)


def test_a_fill_is_smooth_and_blind_to_what_it_fills():
    made = np.zeros((1, 3, 64, 96), np.float32)
    made[..., :48], painted = 1.0, np.zeros((1, 64, 96), bool)
    painted[:, 8:40, 20:80] = True
    found, other = filled(made, painted), filled(np.where(painted[:, None], -9, made).astype(np.float32), painted)
    np.testing.assert_array_equal(found, other)
    assert found.shape == (1, 3, 16, 24)
    assert found[..., :4] == pytest.approx(1)
    inside = found[0, 0, 5, 5:20]
    assert (np.diff(inside) < 0.05).all()
    assert inside[0] > 0.7 > 0.3 > inside[-1]
    assert (filled(made, np.ones_like(painted)) == 0).all()


@torch.no_grad()
def test_exported_it_predicts_the_same(painter):
    from tests.backend.models.generators import drawn
    from tests.backend.models.painters import TINY

    made = np.random.default_rng(0)
    noisy, low, extra = (
        made.standard_normal((1, n, *size), np.float32) for n, *size in ((3, 32, 64), (3, 8, 16), (13, 32, 64))
    )
    network = drawn(TINY)
    told = torch.tensor([300.0]), torch.tensor([2.0])
    expected = network(torch.from_numpy(noisy), torch.from_numpy(low), *told, torch.from_numpy(extra)).numpy()
    given = {"noisy": noisy, "extra": extra, "step": told[0].numpy(), "metres": told[1].numpy()}
    shown = painter._condition(low=low)["shown"]
    assert painter._denoise(shown=shown, **given)["velocity"] == pytest.approx(expected, abs=5e-3)  # weights of 16 bits


def test_it_is_what_the_catalogue_loads():
    assert MiniPainter.classes == oem.NAMES
    assert MiniPainter.input_size % MiniPainter.side_of == 0
