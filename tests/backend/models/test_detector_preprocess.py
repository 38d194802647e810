import numpy as np
import PIL.Image
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import GroundingDinoImageProcessorPil, Owlv2ImageProcessorPil
from transformers.image_transforms import get_size_with_aspect_ratio

from backend.models.detector_preprocess import CLIP, aspect_size, resize_bytes, shown_bytes, square_floats
from backend.models.spec import IMAGENET
from backend.models.torch_detector import normalised
from tests.backend.models.promptable import picture

SHAPES = [(60, 60), (60, 90), (100, 40), (37, 200), (48, 48), (5, 31)]
sizes = st.tuples(st.integers(1, 70), st.integers(1, 70))


@settings(max_examples=60, deadline=None)
@given(sizes, st.integers(1, 150), st.integers(0, 1), st.integers(0, 2**31))
def test_bytes_change_size_as_pillow_has_it(old, new, axis, seed):
    image = np.random.default_rng(seed).integers(0, 256, (*old, 3), dtype=np.uint8)
    size = (new, old[1]) if axis == 0 else (old[0], new)
    theirs = PIL.Image.fromarray(image).resize(size[::-1], PIL.Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(resize_bytes(image, size), np.asarray(theirs))


@pytest.mark.parametrize("size", [(48, 80), (200, 333), (61, 50)])
def test_sam3s_bytes_are_those_of_torch(size):
    """Its processor needs torchvision, which calls this."""
    image, _ = picture(61, 90)
    channels = torch.from_numpy(image).permute(2, 0, 1)[None]
    theirs = torch.nn.functional.interpolate(channels, size, mode="bilinear", antialias=True)[0].permute(1, 2, 0)
    difference = np.abs(resize_bytes(image, size) - theirs.numpy().astype(int))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.02


@pytest.mark.parametrize("shape", SHAPES)
def test_grounding_dinos_pixels_are_its_processors(shape):
    image, _ = picture(*shape)
    theirs = GroundingDinoImageProcessorPil(size={"shortest_edge": 48, "longest_edge": 80})(image, return_tensors="pt")
    size = aspect_size(shape, 48, 80)
    mine = normalised(*shown_bytes(image, np.ones(shape, bool), size), IMAGENET, torch.device("cpu"))
    level = 1 / (255 * min(IMAGENET.std)) + 1e-5  # which axis Pillow resizes first differs by its version
    torch.testing.assert_close(mine, theirs["pixel_values"], atol=level, rtol=0)


@pytest.mark.parametrize("side", [32, 60, 96, 150])
@pytest.mark.parametrize("shape", SHAPES)
def test_owlv2s_pixels_are_its_processors(shape, side):
    image, _ = picture(*shape)
    theirs = Owlv2ImageProcessorPil(size={"height": side, "width": side})(image, return_tensors="np")["pixel_values"]
    np.testing.assert_allclose(square_floats(image, np.ones(shape, bool), side), theirs, atol=2e-6)


def test_the_documented_numbers_of_the_processors():
    grounding, owl = GroundingDinoImageProcessorPil(), Owlv2ImageProcessorPil()
    assert (grounding.size["shortest_edge"], grounding.size["longest_edge"]) == (800, 1333)
    assert (tuple(grounding.image_mean), tuple(grounding.image_std)) == (IMAGENET.mean, IMAGENET.std)
    assert owl.size["height"] == 960
    assert (tuple(owl.image_mean), tuple(owl.image_std)) == (CLIP.mean, CLIP.std)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_the_shape_is_kept_within_the_limits(height, width):
    assert aspect_size((height, width), 800, 1333) == get_size_with_aspect_ratio((height, width), 800, 1333)


def test_missing_data_is_marked_where_it_lies():
    image, valid = picture(40, 60)
    pixels, shown = shown_bytes(image, valid, (20, 30))
    assert pixels.shape == (20, 30, 3)
    assert not shown[:4, :7].any()
    assert shown[4:].all()
    assert not normalised(pixels, shown, IMAGENET, torch.device("cpu"))[..., :4, :7].any()
    black = (0 - np.array(CLIP.mean)) / CLIP.std
    np.testing.assert_allclose(square_floats(image | 7, valid, 60)[0, :, 2, 3], black, atol=1e-6)
