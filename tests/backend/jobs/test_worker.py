import threading

import pytest

from backend.errors import Cancelled, Superseded, Unavailable
from backend.jobs.calls import Call, CallQueue
from backend.jobs.step import Step
from backend.jobs.worker import Worker


def queue_of(*calls, limit=10):
    queue = CallQueue(limit)
    for call in calls:
        queue.add(call)
    return queue


def click(sequence, session="a", hover=False):
    return Call(lambda: (session, sequence, hover), session, sequence, hover)


def drained(queue):
    return [call.run() for call in iter(queue.pop, None)]


def superseded(call):
    return call.future.done() and isinstance(call.future.exception(), Superseded)


def test_clicks_come_before_hovers_and_sessions_take_turns():
    queue = queue_of(click(1, "a", hover=True), click(1, "b"), click(2, "c"))
    assert drained(queue) == [("b", 1, False), ("c", 2, False), ("a", 1, True)]


def test_a_newer_click_takes_the_place_of_all_that_waits_in_its_session():
    old, hover, other = click(1), click(2, hover=True), click(1, "b")
    queue = queue_of(old, hover, other, click(3))
    assert superseded(old)
    assert superseded(hover)
    assert drained(queue) == [("b", 1, False), ("a", 3, False)]


def test_a_hover_never_takes_the_place_of_a_click():
    waiting = click(1)
    queue = queue_of(waiting, click(2, hover=True))
    assert drained(queue) == [("a", 1, False), ("a", 2, True)]


def test_a_late_click_runs_although_a_newer_hover_came_first():
    queue = queue_of(click(2, hover=True), click(1))
    assert drained(queue) == [("a", 1, False)]


def test_a_late_hover_is_superseded():
    queue = queue_of(click(5))
    drained(queue)
    late = click(4, hover=True)
    queue.add(late)
    assert superseded(late)
    assert len(queue) == 0


def test_a_full_queue_drops_hovers_and_then_says_so():
    hover = click(1, "h", hover=True)
    queue = queue_of(hover, click(1, "a"), limit=2)
    queue.add(click(1, "b"))
    assert superseded(hover)
    with pytest.raises(Unavailable, match="busy"):
        queue.add(click(1, "c"))
    queue.add(click(1, ""), always=True)
    assert len(queue) == 3


def test_forgetting_a_session_answers_what_waits():
    waiting = click(7)
    queue = queue_of(waiting)
    queue.forget("a")
    assert superseded(waiting)
    queue.add(click(1))
    assert drained(queue) == [("a", 1, False)]


def test_a_call_whose_caller_left_is_not_run():
    ran = []
    call = Call(lambda: ran.append(1))
    call.future.cancel()
    call.execute()
    assert ran == []


def test_calls_run_between_the_pieces_of_a_job_on_the_same_thread():
    worker, started, threads, order = Worker("test"), threading.Event(), set(), []

    def job():
        started.set()
        while "call" not in order:
            threads.add(threading.get_ident())
            worker.give_way()
        order.append("job")

    def called():
        threads.add(threading.get_ident())
        order.append("call")

    worker.add_job(job)
    worker.start()
    assert started.wait(10)
    worker.call(Call(called)).result(10)
    worker.call(Call(lambda: None)).result(10)
    assert order == ["call", "job"]
    assert len(threads) == 1


def test_prefetching_runs_last_and_gives_way_to_anything_newer():
    worker, order = Worker("test"), []
    first, second = Call(lambda: order.append("first")), Call(lambda: order.append("second"))
    worker.prefetch(first)
    worker.prefetch(second)
    assert superseded(first)
    call = worker.call(Call(lambda: order.append("call")))
    assert superseded(second)
    third = Call(lambda: order.append("third"))
    worker.prefetch(third)
    worker.start()
    call.result(10)
    third.future.result(10)
    assert order == ["call", "third"]


def test_a_call_that_fails_does_not_stop_the_worker():
    worker = Worker("test")
    worker.start()
    with pytest.raises(ZeroDivisionError):
        worker.call(Call(lambda: 1 / 0)).result(10)
    assert worker.call(Call(lambda: 3)).result(10) == 3


def test_steps_report_at_most_ten_times_a_second_and_estimate_what_remains():
    reports, time = [], iter([0.0, 0.0, 0.05, 2.0, 3.0])
    step = Step(lambda *report: reports.append(report), threading.Event(), lambda: None, print, lambda: next(time))
    for percent in (0, 1, 50, 75):
        step(percent, "x")
    assert reports == [(0, "x", None), (50, "x", 2.0), (75, "x", 1.0)]


def test_a_step_raises_once_the_job_is_dismissed_also_during_an_interactive_call():
    flag = threading.Event()
    step = Step(lambda *report: None, flag, flag.set, print)
    with pytest.raises(Cancelled):
        step(1)
    with pytest.raises(Cancelled):
        step(2)
