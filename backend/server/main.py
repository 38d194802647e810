"""Run the server: settings and an engine in, until stdin ends or a signal comes."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn

from backend.jobs import held_folder, run_folder
from backend.jobs.engine import Engine
from backend.log import set_up
from backend.protocol import PROTOCOL_VERSION, VERSION
from backend.protocol.jobs import FINAL
from backend.server import lifetime
from backend.server.app import create
from backend.server.connections import PromptProtocol, listen
from backend.server.services import Services, build
from backend.server.settings import Settings

KEEP_ALIVE_S = 120
HEADER_LIMIT = 16 << 10
CANCEL_S = 0.5
"""How long the end waits for jobs to clean up after themselves."""

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Calls `ready` once requests are answered and `done` when they no longer are, before a signal takes effect."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], done: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._done = done

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, then clean up."""
        await super().shutdown(sockets)
        self._done()


def serve(settings: Settings, engine: Engine, data: Path) -> None:
    """Serve until the end; does not return but leaves the process.

    Raises:
        Unavailable: the address cannot be listened on.
    """
    listening = listen(settings.host, settings.port)
    port: int = listening.getsockname()[1]
    announcement = lifetime.Announcement(data / "logs" / "backend.log")
    announcement.divert_stdout()
    set_up()
    held_folder.sweep(data / "uploads")
    services = build(settings, engine, data / "uploads" / str(os.getpid()))
    run_folder.sweep(settings.runs)

    def ready() -> None:
        announcement.send(_handshake(port))
        log.info("serving on %s port %s, version %s, process %s", settings.host, port, VERSION, os.getpid())

    def done() -> None:
        clean_up(services)
        lifetime.leave()

    if not settings.remote:
        lifetime.end_with_stdin(done)
    Server(_config(settings, services, port), ready, done).run(sockets=[listening])


def clean_up(services: Services) -> None:
    """Leave nothing half done behind: jobs that run are dismissed and their folders removed."""
    services.jobs.dismiss_all()
    deadline = time.monotonic() + CANCEL_S
    while time.monotonic() < deadline and not all(state.status in FINAL for state in services.jobs.all()):
        time.sleep(0.02)
    services.uploads.clear()
    for state in services.jobs.all():
        folder = services.settings.runs / state.id
        if (folder / run_folder.MARKER).exists():
            run_folder.remove(folder)


def _handshake(port: int) -> dict[str, object]:
    return {"port": port, "pid": os.getpid(), "protocol": PROTOCOL_VERSION, "version": VERSION}


def _config(settings: Settings, services: Services, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        create(services, port),
        http=PromptProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=HEADER_LIMIT,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
    )
