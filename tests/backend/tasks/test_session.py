import numpy as np
import pytest
import shapely

from backend.errors import BadInput, Superseded
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.prompts import Box, Point, Prompts
from backend.protocol.sessions import PredictRequest
from backend.protocol.source import Source
from backend.protocol.wire import dump, load
from backend.tasks.embeddings import EmbeddingCache
from backend.tasks.session import NOTHING, SegmentSession, session_info


@pytest.fixture
def square(picture):
    mask = np.zeros((200, 200), bool)
    mask[80:120, 84:120] = True
    return picture(mask)


@pytest.fixture
def opened(flood):
    def make(path, model=None):
        reader = SourceReader(Source(path=str(path)), path)
        return SegmentSession(session_info("s", "flood", reader, "cpu"), reader, model or flood(), EmbeddingCache())

    return make


def click(x=300050.0, y=2999950.0, **more):
    return PredictRequest(Prompts(points=(Point(x, y),)), sequence=3, **more)


def test_a_click_in_map_coordinates_gives_the_square(square, opened):
    answer = opened(square).predict(click(parameters={"outline": "exact"}))
    (polygon,) = answer.polygons
    assert shapely.Polygon(polygon[0]).equals(shapely.box(300042, 2999940, 300060, 2999960))
    assert polygon[0][0] == polygon[0][-1]
    assert answer.area_m2 == pytest.approx(360, rel=2e-3)
    assert (answer.sequence, answer.crops, answer.truncated, answer.notice) == (3, 1, False, "")
    assert load(type(answer), dump(answer)) == answer


def test_holes_travel(picture, opened):
    ring = np.zeros((64, 64), bool)
    ring[10:50, 10:50] = True
    ring[20:30, 20:30] = False
    request = PredictRequest(Prompts(points=(Point(12, 12),), pixel=True), 1)
    (polygon,) = opened(picture(ring)).predict(request).polygons
    assert len(polygon) == 2


def test_hover_asks_one_crop_and_a_click_all(picture, opened):
    session = opened(picture(np.ones((200, 200), bool)))
    preview = session.predict(click(hover=True))
    assert (preview.crops, preview.truncated, preview.mask) == (1, True, "")
    assert session.predict(click()).crops > 1


def test_a_mask_is_refined_and_a_forgotten_one_is_said(square, opened):
    session = opened(square)
    first = session.predict(click())
    assert first.mask
    assert session.predict(click(mask=first.mask)).mask != first.mask
    for _ in range(10):
        session.predict(click())
    with pytest.raises(BadInput) as error:
        session.predict(click(mask=first.mask))
    assert error.value.status == 404


def test_focus_encodes_ahead(square, opened, flood):
    model = flood()
    session = opened(square, model)
    session.focus(Point(300050, 2999950))
    assert model.encoded == 1
    assert session.predict(click()).encode_ms == 0


def test_nothing_found_is_said(square, opened, flood):
    class Blind(flood):
        def decode(self, embedding, prompts):
            decoded = super().decode(embedding, prompts)
            decoded.logits[:] = -5
            return decoded

    answer = opened(square, Blind()).predict(click())
    assert (answer.polygons, answer.area_m2, answer.notice) == ((), 0, NOTHING)


def test_after_an_error_the_next_click_works(square, opened):
    session = opened(square)

    def superseded():
        raise Superseded

    with pytest.raises(BadInput) as error:
        session.predict(click(x=0.0))
    assert error.value.code == codes.PROMPT_OUTSIDE
    with pytest.raises(BadInput) as error:
        session.predict(click(parameters={"outline": "round"}))
    assert error.value.code == codes.PARAMETER_INVALID
    with pytest.raises(Superseded):
        session.predict(click(), superseded)
    box = PredictRequest(Prompts(box=Box(300040, 2999930, 300070, 2999970)), 4)
    assert session.predict(box).polygons


def test_a_deleted_source_is_said(square, opened):
    session = opened(square)
    square.unlink()
    with pytest.raises(BadInput) as error:
        session.predict(click())
    assert error.value.code == codes.SOURCE_MISSING
    session.close()
