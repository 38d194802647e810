"""The open sessions: a few, the least recently used closed when one more is opened."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from collections import OrderedDict
from typing import Any

from backend.errors import BadInput, Superseded
from backend.jobs.calls import Call
from backend.jobs.engine import Engine, OpenSession
from backend.jobs.worker import Worker
from backend.protocol import codes
from backend.protocol.prompts import Point
from backend.protocol.sessions import PredictRequest, PredictResponse, SessionInfo, SessionRequest


class Sessions:
    """Used from the event loop's thread; the sessions themselves only on the device thread."""

    def __init__(self, engine: Engine, device: Worker, limit: int) -> None:
        self._engine = engine
        self._device = device
        self._limit = limit
        self._open: OrderedDict[str, OpenSession] = OrderedDict()

    async def open(self, request: SessionRequest) -> SessionInfo:
        """Open a session; the least recently used one beyond the limit is closed."""
        session_id = uuid.uuid4().hex
        session: OpenSession = await self._call(Call(lambda: self._engine.open(session_id, request)))
        self._open[session_id] = session
        while len(self._open) > self._limit:
            self.close(next(iter(self._open)))
        if request.focus is not None:
            self.focus(session_id, request.focus)
        return dataclasses.replace(session.info, id=session_id)

    async def predict(self, session_id: str, request: PredictRequest) -> PredictResponse:
        """Run a prediction in its turn; one that spans several crops stops between them when a newer one comes.

        Raises:
            BadInput: SESSION_GONE. Superseded: a newer request took its place. Unavailable: QUEUE_FULL.
        """
        session = self._get(session_id)

        def stop_when_stale() -> None:
            if self._device.is_stale(call):
                raise Superseded

        call = Call(lambda: session.predict(request, stop_when_stale), session_id, request.sequence, request.hover)
        response: PredictResponse = await self._call(call)
        return response

    def focus(self, session_id: str, point: Point) -> None:
        """Encode the crop at `point` when the device is idle; forgotten when anything newer comes."""
        session = self._get(session_id)
        self._device.prefetch(Call(lambda: session.focus(point)))

    def close(self, session_id: str) -> None:
        """Free a session; its embeddings stay in the shared cache."""
        session = self._get(session_id)
        del self._open[session_id]
        self._device.forget(session_id)
        self._device.call(Call(session.close), always=True)

    def _get(self, session_id: str) -> OpenSession:
        if session_id not in self._open:
            raise BadInput(codes.SESSION_GONE, "This image is no longer open for clicks; open it again.", status=404)
        self._open.move_to_end(session_id)
        return self._open[session_id]

    async def _call(self, call: Call) -> Any:
        return await asyncio.wrap_future(self._device.call(call))
