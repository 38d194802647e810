import numpy as np
import pytest

from backend.models.resample import resample


def test_the_same_size_is_the_same_picture():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    assert resample(image, (5, 7)) is image


@pytest.mark.parametrize("size", [(3, 4), (20, 31)])
def test_an_even_picture_stays_even(size):
    assert (resample(np.full((10, 12, 3), 77, np.uint8), size) == 77).all()


def test_shrinking_averages():
    image = np.zeros((8, 8, 3), np.uint8)
    image[::2] = 200
    assert np.abs(resample(image, (2, 2)).astype(int) - 100).max() <= 13


def test_a_ramp_stays_a_ramp():
    image = np.arange(0, 160, 10, dtype=np.uint8)[None, :, None].repeat(4, 0).repeat(3, 2)
    larger = resample(image, (8, 32))[0, :, 0].astype(int)
    assert (np.diff(larger) >= 0).all()
    assert (larger[0], larger[-1]) == (0, 150)
