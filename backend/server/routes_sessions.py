"""Interactive sessions: open, predict, look ahead, close."""

from __future__ import annotations

import asyncio
import dataclasses

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.protocol.sessions import FocusRequest, PredictRequest, SessionRequest
from backend.server.ids import ID
from backend.server.messages import answer, read
from backend.server.services import services_of


async def open_session(request: Request) -> Response:
    """Open a source for clicks; loads the model where it is not loaded."""
    services = services_of(request)
    message = await read(request, SessionRequest)
    source = await asyncio.to_thread(services.sources.resolve, message.source)
    message = dataclasses.replace(message, source=source)
    info = await services.sessions.open(message)
    return answer(info, 201, {"Location": f"/sessions/{info.id}"})


async def predict(request: Request) -> Response:
    """Answer the object the prompts point at."""
    message = await read(request, PredictRequest)
    return answer(await services_of(request).sessions.predict(request.path_params["id"], message))


async def focus(request: Request) -> Response:
    """Note where the user looks; answered before anything is encoded."""
    message = await read(request, FocusRequest)
    services_of(request).sessions.focus(request.path_params["id"], message.focus)
    return Response(status_code=202)


async def close_session(request: Request) -> Response:
    """Free a session."""
    services_of(request).sessions.close(request.path_params["id"])
    return Response(status_code=204)


ROUTES = [
    Route("/sessions", open_session, methods=["POST"]),
    Route(f"/sessions/{ID}", close_session, methods=["DELETE"]),
    Route(f"/sessions/{ID}/predict", predict, methods=["POST"]),
    Route(f"/sessions/{ID}/focus", focus, methods=["POST"]),
]
