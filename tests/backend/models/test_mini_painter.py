"""The offline change painter on tiny networks of the real design."""

import numpy as np
import pytest
import torch

from backend.models import oem
from backend.models.change_painter import Place
from backend.models.diffusion import METAEARTH
from backend.models.mini_painter import MiniPainter, _clean, _sampled
from backend.models.painter_fill import filled
from tests.backend.models.painters import tiny
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
    found = painter.after(IMAGE, BEFORE, AFTER, HERE)
    np.testing.assert_array_equal(found[~CHANGED], IMAGE[~CHANGED])
    assert (found[CHANGED] != IMAGE[CHANGED]).any(-1).mean() > 0.9
    np.testing.assert_array_equal(painter.after(IMAGE, AFTER, AFTER, HERE), IMAGE)


def test_seed_place_resolution_and_steps_all_count(painter):
    first, again = (painter.after(IMAGE, BEFORE, AFTER, HERE) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    others = Place(4, 0, 0, 0.5, 3), Place(3, -64, 0, 0.5, 3), Place(3, 0, 64, 0.5, 3), Place(3, 0, 0, 2.0, 3)
    for other in (*others, Place(3, 0, 0, 0.5, 4)):
        assert (painter.after(IMAGE, BEFORE, AFTER, other) != first).any()


def test_what_it_becomes_counts_and_no_data_is_unknown(painter):
    water, unknown, nothing = (
        painter.after(IMAGE, BEFORE, np.where(CHANGED, value, AFTER), HERE) for value in (oem.WATER, oem.UNKNOWN, 255)
    )
    assert (painter.after(IMAGE, BEFORE, AFTER, HERE) != water).any()
    np.testing.assert_array_equal(unknown, nothing)


def test_it_goes_away_from_what_there_was(painter):
    """Guidance: what there was before counts, though none of it is seen."""
    water = np.where(CHANGED, oem.WATER, BEFORE)
    assert (painter.after(IMAGE, water, AFTER, HERE) != painter.after(IMAGE, BEFORE, AFTER, HERE))[CHANGED].any()


def test_what_is_painted_over_takes_no_part(painter):
    other = IMAGE.copy()
    other[CHANGED] = 255 - other[CHANGED]
    whole = np.zeros_like(CHANGED)
    whole[48:72, 44:68] = True  # all pixels of the cells that are painted
    before = np.where(whole, oem.TREE, 255)
    after = np.where(whole, oem.BUILDING, 255)
    first, second = (painter.after(one, before, after, HERE) for one in (IMAGE, other))
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
