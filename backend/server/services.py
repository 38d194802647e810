"""Everything the routes use, built once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from starlette.requests import Request

from backend.jobs.calls import Call
from backend.jobs.engine import Engine
from backend.jobs.events import EventLog
from backend.jobs.execution import Run, execute
from backend.jobs.store import JobStore
from backend.jobs.worker import Worker
from backend.protocol.jobs import JobRequest, JobState
from backend.server.asks import Asks
from backend.server.sessions import Sessions
from backend.server.settings import ASK_LIMIT, SESSION_LIMIT, Settings
from backend.server.sources import SourcePolicy
from backend.server.uploads import Uploads

T = TypeVar("T")


@dataclass(frozen=True)
class Services:
    """The server's parts. `device` runs models; `files` runs downloads and imports beside it."""

    settings: Settings
    engine: Engine
    device: Worker
    files: Worker
    events: EventLog
    jobs: JobStore
    sessions: Sessions
    asks: Asks
    uploads: Uploads
    sources: SourcePolicy

    def submit(self, worker: Worker, request: JobRequest, key: str, run: Run) -> tuple[JobState, bool]:
        """Register a job, queue it on `worker` and return its state and whether it is new."""
        state, new = self.jobs.register(request, key)
        if new:
            runs = self.settings.runs
            worker.add_job(lambda: execute(self.jobs, state.id, runs, run, worker.give_way))
        return state, new

    async def on_device(self, run: Callable[[], T]) -> T:
        """Run something short on the device thread, in its turn."""
        result: T = await asyncio.wrap_future(self.device.call(Call(run)))
        return result


def build(settings: Settings, engine: Engine, uploads_folder: Path) -> Services:
    """Make the parts and start the workers."""
    events = EventLog()
    device, files = Worker("device"), Worker("files")
    uploads = Uploads(uploads_folder)
    services = Services(
        settings=settings,
        engine=engine,
        device=device,
        files=files,
        events=events,
        jobs=JobStore(events),
        sessions=Sessions(engine, device, SESSION_LIMIT),
        asks=Asks(engine, device, ASK_LIMIT),
        uploads=uploads,
        sources=SourcePolicy(settings, uploads),
    )
    device.start()
    files.start()
    return services


def services_of(request: Request) -> Services:
    """Return the services of the application that received `request`."""
    services: Services = request.app.state.services
    return services
