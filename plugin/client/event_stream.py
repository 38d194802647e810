"""Server-sent events: bytes in, messages out. Nothing here knows where the bytes come from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import List

from ...backend.protocol import wire
from ...backend.protocol.jobs import Event


@dataclass(frozen=True)
class Message:
    """One server-sent event as the WHATWG's HTML standard, section 9.2.6, dispatches it."""

    event: str
    data: str
    last_id: str


class EventStream:
    """Feed it the chunks of a `text/event-stream` body, split anywhere; it returns the messages they complete."""

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self._pending = b""
        self._after_cr = False
        self._event = ""
        self._data: List[str] = []

    def feed(self, chunk: bytes) -> List[Message]:
        """Take the next bytes."""
        if not chunk:
            return []
        ends_with_cr = chunk.endswith(b"\r")
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = ends_with_cr
        lines = (self._pending + chunk).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._pending = lines.pop()
        messages = []
        for line in lines:
            if line:
                self._field(line.decode("utf-8", "replace"))
            elif self._data:
                messages.append(Message(self._event or "message", "\n".join(self._data), self.last_id))
                self._event, self._data = "", []
            else:
                self._event = ""
        return messages

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self.last_id = value


def read_event(message: Message) -> Event:
    """Return the protocol's event in a message.

    Raises:
        ValueError: it is none.
    """
    return wire.load(Event, json.loads(message.data))
