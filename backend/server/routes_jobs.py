"""Jobs: post, list, look at, dismiss, fetch results."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.jobs import SUCCESSFUL, JobRequest, JobState
from backend.protocol.wire import dump
from backend.server.ids import ID
from backend.server.messages import answer, read
from backend.server.problems import bad_request
from backend.server.services import services_of
from backend.server.sources import SourcePolicy

KEY_LENGTH = 128


async def post_job(request: Request) -> Response:
    """Register a job and answer 201 with its address; 200 where the idempotency key names a job there is."""
    services = services_of(request)
    message = await read(request, JobRequest)
    message = await asyncio.to_thread(_resolved, message, services.sources)
    services.sources.check_output(message.output)
    await asyncio.to_thread(services.engine.check, message)
    state, new = services.submit(
        services.device,
        message,
        idempotency_key(request),
        lambda folder, step: services.engine.run(message, folder, step),
    )
    return created(state, new)


async def list_jobs(request: Request) -> Response:
    """List every job, oldest first."""
    return answer({"jobs": [dump(state) for state in services_of(request).jobs.all()]})


async def get_job(request: Request) -> Response:
    """Answer a job's state."""
    return answer(_job(request))


async def dismiss_job(request: Request) -> Response:
    """Ask a job to stop, and answer its state."""
    return answer(services_of(request).jobs.dismiss(_job(request).id))


async def get_result(request: Request) -> Response:
    """List a successful job's files; answer the problem of a failed one."""
    state = _job(request)
    if state.problem is not None:
        raise BadInput(state.problem.code, state.problem.detail, status=state.problem.status)
    if state.status != SUCCESSFUL:
        raise bad_request(f"This job has no result; it is {state.status}.", status=409)
    return answer({"results": [dump(file) for file in state.results]})


async def get_file(request: Request) -> Response:
    """Send one of the files that the job's result lists."""
    name = request.path_params["name"]
    file = next((file for file in _job(request).results if file.name == name), None)
    if file is None or not Path(file.path).is_file():
        raise BadInput(codes.NOT_FOUND, "This job has no such file, or it was moved since.", status=404)
    return FileResponse(file.path, media_type=file.media_type)


def _resolved(message: JobRequest, sources: SourcePolicy) -> JobRequest:
    """Return `message` with the paths of its files."""
    source = None if message.source is None else sources.resolve(message.source)
    others = {name: sources.resolve(other) for name, other in message.others.items()}
    return dataclasses.replace(message, source=source, others=others)


def idempotency_key(request: Request) -> str:
    """Return the request's Idempotency-Key, empty where it has none."""
    key = request.headers.get("idempotency-key", "")
    if len(key) > KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise bad_request(f"An idempotency key has at most {KEY_LENGTH} printable ASCII characters.")
    return f"{request.url.path} {key}" if key else ""


def created(state: JobState, new: bool) -> Response:
    """Answer a job just posted."""
    return answer(state, 201 if new else 200, {"Location": f"/jobs/{state.id}"})


def _job(request: Request) -> JobState:
    return services_of(request).jobs.get(request.path_params["id"])


ROUTES = [
    Route("/jobs", post_job, methods=["POST"]),
    Route("/jobs", list_jobs, methods=["GET"]),
    Route(f"/jobs/{ID}", get_job, methods=["GET"]),
    Route(f"/jobs/{ID}", dismiss_job, methods=["DELETE"]),
    Route(f"/jobs/{ID}/result", get_result, methods=["GET"]),
    Route(f"/jobs/{ID}/files/{{name:path}}", get_file, methods=["GET"]),
]
