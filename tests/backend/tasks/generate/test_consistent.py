import numpy as np
import pytest

from backend.tasks.generate.consistent import consistent, means

DRAWN = np.random.default_rng(0)


def test_means_become_the_picture_before_and_detail_stays():
    low = DRAWN.uniform(-0.8, 0.8, (2, 3, 6, 5)).astype(np.float32)
    detail = DRAWN.normal(0, 0.05, (2, 3, 24, 20)).astype(np.float32)
    painted = low.mean() + detail
    found = consistent(painted, low)
    before, after = (np.abs(means(picture) - low).mean() for picture in (painted, found))
    assert after < before / 4
    assert np.abs(found).max() <= 1
    close = consistent(low.repeat(4, 2).repeat(4, 3), low)
    assert means(close) == pytest.approx(low, abs=1e-6)


def test_what_agrees_already_is_left_alone():
    painted = DRAWN.uniform(-0.8, 0.8, (1, 3, 16, 12)).astype(np.float32)
    assert consistent(painted, means(painted)) == pytest.approx(painted, abs=1e-5)
