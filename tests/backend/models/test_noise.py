import numpy as np

from backend.models.noise import BLOCK, Noise


def test_a_place_has_its_noise_whatever_window_is_asked_for():
    noise = Noise(7)
    whole = noise.window(-100, -70, 300, 200)
    for col, row, width, height in ((-100, -70, 1, 1), (-3, -2, 90, 80), (BLOCK, BLOCK, 64, 64), (150, 100, 50, 30)):
        part = whole[:, row + 70 : row + 70 + height, col + 100 : col + 100 + width]
        assert np.array_equal(noise.window(col, row, width, height), part)


def test_it_is_normal_and_of_its_seed_and_stage():
    found = Noise(7).window(0, 0, 512, 512)
    assert abs(found.mean()) < 0.01
    assert abs(found.std() - 1) < 0.01
    assert abs(np.corrcoef(found[0].ravel(), found[1].ravel())[0, 1]) < 0.01
    assert abs(np.corrcoef(found[:, :, :64].ravel(), found[:, :, 64:128].ravel())[0, 1]) < 0.02
    for other in (Noise(8), Noise(7, 1)):
        assert not np.array_equal(other.window(0, 0, 512, 512), found)
