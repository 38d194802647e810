import asyncio

from backend.jobs.events import EventLog
from backend.protocol.jobs import RUNNING, JobState
from backend.server import routes_events


def taken(log, last, count, meanwhile=lambda: None):
    """Return the first `count` pieces of the stream; `meanwhile` runs after the first."""

    async def take():
        stream, pieces = routes_events._stream(log, last), []
        async for piece in stream:
            pieces.append(piece)
            if len(pieces) == 1:
                meanwhile()
            if len(pieces) == count:
                break
        await stream.aclose()
        return pieces

    return asyncio.run(take())


def test_a_silent_stream_says_that_it_lives(monkeypatch):
    monkeypatch.setattr(routes_events, "HEARTBEAT_S", 0.02)
    assert taken(EventLog(), None, 3) == [": events\n\n", ": still here\n\n", ": still here\n\n"]


def test_a_stream_that_is_closed_stops_listening():
    log = EventLog()
    taken(log, None, 1)
    assert log.listeners == 0


def test_a_new_client_gets_each_jobs_last_state_and_then_what_follows():
    log = EventLog()
    for progress in (1.0, 2.0):
        log.publish(JobState("a", "segment", RUNNING, "", progress=progress))
    pieces = taken(log, None, 3, lambda: log.publish(notice="The disk is nearly full."))
    assert '"progress":2.0' in pieces[1]
    assert pieces[2] == 'id: 3\nevent: notice\ndata: {"seq":3,"kind":"notice","notice":"The disk is nearly full."}\n\n'


def test_notices_are_replayed_too():
    log = EventLog()
    log.publish(notice="one")
    log.publish(notice="two")
    assert '"notice":"two"' in taken(log, 1, 2)[1]
