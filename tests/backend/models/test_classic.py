import numpy as np
import pytest

from backend.models import classic_features, classic_graph
from backend.models.catalog import CLASSIC
from backend.models.classic import load
from backend.models.segmenter import CropPrompts


@pytest.fixture(scope="module")
def model():
    return load(CLASSIC, None, None)


def prompts(*points, box=None, logits=None):
    xy = np.array([point[:2] for point in points], np.float32).reshape(-1, 2)
    labels = np.array([point[2] if len(point) > 2 else 1 for point in points], np.int32)
    return CropPrompts(xy, labels, None if box is None else np.array(box, np.float32), logits)


def iou(mask, truth):
    return (mask & truth).sum() / (mask | truth).sum()


def scene(noise=8):
    """Two bright roofs on dark, textured ground, and a lake."""
    drawn = np.random.default_rng(0)
    image = np.full((256, 320, 3), (70.0, 85.0, 60.0))
    truth = {name: np.zeros(image.shape[:2], bool) for name in ("roof", "other", "lake")}
    truth["roof"][60:110, 40:100] = True
    truth["other"][60:110, 140:200] = True
    rows, columns = np.indices(image.shape[:2])
    truth["lake"][((rows - 190) / 45) ** 2 + ((columns - 220) / 80) ** 2 < 1] = True
    for name, colour in (("roof", (190, 120, 100)), ("other", (190, 120, 100)), ("lake", (30, 50, 90))):
        image[truth[name]] = colour
    image += drawn.normal(0, noise, image.shape)
    return image.clip(0, 255).astype(np.uint8), truth


def everywhere(image):
    return np.ones(image.shape[:2], bool)


@pytest.mark.parametrize(("name", "at"), [("roof", (70, 85)), ("other", (150, 70)), ("lake", (220, 190))])
def test_one_click_finds_one_object(model, name, at):
    image, truth = scene()
    found = model.decode(model.encode(image, everywhere(image)), prompts(at))
    assert found.logits.dtype == np.float32
    assert iou(found.logits > 0, truth[name]) > 0.9
    assert 0.3 < found.score <= 1


def test_a_box_finds_what_it_holds(model):
    image, truth = scene()
    found = model.decode(model.encode(image, everywhere(image)), prompts(box=(30, 50, 110, 120)))
    assert iou(found.logits > 0, truth["roof"]) > 0.9


def test_a_second_click_adds_the_other_roof_and_a_negative_one_takes_it_away(model):
    image, truth = scene()
    encoded = model.encode(image, everywhere(image))
    both = model.decode(encoded, prompts((70, 85), (170, 85)))
    assert iou(both.logits > 0, truth["roof"] | truth["other"]) > 0.85
    one = model.decode(encoded, prompts((70, 85), (170, 85, 0), logits=both.memory))
    assert iou(one.logits > 0, truth["roof"]) > 0.85


def test_clicked_pixels_are_always_obeyed(model):
    image, _ = scene(30)
    encoded = model.encode(image, everywhere(image))
    drawn = np.random.default_rng(1)
    for _ in range(10):
        points = [(*drawn.uniform(0, (320, 256)), int(label)) for label in (1, 0, 1, 0)]
        inside = model.decode(encoded, prompts(*points)).logits > 0
        assert [bool(inside[int(y), int(x)]) for x, y, _ in points] == [bool(label) for *_, label in points]


def test_pixels_without_data_are_never_object(model):
    image, truth = scene()
    valid = everywhere(image)
    valid[:, :70] = False
    image[~valid] = 0
    found = model.decode(model.encode(image, valid), prompts((85, 85))).logits > 0
    assert not found[~valid].any()
    assert iou(found, truth["roof"] & valid) > 0.8


@pytest.mark.parametrize("shape", [(1, 1), (1, 60), (7, 5), (64, 512), (512, 512)])
@pytest.mark.parametrize("value", [0, 255])
def test_flat_and_small_images_answer_with_low_confidence(model, shape, value):
    image = np.full((*shape, 3), value, np.uint8)
    found = model.decode(model.encode(image, everywhere(image)), prompts((shape[1] / 2, shape[0] / 2)))
    assert found.logits.shape == shape
    assert np.isfinite(found.logits).all()
    assert 0 <= found.score <= 0.5


def test_an_image_without_data_has_no_object(model):
    image = np.zeros((40, 40, 3), np.uint8)
    found = model.decode(model.encode(image, np.zeros((40, 40), bool)), prompts((20, 20)))
    assert not (found.logits > 0).any()


def test_the_same_prompts_give_the_same_mask(model):
    image, _ = scene()
    one, two = (model.decode(model.encode(image, everywhere(image)), prompts((70, 85))) for _ in range(2))
    assert np.array_equal(one.logits, two.logits)


def test_a_faint_border_scores_lower_than_a_clear_one(model):
    image, _ = scene()
    faint = (image * 0.1 + 100 + np.random.default_rng(2).normal(0, 6, image.shape)).clip(0, 255).astype(np.uint8)
    clear, weak = (model.decode(model.encode(i, everywhere(i)), prompts((70, 85))).score for i in (image, faint))
    assert clear > weak


def test_memory_is_counted(model):
    image, _ = scene()
    encoded = model.encode(image, everywhere(image))
    assert encoded.nbytes > image.size


def test_decoding_takes_what_encoding_made(model, monkeypatch):
    image, _ = scene()
    encoded = model.encode(image, everywhere(image))
    monkeypatch.delattr(classic_features, "features")
    monkeypatch.delattr(classic_graph, "build")
    assert (model.decode(encoded, prompts((70, 85))).logits > 0).any()
