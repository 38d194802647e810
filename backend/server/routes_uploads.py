"""Uploads: files for a backend on another machine."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.protocol.transfers import ENDING_HEADER, Upload
from backend.server.ids import ID
from backend.server.messages import answer
from backend.server.services import services_of


async def upload(request: Request) -> Response:
    """Stream a file to disk and answer its id."""
    expected = int(request.headers.get("content-length", "0"))
    ending = request.headers.get(ENDING_HEADER, "")
    upload_id = await services_of(request).uploads.receive(request.stream(), expected, ending)
    return answer(Upload(upload_id), 201, {"Location": f"/uploads/{upload_id}"})


async def remove_upload(request: Request) -> Response:
    """Delete an upload."""
    await asyncio.to_thread(services_of(request).uploads.remove, request.path_params["id"])
    return Response(status_code=204)


ROUTES = [
    Route("/uploads", upload, methods=["POST"]),
    Route(f"/uploads/{ID}", remove_upload, methods=["DELETE"]),
]
