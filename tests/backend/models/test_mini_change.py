"""The detector learnt from made pairs: its contract, on a head that was never trained."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backend.models import oem  # noqa: E402
from backend.models.mini_change import KINDS, LEVELS, MiniChange  # noqa: E402
from backend.models.mini_change_network import LEVEL_WIDTHS, ChangeHead, Probabilities  # noqa: E402
from backend.models.mini_graphs import FOLDER, Graph, batch  # noqa: E402
from backend.training.change_export import export  # noqa: E402

pytestmark = pytest.mark.skipif(not (FOLDER / "encoder.onnx").exists(), reason="the weights are not in this checkout")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The same drawn head in torch and as it ships."""
    torch.manual_seed(0)
    head, folder = ChangeHead(), tmp_path_factory.mktemp("head")
    head.measure(levels())
    export(head, folder)
    return head, folder


def levels():
    sides = (16, 16, 8, 4, 2)
    return [torch.randn(4, width, side, side) * 5 for width, side in zip(LEVEL_WIDTHS, sides, strict=True)]


@pytest.fixture(scope="module")
def detector(made):
    return MiniChange(512, made[1])


def picture(seed, height=90, width=70):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def whole(image):
    return np.ones(image.shape[:2], bool)


def test_every_pixel_has_probabilities_of_kinds_and_classes(detector):
    found = detector.detect(picture(0), picture(1), whole(picture(0)))
    assert detector.kinds == KINDS
    assert detector.classes == oem.NAMES
    assert found.change.shape == (len(KINDS), 90, 70)
    assert found.before.shape == found.after.shape == (len(oem.NAMES), 90, 70)
    for maps in (found.change, found.before, found.after):
        assert maps.min() >= 0
        assert np.allclose(maps.sum(0), 1, atol=1e-5)
    assert max(found.before[oem.UNKNOWN].max(), found.after[oem.UNKNOWN].max()) < 1e-6


def test_change_is_the_same_whichever_picture_is_first(detector):
    one, other = picture(0), picture(1)
    there, back = detector.detect(one, other, whole(one)), detector.detect(other, one, whole(one))
    assert np.allclose(there.change, back.change, atol=1e-5)
    assert np.allclose(there.before, back.after, atol=1e-5)
    assert np.abs(there.before - back.before).max() > 0.01


def test_mirrored_pictures_give_mirrored_maps(detector):
    one, other = picture(0), picture(1)
    there, mirrored = (detector.detect(*pair, whole(one)) for pair in ((one, other), (one[:, ::-1], other[:, ::-1])))
    assert np.allclose(there.change, mirrored.change[..., ::-1], atol=1e-5)


def test_what_has_no_data_says_nothing(detector):
    one, other, valid = picture(0), picture(1), whole(picture(0))
    valid[:40] = False
    dark = one.copy()
    dark[:40] = 0
    assert np.array_equal(detector.detect(one, other, valid).change, detector.detect(dark, other, valid).change)


def test_the_shipped_graph_is_small_and_agrees_with_torch(made, detector):
    head, folder = made
    assert (folder / "change.onnx").stat().st_size <= 200_000
    assert sum(p.numel() for p in head.parameters()) < 150_000
    encoder = Graph(FOLDER / "encoder.onnx")

    def told(turn):
        features = [encoder(image=batch(picture(seed)[:, ::turn])) for seed in (0, 1)]
        parts = [torch.from_numpy(date[name]) for date in features for name in LEVELS]
        with torch.no_grad():
            return [maps[0, :, :90, :70].numpy()[..., ::turn] for maps in Probabilities(head).eval()(*parts)]

    found = detector.detect(picture(0), picture(1), whole(picture(0)))
    for maps, plain, mirrored in zip((found.change, found.before, found.after), told(1), told(-1), strict=True):
        assert np.abs(maps - (plain + mirrored) / 2).max() < 1e-3
