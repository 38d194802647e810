import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.errors import BadInput, Superseded
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.prompts import Box, Point, Prompts
from backend.protocol.source import Source
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.objects import ObjectSegmenter


def on_canvas(result, shape):
    """The result's mask at the source's size."""
    full = np.zeros(shape, bool)
    mask = result.mask.repeat(result.step, 0).repeat(result.step, 1)[: result.window.height, : result.window.width]
    full[
        result.window.row : result.window.row + result.window.height,
        result.window.col : result.window.col + result.window.width,
    ] = mask
    return full


def iou(a, b):
    return (a & b).sum() / (a | b).sum()


def at(x, y, *more):
    points = tuple(Point(px, py, label) for px, py, label in more)
    return Prompts(points=(Point(x, y, 1), *points), pixel=True)


def blob(shape, centre, radius):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return (columns - centre[0]) ** 2 + (rows - centre[1]) ** 2 < radius**2


@pytest.fixture
def segmenter(flood):
    def make(path, max_crops=25, source=None, model=None):
        reader = SourceReader(source or Source(path=str(path)), path)
        return ObjectSegmenter(reader, model or flood(), EmbeddingCache(), max_crops, "flood")

    return make


def test_an_object_within_a_crop_takes_one_crop(picture, segmenter):
    truth = blob((200, 200), (100, 100), 12)
    result = segmenter(picture(truth)).predict(at(100.5, 100.5))
    assert result.crops == 1
    assert not result.truncated
    assert (on_canvas(result, truth.shape) == truth).all()


def test_an_object_larger_than_a_crop_comes_out_whole(picture, segmenter):
    truth = blob((300, 320), (150, 160), 85)
    result = segmenter(picture(truth), max_crops=60).predict(at(150.5, 160.5))
    assert result.crops > 8
    assert iou(on_canvas(result, truth.shape), truth) > 0.99


def test_a_bent_object_that_leaves_and_comes_back_is_whole(picture, segmenter):
    """A U: from the crop of the click its second arm is reached only through other crops."""
    truth = np.zeros((260, 200), bool)
    truth[20:220, 70:78] = truth[20:220, 96:104] = truth[212:220, 70:104] = True
    result = segmenter(picture(truth), max_crops=60).predict(at(74.5, 60.5))
    assert iou(on_canvas(result, truth.shape), truth) > 0.99


def test_the_most_crops_are_kept_to_and_said(picture, segmenter):
    result = segmenter(picture(np.ones((400, 400), bool)), max_crops=4).predict(at(200.5, 200.5))
    assert result.truncated
    assert result.crops <= 4


def test_an_answer_that_disagrees_in_the_overlap_is_not_joined(picture, segmenter, flood):
    """Seen from the next crop, all is object: the mask stays as the first crop had it."""

    class Fickle(flood):
        def decode(self, embedding, prompts):
            decoded = super().decode(embedding, prompts)
            if self.encoded > 1:
                decoded.logits[:] = 5
            return decoded

    truth = np.zeros((200, 200), bool)
    truth[95:105] = True
    result = segmenter(picture(truth), model=Fickle()).predict(at(100.5, 100.5))
    assert result.crops == 1
    assert not (on_canvas(result, truth.shape) & ~truth).any()


def test_parts_no_prompt_touches_are_left_out(picture, segmenter, flood):
    class Everything(flood):
        def decode(self, embedding, prompts):
            decoded = super().decode(embedding, prompts)
            decoded.logits[:] = np.where(embedding.image[..., 0] > 100, 5, -5)
            return decoded

    one, two = blob((64, 64), (15, 15), 8), blob((64, 64), (45, 45), 8)
    segment = segmenter(picture(one | two), model=Everything())
    assert (on_canvas(segment.predict(at(15.5, 15.5)), one.shape) == one).all()
    assert (on_canvas(segment.predict(at(15.5, 15.5), connected_only=False), one.shape) == (one | two)).all()


def test_a_large_box_is_answered_on_a_coarser_step(picture, segmenter):
    truth = blob((512, 512), (256, 256), 120)
    prompts = Prompts(box=Box(130, 130, 382, 382), pixel=True)
    result = segmenter(picture(truth)).predict(prompts)
    assert result.step == 8  # 252 pixels fill more than three quarters of 64 x 4 = 256
    assert result.crops == 1
    assert iou(on_canvas(result, truth.shape), truth) > 0.93


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(x=st.integers(120, 190), y=st.integers(110, 185), left=st.integers(0, 3), top=st.integers(0, 3))
def test_a_part_cut_out_answers_as_the_whole(picture, segmenter, x, y, left, top):
    """`Source.origin` anchors the lattice: an upload of a part gives the pixels that the whole gives."""
    truth = blob((320, 320), (150, 150), 20) | blob((320, 320), (176, 160), 17)
    left, top = 13 * left, 11 * top
    if not truth[y, x]:
        return
    whole = picture(truth, "whole.tif")
    part = picture(truth[top : top + 280, left : left + 280], "part.tif")
    first = segmenter(whole).predict(at(x + 0.5, y + 0.5))
    source = Source(path=str(part), origin=(left, top))
    second = segmenter(part, source=source).predict(at(x - left + 0.5, y - top + 0.5))
    assert (first.window.col, first.window.row) == (second.window.col + left, second.window.row + top)
    assert (first.mask == second.mask).all()


def test_neighbouring_clicks_share_an_encoding(picture, segmenter, flood):
    model = flood()
    segment = segmenter(picture(blob((200, 200), (100, 100), 12)), model=model)
    segment.predict(at(98.5, 99.5))
    segment.predict(at(103.5, 104.5))
    assert model.encoded == 1


def test_a_negative_point_takes_away(picture, segmenter, flood):
    truth = blob((64, 64), (15, 15), 8) | blob((64, 64), (45, 45), 8)
    both = Prompts(points=(Point(15.5, 15.5, 1), Point(45.5, 45.5, 1), Point(45.5, 40.5, 0)), pixel=True)
    result = segmenter(picture(truth)).predict(both)
    assert (on_canvas(result, truth.shape) == blob((64, 64), (15, 15), 8)).all()


def test_a_newer_request_stops_the_work_between_crops(picture, segmenter, flood):
    model, steps = flood(), []

    def stop():
        steps.append(model.encoded)
        if len(steps) == 4:
            raise Superseded

    with pytest.raises(Superseded):
        segmenter(picture(np.ones((400, 400), bool)), model=model).predict(at(200.5, 200.5), on_step=stop)
    assert model.encoded == 3


def test_an_answer_is_refined_on_the_crop_it_was_given_on(picture, segmenter, flood):
    seen = []

    class Remembering(flood):
        def decode(self, embedding, prompts):
            seen.append(prompts.logits)
            return super().decode(embedding, prompts)

    truth = blob((200, 200), (100, 100), 12)
    segment = segmenter(picture(truth), model=Remembering())
    first = segment.predict(at(100.5, 100.5))
    second = segment.predict(at(100.5, 100.5, (110.5, 120.5, 0)), memory=first.memory)
    assert second.memory.window == first.memory.window
    assert [logits is None for logits in seen] == [True, False]


def test_a_deleted_source_is_noticed_though_its_crop_is_kept(picture, segmenter):
    path = picture(blob((200, 200), (100, 100), 12))
    segment = segmenter(path)
    segment.predict(at(100.5, 100.5))
    path.unlink()
    with pytest.raises(BadInput) as error:
        segment.predict(at(100.5, 100.5))
    assert error.value.code == codes.SOURCE_MISSING


def test_pixels_without_data_never_belong(picture, segmenter, flood):
    class Everything(flood):
        def decode(self, embedding, prompts):
            decoded = super().decode(embedding, prompts)
            decoded.logits[:] = 5
            return decoded

    truth = np.zeros((64, 64), bool)
    truth[:, :40] = True
    path = picture(truth, nodata=30)
    assert (on_canvas(segmenter(path, model=Everything()).predict(at(5.5, 5.5)), truth.shape) == truth).all()
