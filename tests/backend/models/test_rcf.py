import numpy as np
import pytest

from backend.errors import BadInput
from backend.models.catalog import BUILT_IN
from backend.models.embedder import DenseEmbedder, Unfitted
from backend.models.loaded import LoadedModels
from backend.models.rcf import Rcf
from backend.models.rcf_features import of_blocks, of_picture, patch_kernels
from backend.protocol import codes

PARAMETERS = {"numbers": 8, "kernels": "patches", "seed": 1, "block": 0}


def picture(seed=0, side=48, bands=5):
    """Return two textures beside each other, and that all of it is data."""
    drawn = np.random.default_rng(seed)
    values = drawn.normal(1000, 100, (bands, side, side)).astype(np.float32)
    values[:, :, side // 2 :] += 400 * np.sin(np.arange(side)[:, None])
    return values, np.ones((side, side), bool)


def fitted(parameters=PARAMETERS, kernels=32, **kwargs):
    model = Rcf(kernels)
    return model.fitted(model.fit([picture(seed, **kwargs) for seed in range(3)], parameters))


def plain_features(values, kernels):
    """Return the features of a picture by the definition, one response at a time."""
    bands, height, width = values.shape
    responses = np.array([
        [(values[:, r : r + 3, c : c + 3] * kernel.reshape(bands, 3, 3)).sum() - 1
         for r in range(height - 2) for c in range(width - 2)]
        for kernel in kernels
    ])  # fmt: skip
    return np.concatenate([np.maximum(responses, 0).mean(1), np.maximum(-responses, 0).mean(1)])


def test_features_are_those_of_the_definition():
    drawn = np.random.default_rng(0)
    values = drawn.normal(size=(2, 11, 9)).astype(np.float32)
    kernels = drawn.normal(size=(4, 18)).astype(np.float32)
    whole = np.ones((11, 9), bool)
    assert of_picture(values, whole, kernels) == pytest.approx(plain_features(values, kernels), abs=1e-5)
    blocks = of_blocks(values, whole, kernels, 5)
    assert blocks.shape == (3, 2, 8)
    assert blocks[1, 0] == pytest.approx(plain_features(values[:, 5:10, :5], kernels), abs=1e-5)
    padded = np.pad(values, ((0, 0), (0, 4), (0, 1)), "edge")
    assert blocks[2, 1] == pytest.approx(plain_features(padded[:, 10:, 5:], kernels), abs=1e-5)


def test_pixels_without_data_count_for_nothing():
    drawn = np.random.default_rng(0)
    values = drawn.normal(size=(1, 8, 8)).astype(np.float32)
    kernels = drawn.normal(size=(3, 9)).astype(np.float32)
    valid = np.ones((8, 8), bool)
    valid[:, 5:] = False
    spoilt = np.where(valid, values, np.nan)
    found = of_blocks(spoilt, valid, kernels, 8)
    assert found[0, 0] == pytest.approx(plain_features(np.where(valid, values, 0)[:, :, :6], kernels), abs=1e-5)
    assert not of_blocks(spoilt, np.zeros((8, 8), bool), kernels, 8).any()


def test_patches_are_whitened():
    drawn = np.random.default_rng(0)
    patches = np.cumsum(drawn.normal(size=(5000, 9)), 1).astype(np.float32)  # neighbours alike, as in pictures
    spread = np.linalg.eigvalsh(np.cov((patches / patches.std()).T))
    white = np.linalg.eigvalsh(np.cov(patch_kernels(patches).T))
    assert spread[-1] / spread[-4] > 3
    assert white[0] == pytest.approx(0, abs=1e-6)  # the mean that was taken out
    assert white[-1] > 3 * white[1]  # whitened twice: what was rare in patches is strong in kernels


def test_the_same_sample_gives_the_same_bytes():
    model, windows = Rcf(16), [picture(0), picture(1)]
    assert model.fit(windows, PARAMETERS) == model.fit(iter(windows), PARAMETERS)
    assert model.fit(windows, PARAMETERS) != model.fit(windows, {**PARAMETERS, "seed": 2})
    assert model.fit(windows, PARAMETERS) != model.fit(windows, {**PARAMETERS, "kernels": "normal"})


@pytest.mark.parametrize("kind", ["patches", "normal"])
def test_vectors_tell_textures_apart(kind):
    model = fitted({**PARAMETERS, "kernels": kind})
    assert isinstance(model, DenseEmbedder)
    dense = model.dense(*picture(9))
    assert dense.shape == (8, 6, 6)
    assert dense.dtype == np.float32
    assert np.linalg.norm(dense, axis=0) == pytest.approx(1, abs=1e-5)
    left, right = dense[:, :, :3].reshape(8, -1), dense[:, :, 3:].reshape(8, -1)
    assert (left.T @ left).mean() > (left.T @ right).mean() + 0.3


def test_a_block_has_one_vector_whatever_is_asked_for():
    model = fitted({**PARAMETERS, "block": 6})
    values, valid = picture(4, 30)
    valid[:7, :9] = False
    dense = model.dense(values, valid)
    assert model.stride == 6
    part = model.dense(values[:, 12:, 6:24], valid[12:, 6:24])
    assert part.tobytes() == np.ascontiguousarray(dense[:, 2:, 1:4]).tobytes()
    vector, scales = model.embed(values[:, 12:18, 6:12])
    assert vector == pytest.approx(dense[:, 2, 1], abs=1e-4)
    assert scales.size == 0
    assert model.embed(values[:, :1, :2])[0].shape == (8,)


def test_windows_are_cut_to_their_middle():
    model = Rcf(16)
    values, valid = picture(0, 200)
    assert model.fit([(values, valid)], PARAMETERS) == model.fit(
        [(values[:, 36:164, 36:164], valid[36:164, 36:164])], PARAMETERS
    )


def test_a_picture_smaller_than_a_block_is_said():
    with pytest.raises(BadInput, match="has 0 blocks to learn from"):
        Rcf(8).fit([picture(side=3)], PARAMETERS)


def test_large_blocks_learn_from_smaller_ones_where_there_are_few():
    model = fitted({**PARAMETERS, "block": 40})
    assert model.stride == 40
    assert model.dense(*picture()).shape == (8, 2, 2)


@pytest.mark.parametrize(
    ("parameters", "data", "code", "said"),
    [
        ({"block": 3}, True, codes.PARAMETER_INVALID, "at least 4 pixels"),
        ({"numbers": 432}, True, codes.PARAMETER_INVALID, "has 432 blocks"),
        ({}, False, codes.NO_VALID_PIXELS, "no data anywhere"),
    ],
)
def test_what_cannot_be_fitted_is_said(parameters, data, code, said):
    windows = [(values, valid & data) for values, valid in map(picture, range(3))]
    with pytest.raises(BadInput, match=said) as caught:
        Rcf(8).fit(windows, {**PARAMETERS, **parameters})
    assert caught.value.code == code


def test_other_bands_and_damaged_states_are_refused():
    model = fitted()
    with pytest.raises(BadInput, match="has 4 bands and RCF was fitted to 5"):
        model.dense(*picture(bands=4))
    state = Rcf(8).fit([picture()], PARAMETERS)
    for damaged in (state[: len(state) // 2], b"", b"nonsense"):
        with pytest.raises(BadInput, match="is damaged"):
            Rcf().fitted(damaged)


def test_it_needs_no_download(tmp_path):
    spec = BUILT_IN.get("rcf")
    model = LoadedModels(BUILT_IN, tmp_path).get("rcf", "cpu")
    assert isinstance(model, Unfitted)
    state = model.fit([picture()], {**spec.defaults, "numbers": 16})
    assert model.fitted(state).dense(*picture()).shape == (16, 6, 6)
