"""Questions to embeddings: open, heat, classes, close."""

from __future__ import annotations

import asyncio
import dataclasses
import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.protocol.asks import ANSWER_HEADER, AskRequest, ClassesAnswer, ClassesRequest, HeatAnswer, HeatRequest
from backend.protocol.wire import dump
from backend.server.ids import ID
from backend.server.messages import answer, read
from backend.server.services import services_of


async def open_ask(request: Request) -> Response:
    """Open embeddings for questions."""
    services = services_of(request)
    message = await read(request, AskRequest)
    source = await asyncio.to_thread(services.sources.resolve, message.source)
    info = await services.asks.open(dataclasses.replace(message, source=source))
    return answer(info, 201, {"Location": f"/asks/{info.id}"})


async def heat(request: Request) -> Response:
    """Answer how alike every place of the view is to what was shown."""
    message = await read(request, HeatRequest)
    return _picture(*await services_of(request).asks.heat(request.path_params["id"], message))


async def classes(request: Request) -> Response:
    """Answer which class every place of the view is of."""
    message = await read(request, ClassesRequest)
    return _picture(*await services_of(request).asks.classes(request.path_params["id"], message))


async def close_ask(request: Request) -> Response:
    """Free embeddings."""
    services_of(request).asks.close(request.path_params["id"])
    return Response(status_code=204)


def _picture(about: HeatAnswer | ClassesAnswer, image: bytes) -> Response:
    headers = {ANSWER_HEADER: json.dumps(dump(about))}
    return Response(image, media_type="application/octet-stream", headers=headers)


ROUTES = [
    Route("/asks", open_ask, methods=["POST"]),
    Route(f"/asks/{ID}", close_ask, methods=["DELETE"]),
    Route(f"/asks/{ID}/heat", heat, methods=["POST"]),
    Route(f"/asks/{ID}/classes", classes, methods=["POST"]),
]
