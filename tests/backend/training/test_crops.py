"""Training crops: the picture and its labels are cut alike, whatever the turn and the scale."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.training.crops import Cropper, Frame, cut  # noqa: E402
from backend.training.pictures import UNKNOWN, Picture  # noqa: E402


def picture(source="banepa", size=200):
    """A bright square, number 1 of class 0, on dark ground."""
    image = np.full((size, size, 3), 40, np.uint8)
    classes = np.full((size, size), 1, np.uint8)
    objects = np.zeros((size, size), np.int32)
    image[80:120, 60:110], classes[80:120, 60:110], objects[80:120, 60:110] = 220, 0, 1
    return Picture(source, image, classes, objects, {0: np.array([[1, 80, 60, 120, 110]])})


@pytest.mark.parametrize("turn", [0, np.pi / 2, 0.4, 2.5])
@pytest.mark.parametrize("side", [60.0, 100.0, 180.0])
@pytest.mark.parametrize("mirrored", [True, False])
def test_image_and_labels_fit(turn, side, mirrored):
    image, classes, objects = cut(picture(), Frame(100, 85, side, turn, mirrored), 96)
    bright = image[0, 0].numpy() > 130
    assert image.shape == (1, 3, 96, 96)
    assert ((objects == 1) ^ bright).mean() < 0.03
    assert ((classes == 0) == (objects == 1)).all()
    assert objects.sum() > 0


def test_beyond_the_picture_nothing_is_labelled():
    _, classes, objects = cut(picture(), Frame(0, 0, 100, 0, mirrored=False), 64)
    assert (classes[:31] == UNKNOWN).all()
    assert not objects[:31].any()


def test_crops_follow_the_objects_size():
    sources = [picture(name) for name in ("dubai", "banepa", "naip", "free")]
    cropper = Cropper(sources, np.random.default_rng(0))
    shares = [(cropper.zoomed(96).objects == 1).mean() for _ in range(60)]
    assert 0.03 < np.median(shares) < 0.6
    assert np.mean(np.array(shares) > 0.01) > 0.9
    assert cropper.native(128).image.shape == (3, 128, 128)
