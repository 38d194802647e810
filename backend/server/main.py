"""Run the server: settings and an engine in, until stdin ends or a signal comes."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from backend.jobs import run_folder
from backend.jobs.engine import Engine
from backend.protocol import PROTOCOL_VERSION, VERSION
from backend.server import lifetime
from backend.server.app import create
from backend.server.connections import PromptProtocol, listen
from backend.server.services import Services, build
from backend.server.settings import Settings

KEEP_ALIVE_S = 120
HEADER_LIMIT = 16 << 10


class Server(uvicorn.Server):
    """Calls `ready` once requests are answered."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets)
        self._ready()


def serve(settings: Settings, engine: Engine, data: Path) -> None:
    """Serve until the end; does not return but leaves the process.

    Raises:
        Unavailable: the address cannot be listened on.
    """
    listening = listen(settings.host, settings.port)
    port: int = listening.getsockname()[1]
    announcement = lifetime.Announcement(data / "logs" / "backend.log")
    announcement.divert_stdout()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    services = build(settings, engine, data / "uploads" / str(os.getpid()))
    run_folder.sweep(settings.runs)
    server = Server(_config(settings, services, port), lambda: announcement.send(_handshake(port)))

    def stop() -> None:
        server.should_exit = True
        clean_up(services)

    if not settings.remote:
        lifetime.end_with_stdin(stop)
    server.run(sockets=[listening])
    clean_up(services)
    lifetime.leave()


def clean_up(services: Services) -> None:
    """Leave nothing half done behind: jobs that run are dismissed and their folders removed."""
    services.jobs.dismiss_all()
    services.uploads.clear()
    for state in services.jobs.all():
        folder = services.settings.runs / state.id
        if (folder / run_folder.MARKER).exists():
            run_folder.discard(folder)


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
