"""The embeddings open for questions: a few, the least recently used closed when one more is opened."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from backend.errors import BadInput, Superseded
from backend.jobs.calls import Call
from backend.jobs.engine import Engine, OpenAsk
from backend.jobs.worker import Worker
from backend.protocol import codes
from backend.protocol.asks import AskInfo, AskRequest, ClassesAnswer, ClassesRequest, HeatAnswer, HeatRequest


class Asks:
    """Used from the event loop's thread; what is open only on the device thread."""

    def __init__(self, engine: Engine, device: Worker, limit: int) -> None:
        self._engine = engine
        self._device = device
        self._limit = limit
        self._open: OrderedDict[str, OpenAsk] = OrderedDict()

    async def open(self, request: AskRequest) -> AskInfo:
        """Open embeddings; the least recently used ones beyond the limit are closed."""
        ask_id = uuid.uuid4().hex
        ask: OpenAsk = await self._call(Call(lambda: self._engine.open_ask(ask_id, request)))
        self._open[ask_id] = ask
        while len(self._open) > self._limit:
            self.close(next(iter(self._open)))
        return dataclasses.replace(ask.info, id=ask_id)

    async def heat(self, ask_id: str, request: HeatRequest) -> tuple[HeatAnswer, bytes]:
        """Answer in turn how alike places are; stopped between pieces when a newer question comes.

        Raises:
            BadInput: SESSION_GONE. Superseded: a newer request took its place. Unavailable: QUEUE_FULL.
        """
        ask = self._get(ask_id)
        found: tuple[HeatAnswer, bytes] = await self._asked(ask_id, request.sequence, lambda on: ask.heat(request, on))
        return found

    async def classes(self, ask_id: str, request: ClassesRequest) -> tuple[ClassesAnswer, bytes]:
        """Answer in turn which class places are of. Raises as `heat`."""
        ask = self._get(ask_id)
        found: tuple[ClassesAnswer, bytes] = await self._asked(
            ask_id, request.sequence, lambda on: ask.classes(request, on)
        )
        return found

    def close(self, ask_id: str) -> None:
        """Free embeddings."""
        ask = self._get(ask_id)
        del self._open[ask_id]
        self._device.forget(ask_id)
        self._device.call(Call(ask.close), always=True)

    async def _asked(self, ask_id: str, sequence: int, run: Callable[[Callable[[], None]], Any]) -> Any:
        def stop_when_stale() -> None:
            if self._device.is_stale(call):
                raise Superseded

        call = Call(lambda: run(stop_when_stale), ask_id, sequence)
        return await self._call(call)

    def _get(self, ask_id: str) -> OpenAsk:
        if ask_id not in self._open:
            raise BadInput(codes.SESSION_GONE, "These embeddings are no longer open; open them again.", status=404)
        self._open.move_to_end(ask_id)
        return self._open[ask_id]

    async def _call(self, call: Call) -> Any:
        return await asyncio.wrap_future(self._device.call(call))
