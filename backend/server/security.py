"""The guard in front of every route: Host, Origin, token, content type, body size.

A web page can reach 127.0.0.1 (DNS rebinding, plain cross-site POSTs), so a local server is still a server: it answers
only to its own names, to nobody who sends an Origin, and only to the holder of this start's token.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import BadInput
from backend.protocol import codes
from backend.protocol.problem import Problem
from backend.server.problems import respond
from backend.server.settings import Settings

BODY_TYPES = {"/uploads": b"application/octet-stream"}
JSON_TYPE = b"application/json"
DRAIN_S = 1.0


class Guard:
    """ASGI middleware; `hosts` are the exact Host headers allowed."""

    def __init__(self, app: ASGIApp, settings: Settings, hosts: frozenset[str]) -> None:
        self._app = app
        self._authorization = b"Bearer " + settings.token.encode("ascii")
        self._hosts = {host.encode("ascii") for host in hosts}
        self._json_limit = settings.json_limit
        self._upload_limit = settings.upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or pass it on with a body that cannot grow beyond its limit."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        limit = self._upload_limit if scope["path"] == "/uploads" else self._json_limit
        problem = self._refusal(scope, limit)
        if problem is not None:
            await _refuse(problem, scope, receive, _hardened(send))
            return
        await self._app(scope, _bounded(receive, limit), _hardened(send))

    def _refusal(self, scope: Scope, limit: int) -> Problem | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        host = _values(headers, b"host")
        if len(host) != 1 or host[0].lower() not in self._hosts:
            sentence = "This address is not one the backend answers to; use 127.0.0.1 or the name it was started with."
            return Problem(codes.FORBIDDEN_HOST, sentence, 421)
        if _values(headers, b"origin"):
            sentence = "The backend takes no requests from web pages (an Origin header was sent)."
            return Problem(codes.FORBIDDEN_ORIGIN, sentence, 403)
        given = _values(headers, b"authorization")
        if len(given) != 1 or not hmac.compare_digest(given[0], self._authorization):
            sentence = "The token is missing or wrong; restart the backend from the plugin, or enter its token again."
            return Problem(codes.UNAUTHORIZED, sentence, 401)
        return _body_refusal(scope, headers, limit)


def _body_refusal(scope: Scope, headers: list[tuple[bytes, bytes]], limit: int) -> Problem | None:
    length = _values(headers, b"content-length")
    if length and int(length[0]) > limit:
        return too_large(limit).problem()
    if scope["method"] != "POST" or (length == [b"0"]):
        return None
    wanted = BODY_TYPES.get(scope["path"], JSON_TYPE)
    content_type = _values(headers, b"content-type")
    if len(content_type) != 1 or content_type[0].split(b";")[0].strip().lower() != wanted:
        return Problem(codes.BAD_REQUEST, f"The body must be sent as {wanted.decode()}.", 415)
    return None


def too_large(limit: int) -> BadInput:
    """Return the error for a body of more than `limit` bytes."""
    size = f"{limit / 2**20:g} MiB" if limit < 2**30 else f"{limit / 2**30:g} GiB"
    return BadInput(codes.BODY_TOO_LARGE, f"The request is larger than the {size} allowed; send less.", status=413)


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key == name]


def _bounded(receive: Receive, limit: int) -> Receive:
    """Return `receive` that raises BODY_TOO_LARGE once more than `limit` bytes came."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise too_large(limit)
        return message

    return bounded


def _hardened(send: Send) -> Send:
    """Return `send` that adds the headers every response has."""

    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Cache-Control"] = "no-store"
            if message["status"] == 413:
                headers["Connection"] = "close"
        await send(message)

    return hardened


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body is read. A client in the middle of sending is heard out for a moment.

    Closing at once would reset the connection, and the client would see that instead of the answer.
    """
    response = respond(problem, {"Connection": "close"})
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": bytes(response.body), "more_body": True})
    try:
        async with asyncio.timeout(DRAIN_S):
            while (message := await receive()).get("more_body"):
                del message
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
