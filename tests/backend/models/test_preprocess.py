import numpy as np
import PIL.Image
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.models import postprocess, torch_runtime
from backend.models.preprocess import (
    InputFormat,
    ambiguous,
    fit,
    lay_out,
    normalise,
    prompt_tokens,
    resize_bytes,
    resize_floats,
)
from backend.models.spec import IMAGENET
from tests.backend.models.promptable import PROMPTS, picture, prompts

PADDED = InputFormat(128, pads=True, normalisation=IMAGENET, closes_points=True)
SQUASHED = InputFormat(128, pads=False, normalisation=IMAGENET, closes_points=False)

sizes = st.tuples(st.integers(1, 60), st.integers(1, 60))


@settings(max_examples=40, deadline=None)
@given(sizes, st.integers(0, 90), st.integers(0, 90), st.integers(0, 2**31))
def test_bytes_grow_as_pillow_has_it(old, more_rows, more_cols, seed):
    image = np.random.default_rng(seed).integers(0, 256, (*old, 3), dtype=np.uint8)
    new = old[0] + more_rows, old[1] + more_cols
    theirs = PIL.Image.fromarray(image).resize(new[::-1], PIL.Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(resize_bytes(image, new), np.asarray(theirs))


@settings(max_examples=40, deadline=None)
@given(sizes, sizes, st.integers(0, 2**31))
def test_floats_change_size_as_torch_has_it(old, new, seed):
    values = np.random.default_rng(seed).normal(size=old).astype(np.float32)
    theirs = torch.nn.functional.interpolate(torch.from_numpy(values)[None, None], new, mode="bilinear")[0, 0]
    np.testing.assert_allclose(resize_floats(values, new), theirs.numpy(), atol=5e-5)


@pytest.mark.parametrize("form", [PADDED, SQUASHED], ids=["padded", "squashed"])
@pytest.mark.parametrize("shape", [(128, 128), (64, 128), (33, 20), (1, 128)])
def test_numpy_and_torch_finish_alike(form, shape):
    geometry = lay_out(shape, form)
    low = np.random.default_rng(3).normal(size=(32, 32)).astype(np.float32)
    mine, theirs = postprocess.to_crop(low, geometry), torch_runtime.to_crop(torch.from_numpy(low), geometry)
    assert mine.shape == shape
    np.testing.assert_allclose(mine, theirs.numpy(), atol=5e-5)


def test_a_native_crop_is_left_alone():
    image, valid = picture(128, 128)
    pixels, shown = fit(image, valid, lay_out((128, 128), SQUASHED))
    np.testing.assert_array_equal(pixels, image)
    np.testing.assert_array_equal(shown, valid)


def test_padding_and_missing_data_are_zero_after_normalisation():
    image, valid = picture(60, 128)
    values = normalise(*fit(image, valid, lay_out((60, 128), PADDED)), IMAGENET)[0]
    assert values.shape == (3, 128, 128)
    assert not values[:, 60:].any()
    assert not values[:, :60][:, ~valid].any()
    red = (image[40, 70, 0] / 255 - IMAGENET.mean[0]) / IMAGENET.std[0]
    assert values[0, 40, 70] == pytest.approx(red, abs=1e-5)


@pytest.mark.parametrize(("form", "scale"), [(PADDED, (2.0, 2.0)), (SQUASHED, (2.0, 4.0))])
def test_prompts_are_placed_where_their_pixels_go(form, scale):
    geometry = lay_out((32, 64), form)
    coords, labels = prompt_tokens(PROMPTS["box and point"], geometry, form)
    sent = np.array([(40, 40), (10, 12.5), (70, 66)]) * scale - 0.5
    np.testing.assert_allclose(coords[0, 0], sent)
    assert labels[0, 0].tolist() == [1, 2, 3]


def test_the_centre_of_the_first_pixel_is_zero_to_a_model():
    coords, _ = prompt_tokens(prompts([(0.5, 0.5)]), lay_out((128, 128), SQUASHED), SQUASHED)
    assert coords[0, 0].tolist() == [[0, 0]]


def test_points_without_a_box_are_closed_where_the_model_wants_it():
    labels = [prompt_tokens(PROMPTS["points"], lay_out((9, 9), form), form)[1] for form in (PADDED, SQUASHED)]
    assert [label[0, 0].tolist() for label in labels] == [[1, 0, 1, -1], [1, 0, 1]]


def test_only_a_lone_point_is_ambiguous():
    assert [name for name, asked in PROMPTS.items() if ambiguous(asked)] == ["point"]
    assert not ambiguous(prompts(logits=np.zeros((32, 32), np.float32)))
