"""`GET /events`: what happens to jobs, as server-sent events with replay."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from backend.errors import Unavailable
from backend.jobs.events import EventLog
from backend.protocol import codes
from backend.protocol.jobs import Event
from backend.protocol.wire import dump
from backend.server.problems import bad_request
from backend.server.services import services_of
from backend.server.settings import STREAM_LIMIT

HEARTBEAT_S = 10.0


async def events(request: Request) -> Response:
    """Stream events: after `Last-Event-ID` where given, else each job's latest and what follows."""
    log = services_of(request).events
    last = request.headers.get("last-event-id", "")
    if last and not (last.isascii() and last.isdigit() and len(last) < 19):
        raise bad_request("Last-Event-ID must be the number of an event.")
    if log.listeners >= STREAM_LIMIT:
        raise Unavailable(codes.QUEUE_FULL, "Too many event streams are open; close one.", status=429)
    return StreamingResponse(_stream(log, int(last) if last else None), media_type="text/event-stream")


async def _stream(log: EventLog, last: int | None) -> AsyncIterator[str]:
    changed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(changed.set)

    stop = log.listen(wake)
    try:
        yield ": events\n\n"
        seq, missed = last or 0, log.latest() if last is None else log.since(last)
        while True:
            for event in missed:
                yield _format(event)
            seq = missed[-1].seq if missed else min(seq, log.seq)
            if not await _within(changed, HEARTBEAT_S):
                yield ": still here\n\n"
            changed.clear()
            missed = log.since(seq)
    finally:
        stop()


async def _within(changed: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        return False
    return True


def _format(event: Event) -> str:
    data = json.dumps(dump(event), ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {data}\n\n"


ROUTES = [Route("/events", events, methods=["GET"])]
