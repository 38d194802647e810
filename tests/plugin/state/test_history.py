import itertools

from toposcope.backend.protocol.prompts import Box, Point
from toposcope.backend.protocol.sessions import PredictResponse
from toposcope.plugin.state.history import History

A, B, C = Point(1, 2), Point(3, 4, 0), Point(5, 6)


def answer(mask):
    return PredictResponse(1, (), 0.5, 0.0, mask=mask)


def test_a_new_history_is_empty():
    history = History()
    assert history.empty
    assert not history.undo()
    assert not history.redo()


def test_points_and_box_add_up_and_come_back_off():
    history = History()
    history.add_point(A)
    history.set_box(Box(0, 0, 9, 9))
    history.add_point(B)
    assert (history.current.prompts.points, history.current.prompts.box) == ((A, B), Box(0, 0, 9, 9))
    assert history.undo()
    assert history.current.prompts.points == (A,)
    assert history.undo()
    assert history.current.prompts.box is None
    assert history.undo()
    assert history.empty
    assert not history.can_undo
    assert [history.redo() for _ in range(4)] == [True, True, True, False]
    assert history.current.prompts.points == (A, B)


def test_a_new_box_replaces_the_old_one_and_undo_brings_it_back():
    history = History()
    history.set_box(Box(0, 0, 1, 1))
    history.set_box(Box(0, 0, 2, 2))
    assert history.current.prompts.box == Box(0, 0, 2, 2)
    history.undo()
    assert history.current.prompts.box == Box(0, 0, 1, 1)


def test_a_new_prompt_ends_what_could_be_redone():
    history = History()
    history.add_point(A)
    history.add_point(B)
    history.undo()
    history.add_point(C)
    assert not history.can_redo
    assert history.current.prompts.points == (A, C)


def settle(history, mask):
    history.current.answer, history.current.mask = answer(mask), mask


def test_answers_stay_with_their_step_and_refine_the_next():
    history = History()
    history.add_point(A)
    assert history.mask == ""
    settle(history, "m1")
    history.add_point(B)
    assert history.mask == "m1"
    settle(history, "m2")
    history.undo()
    assert history.current.answer.mask == "m1"


def test_a_new_outline_drops_answers_and_still_refines_the_same_mask():
    history = History()
    history.add_point(A)
    settle(history, "m1")
    history.add_point(B)
    settle(history, "m2")
    history.forget_answers()
    assert history.current.answer is None
    assert history.mask == "m1"


def test_a_new_session_knows_no_masks_but_what_is_shown_stays():
    history = History()
    history.add_point(A)
    settle(history, "m1")
    history.add_point(B)
    settle(history, "m2")
    history.forget_masks()
    assert history.mask == ""
    assert history.current.answer is not None


def test_a_prompt_that_cannot_be_used_is_gone():
    history = History()
    history.add_point(A)
    history.add_point(B)
    history.drop_current()
    assert history.current.prompts.points == (A,)
    assert not history.can_redo


def test_trying_a_point_takes_no_step():
    history = History()
    history.add_point(A)
    assert history.with_point(B).points == (A, B)
    assert history.current.prompts.points == (A,)


def test_clear_leaves_nothing():
    history = History()
    history.add_point(A)
    history.clear()
    assert history.empty
    assert not history.can_undo
    assert not history.can_redo


def test_any_mix_of_actions_equals_replaying_what_is_left():
    """A plain model: a list of points and the list of those undone."""
    for actions in itertools.product("aurc", repeat=6):
        history, points, undone = History(), [], []
        for number, action in enumerate(actions):
            if action == "a":
                history.add_point(Point(number, 0))
                points, undone = [*points, Point(number, 0)], []
            elif action == "u" and points:
                history.undo()
                undone.append(points.pop())
            elif action == "r" and undone:
                history.redo()
                points.append(undone.pop())
            elif action == "c":
                history.clear()
                points, undone = [], []
        assert list(history.current.prompts.points) == points, actions
        assert (history.can_undo, history.can_redo) == (bool(points), bool(undone)), actions
