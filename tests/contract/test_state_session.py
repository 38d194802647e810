"""The plugin's session over the real server: what a person does, what goes wrong, what is seen."""

import itertools
import threading
import time

import pytest
from toposcope.backend.protocol import codes
from toposcope.backend.protocol.source import Source
from toposcope.plugin.client.blocking_client import BlockingClient
from toposcope.plugin.state.session import SegmentSession, SessionState

from tests.contract.test_state_server import kill


class Seen:
    """Everything a session told."""

    def __init__(self, session):
        self.previews, self.failures, self.busy = [], [], []
        session.preview_changed.connect(lambda polygons, answer, hover: self.previews.append((polygons, hover)))
        session.failed.connect(self.failures.append)
        session.busy_changed.connect(self.busy.append)

    @property
    def last(self):
        return self.previews[-1] if self.previews else None


@pytest.fixture
def session(connection):
    made = SegmentSession(connection)
    made.seen = Seen(made)
    yield made
    made.close()


@pytest.fixture
def opened(session, image, wait):
    session.open(Source(str(image)), "tiny")
    wait(lambda: session.state is SessionState.READY)
    return session


def log(image):
    return (image.parent / "data/session.log").read_text().splitlines()


def center(polygons):
    (x0, y0), (x1, y1) = polygons[0][0][0], polygons[0][0][2]
    return (x0 + x1) / 2, (y0 + y1) / 2


class TestSession:
    def test_the_first_click_starts_everything(self, session, connection, image, wait):
        session.open(Source(str(image)), "tiny")
        session.add_point(5, 6)
        assert session.busy
        wait(lambda: session.answer is not None)
        assert connection.ready
        assert center(session.seen.last[0]) == (5, 6)
        assert session.seen.busy == [True, False]

    def test_refine_undo_redo_take(self, opened, image, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        opened.add_point(9, 9)
        wait(lambda: opened.answer is not None)
        assert log(image)[-1] == "predict click 2 m1"
        asked = len(log(image))
        opened.undo()
        assert center(opened.seen.last[0]) == (5, 6)
        opened.redo()
        assert len(opened.seen.last[0]) == 2
        assert len(log(image)) == asked
        taken = opened.take()
        assert (len(taken.polygons), taken.area_m2, taken.crs, taken.model) == (2, 8.0, "EPSG:32611", "tiny")
        assert len(taken.prompts.points) == 2
        assert opened.seen.last == (None, False)
        assert opened.take() is None
        opened.add_point(1, 1)
        wait(lambda: opened.answer is not None)
        assert log(image)[-1] == "predict click 1 "

    def test_coming_back_to_a_source_finds_it_open(self, session, image, wait):
        def opened(source):
            session.open(source, "tiny", keep=True)
            wait(lambda: session.state is SessionState.READY)
            return session.info.id

        first, second = Source(str(image)), Source(str(image), bands=(1,))
        one = opened(first)
        assert opened(second) != one
        assert opened(first) == one
        session.add_point(5, 6)
        wait(lambda: session.answer is not None)
        assert "close" not in log(image)
        session.close()
        wait(lambda: log(image).count("close") == 2)

    def test_a_source_that_is_not_kept_is_freed_when_left(self, opened, image, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        opened.leave()
        assert opened.state is SessionState.CLOSED
        wait(lambda: log(image).count("close") == 1)

    def test_few_sources_stay_open_and_all_go_on_request(self, session, image, wait):
        for band in range(1, 6):
            session.open(Source(str(image), bands=(band,)), "tiny", keep=True)
            wait(lambda: session.state is SessionState.READY)
        wait(lambda: log(image).count("close") == 1)
        session.free_others()
        wait(lambda: log(image).count("close") == 4)

    def test_of_many_hovers_the_newest_is_shown_and_few_are_sent(self, opened, image, wait):
        opened.set_parameters({"seconds": 0.1})
        for x in range(1, 31):
            opened.hover(x, 2)
        wait(lambda: opened.seen.last and opened.seen.last[0] and center(opened.seen.last[0]) == (30, 2))
        assert [line for line in log(image) if line.startswith("predict")] == ["predict hover 1 "] * 2
        assert opened.prompts.points == ()
        opened.end_hover()
        assert opened.seen.last == (None, False)

    def test_a_click_takes_the_place_of_a_hover(self, opened, image, wait):
        opened.set_parameters({"seconds": 0.2})
        opened.hover(1, 1)
        opened.add_point(7, 7)
        wait(lambda: opened.answer is not None)
        assert not any(hover for _, hover in opened.seen.previews)
        assert center(opened.seen.last[0]) == (7, 7)

    def test_clicks_faster_than_answers(self, opened, wait):
        opened.set_parameters({"seconds": 0.1})
        for x in range(1, 9):
            opened.add_point(x, 1)
        opened.undo()
        wait(lambda: not opened.busy)
        assert len(opened.answer.polygons) == 7
        assert opened.seen.failures == []

    def test_new_outline_parameters_ask_again_with_the_same_mask(self, opened, image, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        opened.add_point(6, 6)
        wait(lambda: opened.answer is not None)
        opened.set_parameters({"seconds": 0.01})
        assert opened.answer is None
        wait(lambda: opened.answer is not None)
        assert log(image)[-2:] == ["predict click 2 m1", "predict click 2 m1"]

    def test_another_model_keeps_the_prompts(self, opened, image, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        opened.open(Source(str(image)), "other")
        wait(lambda: opened.answer is not None)
        assert opened.take().model == "other"

    def test_another_source_drops_them(self, opened, image, wait):
        opened.add_point(5, 6)
        opened.open(Source(str(image), bands=(1,)), "tiny")
        wait(lambda: opened.state is SessionState.READY)
        assert opened.prompts.points == ()
        assert "close" in log(image)

    def test_a_prompt_outside_is_said_and_dropped(self, opened, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        opened.add_point(-5, 6)
        wait(lambda: opened.seen.failures)
        assert opened.seen.failures[0].code == codes.PROMPT_OUTSIDE
        assert len(opened.prompts.points) == 1
        assert center(opened.seen.last[0]) == (5, 6)
        assert not opened.busy

    def test_the_raster_goes_and_comes_back(self, opened, image, wait):
        content = image.read_bytes()
        image.unlink()
        opened.add_point(5, 6)
        wait(lambda: opened.seen.failures)
        assert opened.seen.failures[0].code == codes.SOURCE_MISSING
        assert opened.state is SessionState.FAILED
        image.write_bytes(content)
        opened.add_point(6, 6)
        wait(lambda: opened.answer is not None)
        assert len(opened.answer.polygons) == 2

    def test_the_backend_is_killed_during_a_click(self, opened, launch, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        opened.set_parameters({"seconds": 0.5})
        opened.add_point(8, 8)
        threading.Timer(0.2, kill, (launch,)).start()
        wait(lambda: opened.answer is not None, 20)
        assert len(launch.started) == 2
        assert len(opened.answer.polygons) == 2
        assert opened.seen.failures == []

    def test_what_is_shown_can_be_taken_while_the_backend_is_gone(self, opened, launch, connection, wait):
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        kill(launch)
        wait(lambda: not connection.ready)
        assert opened.take().score == 0.9
        opened.add_point(9, 9)
        wait(lambda: opened.answer is not None, 20)

    def test_a_session_the_backend_closed_is_opened_again(self, opened, connection, wait):
        from toposcope.plugin.client.calls import close_session

        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None)
        BlockingClient(connection.endpoint()).send(close_session(opened.info.id))
        opened.add_point(8, 8)
        wait(lambda: opened.answer is not None)
        assert len(opened.answer.polygons) == 2
        assert opened.seen.failures == []

    def test_a_model_that_is_not_installed(self, session, image, wait):
        session.open(Source(str(image)), "missing")
        session.add_point(5, 6)
        wait(lambda: session.seen.failures)
        assert session.seen.failures[0].code == codes.MODEL_NOT_INSTALLED
        assert not session.busy
        session.open(Source(str(image)), "tiny")
        wait(lambda: session.answer is not None)

    def test_no_hover_where_it_would_be_slow(self, session, image, wait):
        session.open(Source(str(image)), "slow")
        wait(lambda: session.state is SessionState.READY)
        assert "slow" in session.hover_refusal()
        session.hover(1, 1)
        session.focus(3, 4)
        path = image.parent / "data/session.log"
        wait(lambda: path.exists() and path.read_text().endswith("\n"))
        assert log(image) == ["focus 3"]

    def test_after_a_stop_the_next_click_starts_the_backend(self, opened, connection, wait):
        connection.stop()
        opened.add_point(5, 6)
        wait(lambda: opened.answer is not None, 20)


def test_the_main_thread_is_never_held(opened, image, wait):
    """A timer of 5 ms goes on firing while hovering over slow answers; no absolute time is asserted but a stall."""
    from qgis.PyQt.QtCore import QTimer

    opened.set_parameters({"seconds": 0.3})
    beats, timer = [], QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(5)
    for x in range(1, 20):
        opened.hover(x, 1)
    wait(lambda: opened.seen.last and opened.seen.last[0] and center(opened.seen.last[0]) == (19, 1))
    timer.stop()
    assert max(b - a for a, b in itertools.pairwise(beats)) < 0.25
