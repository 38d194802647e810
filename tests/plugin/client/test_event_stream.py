import json

import pytest
from toposcope.backend.protocol.jobs import Event, JobState
from toposcope.backend.protocol.wire import dump
from toposcope.plugin.client.event_stream import EventStream, Message, read_event

BODY = (
    ": hello\n\n"
    'id: 7\nevent: job\ndata: {"a":\ndata:  1}\n\n'
    "data:no space\r\ndata: two\r\n\r\n"
    ": a comment between\n"
    "id: 8\rdata: größe 面积\r\r"
    "event: nothing to say\n\n"
    "id: 9\ndata\n\n"
).encode()
MESSAGES = [
    Message("job", '{"a":\n 1}', "7"),
    Message("message", "no space\ntwo", "7"),
    Message("message", "größe 面积", "8"),
    Message("message", "", "9"),
]


def test_messages_of_a_whole_body():
    assert EventStream().feed(BODY) == MESSAGES


def test_any_split_in_two_gives_the_same_messages():
    for cut in range(len(BODY) + 1):
        stream = EventStream()
        assert stream.feed(BODY[:cut]) + stream.feed(b"") + stream.feed(BODY[cut:]) == MESSAGES, cut


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_small_chunks_give_the_same_messages(size):
    stream = EventStream()
    found = [m for i in range(0, len(BODY), size) for m in stream.feed(BODY[i : i + size])]
    assert found == MESSAGES
    assert stream.last_id == "9"


def test_an_unfinished_message_is_not_dispatched():
    assert EventStream().feed(b"id: 3\ndata: half\n") == []


def test_last_id_is_carried_over_a_reconnection():
    assert EventStream("41").feed(b"data: x\n\n")[0].last_id == "41"


def test_event_round_trip():
    event = Event(3, "job", JobState("j", "segment", "running", "2026-01-01T00:00:00Z", progress=12.5))
    text = json.dumps(dump(event))
    assert read_event(Message("job", text, "3")) == event


def test_an_event_of_another_protocol_is_an_error():
    with pytest.raises(ValueError, match="surprise"):
        read_event(Message("job", '{"seq": 1, "kind": "job", "surprise": 1}', "1"))
