import numpy as np
import pytest

from backend.models.diffusion import DIT, METAEARTH, Schedule

CLEAN, NOISE = np.random.default_rng(0).standard_normal((2, 1, 3, 8, 8), np.float32)


def test_the_published_schedules():
    assert METAEARTH.kept[499] == pytest.approx(0.0816312, rel=1e-6)
    assert METAEARTH.kept[999] == pytest.approx(1.9458e-4, rel=1e-4)
    assert DIT.kept[499] == pytest.approx(0.0785872, rel=1e-6)


def test_weights_are_those_of_p2():
    ratio = METAEARTH.signal_to_noise
    assert METAEARTH.weights() == pytest.approx(1 - METAEARTH.kept)
    assert METAEARTH.weights(0.5, 2.0) == pytest.approx((2 + ratio) ** -0.5)


def test_steps_begin_with_the_noisiest_and_are_even():
    taken = METAEARTH.sampled(10)
    assert taken == tuple(range(999, 0, -100))
    assert METAEARTH.sampled(1000) == tuple(range(999, -1, -1))
    for count in (0, 1001):
        with pytest.raises(ValueError, match="steps"):
            METAEARTH.sampled(count)


def test_with_the_true_noise_every_step_back_is_right():
    here = METAEARTH.noised(CLEAN, NOISE, 999)
    for at, to in ((999, 500), (500, 20), (20, -1)):
        here = METAEARTH.step_back(here, NOISE, at, to)
        assert here == pytest.approx(METAEARTH.noised(CLEAN, NOISE, to), abs=2e-5)


def test_eta_one_is_ddpm():
    schedule = Schedule(1e-4, 2e-2, 50)
    noisy, fresh = schedule.noised(CLEAN, NOISE, 30), np.full_like(CLEAN, 0.5)
    here, before = schedule.kept[30], schedule.kept[29]
    beta = 1 - here / before
    mean = (noisy - beta / np.sqrt(1 - here) * NOISE) / np.sqrt(1 - beta)
    expected = mean + np.sqrt(beta * (1 - before) / (1 - here)) * fresh
    assert schedule.step_back(noisy, NOISE, 30, 29, 1.0, fresh) == pytest.approx(expected, abs=1e-5)
    assert np.array_equal(
        schedule.step_back(noisy, NOISE, 30, 29), schedule.step_back(noisy, NOISE, 30, 29, 0.0, fresh)
    )


def test_what_a_picture_cannot_be_is_not_predicted():
    noisy = METAEARTH.noised(CLEAN, NOISE, 700)
    wide = METAEARTH.within(noisy, NOISE, 700, CLEAN - 1, CLEAN + 1)
    assert wide == pytest.approx(NOISE, abs=1e-5)
    found = METAEARTH.within(noisy, NOISE, 700, np.full_like(CLEAN, -0.5), np.full_like(CLEAN, 0.5))
    assert METAEARTH.step_back(noisy, found, 700, -1) == pytest.approx(np.clip(CLEAN, -0.5, 0.5), abs=1e-5)
