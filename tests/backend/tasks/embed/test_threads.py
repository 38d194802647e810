"""Reading ahead and writing behind."""

import threading

import pytest

from backend.tasks.embed.threads import Behind, ahead


def test_ahead_keeps_order_and_stays_near():
    made = []

    def work(number):
        made.append(number)
        return -number

    coming = ahead(range(100), work, 3)
    assert next(coming) == (0, 0)
    coming.close()
    assert len(made) <= 4
    assert list(ahead(range(5), work, 3)) == [(n, -n) for n in range(5)]


def test_ahead_raises_in_its_place():
    coming = ahead([1, 0, 2], lambda number: 1 / number, 2)
    assert next(coming) == (1, 1.0)
    with pytest.raises(ZeroDivisionError):
        next(coming)


def test_behind_does_all_in_order_before_the_block_ends():
    done = []
    with Behind(2) as behind:
        for number in range(10):
            behind.do(lambda number=number: done.append(number))
    assert done == list(range(10))


def test_what_fails_behind_is_raised():
    with pytest.raises(OSError, match="full"), Behind(1) as behind:
        behind.do(lambda: (_ for _ in ()).throw(OSError("full")))


def test_a_block_that_fails_leaves_what_waits_undone():
    gate, done = threading.Event(), []
    behind = Behind(5)
    behind.do(gate.wait)
    behind.do(lambda: done.append(1))
    threading.Timer(0.1, gate.set).start()
    behind.__exit__(KeyError, KeyError(), None)
    assert not done
