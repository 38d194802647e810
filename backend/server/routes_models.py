"""Capabilities and weights. Downloads and imports are jobs on the I/O thread, so that clicks go on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.errors import BadInput
from backend.jobs.calls import Call
from backend.jobs.step import Step
from backend.protocol import codes
from backend.protocol.jobs import JobRequest
from backend.protocol.transfers import DownloadRequest, ImportRequest
from backend.server.messages import answer, read
from backend.server.routes_jobs import created, idempotency_key
from backend.server.services import Services, services_of


async def capabilities(request: Request) -> Response:
    """Answer what this backend can do."""
    return answer(await asyncio.to_thread(services_of(request).engine.capabilities))


async def download(request: Request) -> Response:
    """Start the download of a model's weights."""
    services, model_id = services_of(request), _model_id(request)
    message = await read(request, DownloadRequest)

    def run(folder: Path, step: Step) -> Iterable[Path]:
        services.engine.download(model_id, message.token, message.revision, step)
        _replace_loaded(services, model_id)
        return ()

    job = JobRequest("download", model_id, parameters={"revision": message.revision})
    return created(*services.submit(services.files, job, idempotency_key(request), run))


async def import_weights(request: Request) -> Response:
    """Start the import of a model's weights from a file or folder of this machine."""
    services, model_id = services_of(request), _model_id(request)
    message = await read(request, ImportRequest)
    path = services.sources.weights(message.path)

    def run(folder: Path, step: Step) -> Iterable[Path]:
        services.engine.import_weights(model_id, path, step)
        _replace_loaded(services, model_id)
        return ()

    job = JobRequest("import", model_id, parameters={"path": message.path})
    return created(*services.submit(services.files, job, idempotency_key(request), run))


async def remove(request: Request) -> Response:
    """Delete a model's weights."""
    services, model_id = services_of(request), _model_id(request)
    await services.on_device(lambda: services.engine.remove(model_id))
    return Response(status_code=204)


async def unload(request: Request) -> Response:
    """Free the loaded models and the kept embeddings."""
    services = services_of(request)
    await services.on_device(services.engine.unload)
    return Response(status_code=204)


def _replace_loaded(services: Services, model_id: str) -> None:
    """Have the device thread drop the model in memory: the weights on disk are others now."""
    services.device.call(Call(lambda: services.engine.unload(model_id)), always=True)


def _model_id(request: Request) -> str:
    model_id: str = request.path_params["model"]
    if not services_of(request).engine.knows(model_id):
        raise BadInput(codes.MODEL_UNKNOWN, "The catalogue has no such model; ask for the capabilities.", status=404)
    return model_id


ROUTES = [
    Route("/capabilities", capabilities, methods=["GET"]),
    Route("/models/unload", unload, methods=["POST"]),
    Route("/models/{model}/download", download, methods=["POST"]),
    Route("/models/{model}/import", import_weights, methods=["POST"]),
    Route("/models/{model}", remove, methods=["DELETE"]),
]
