"""Questions that follow a hand: one under way, the newest waits, what is over says nothing. No backend is needed."""

import pytest
from qgis.PyQt.QtCore import QObject, pyqtSignal
from toposcope.backend.protocol import codes
from toposcope.backend.protocol.problem import Problem
from toposcope.plugin.state.ask_link import AskState
from toposcope.plugin.state.live_question import LiveQuestion


class Link(QObject):
    """Stands in for `AskLink`: keeps what was asked, and answers when the test says so."""

    changed = pyqtSignal()

    def __init__(self):
        super().__init__()
        self.state, self.asked, self.aborted = AskState.READY, [], []

    def ask(self, call, done, failed):
        self.asked.append((call("id"), done, failed))
        pending = QObject(self)
        number = len(self.asked) - 1
        pending.abort = lambda: self.aborted.append(number)
        return pending

    def set_state(self, state):
        self.state = state
        self.changed.emit()


@pytest.fixture
def link():
    return Link()


@pytest.fixture
def live(link):
    made = LiveQuestion(link, link)
    made.heard = []
    made.answered.connect(lambda _question, answer: made.heard.append(answer))
    made.failed.connect(lambda problem: made.heard.append(problem.code))
    return made


def question(name):
    return lambda ask_id, sequence: (name, ask_id, sequence)


def test_of_those_that_wait_only_the_newest_is_sent(link, live):
    for name in "abcd":
        live.ask(question(name))
    assert [asked[0] for asked in link.asked] == [("a", "id", 1)]
    link.asked[0][1]("answer a")
    assert [asked[0] for asked in link.asked] == [("a", "id", 1), ("d", "id", 2)]
    link.asked[1][1]("answer d")
    assert live.heard == ["answer a", "answer d"]
    assert not live.busy


def test_after_clear_nothing_is_asked_or_awaited(link, live):
    live.ask(question("a"))
    live.ask(question("b"))
    live.clear()
    assert link.aborted == [0]
    assert not live.busy
    assert len(link.asked) == 1


def test_what_a_newer_one_superseded_is_no_failure(link, live):
    live.ask(question("a"))
    link.asked[0][2](Problem(codes.SUPERSEDED, "newer", 409))
    live.ask(question("b"))
    link.asked[1][2](Problem(codes.PROMPT_INVALID, "wrong", 422))
    assert live.heard == [codes.PROMPT_INVALID]


def test_a_question_waits_while_the_embeddings_are_opened_again(link, live):
    link.set_state(AskState.OPENING)
    live.ask(question("a"))
    assert link.asked == []
    link.set_state(AskState.READY)
    assert [asked[0][0] for asked in link.asked] == ["a"]


def test_a_question_that_found_them_closed_is_asked_again(link, live):
    live.ask(question("a"))
    link.state = AskState.OPENING
    link.asked[0][2](Problem(codes.SESSION_GONE, "gone", 404))
    assert live.heard == []
    link.set_state(AskState.READY)
    assert [asked[0][0] for asked in link.asked] == ["a", "a"]
