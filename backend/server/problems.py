"""Errors to problem+json, in one place."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from backend.errors import BadInput, ToposcopeError
from backend.protocol import codes
from backend.protocol.problem import MEDIA_TYPE, Problem
from backend.protocol.wire import WireError, dump

HTTP_SENTENCES = {
    404: (codes.NOT_FOUND, "There is nothing at this address; the plugin and the backend may differ in version."),
    405: (
        codes.BAD_REQUEST,
        "This address does not take this method; the plugin and the backend may differ in version.",
    ),
}


def respond(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return `problem` as a response."""
    titled = Problem(problem.code, problem.detail, problem.status, HTTPStatus(problem.status).phrase)
    body = {"type": titled.type, "status": titled.status, **dump(titled)}
    return JSONResponse(body, titled.status, headers, MEDIA_TYPE)


def bad_request(sentence: str, status: int = 400) -> BadInput:
    """Return the error for a request that does not have the right form."""
    return BadInput(codes.BAD_REQUEST, sentence, status=status)


async def on_toposcope_error(request: Request, error: Exception) -> Response:
    """Answer an error that carries its own sentence."""
    if not isinstance(error, ToposcopeError):
        raise error
    return respond(error.problem())


async def on_wire_error(request: Request, error: Exception) -> Response:
    """Answer a message of the wrong form, naming the field."""
    sentence = f"The request has an {error}." if str(error).startswith("unknown") else f"The request is wrong: {error}."
    return respond(Problem(codes.BAD_REQUEST, sentence, 400))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router refuses."""
    if not isinstance(error, HTTPException):
        raise error
    code, sentence = HTTP_SENTENCES.get(error.status_code, (codes.BAD_REQUEST, f"{error.detail}."))
    headers = dict(error.headers) if error.headers else None
    return respond(Problem(code, sentence, error.status_code), headers)


async def on_disconnect(request: Request, error: Exception) -> Response:
    """Take note that the client left in the middle of its request; nobody reads this answer."""
    return respond(Problem(codes.BAD_REQUEST, "The client left.", 400))


HANDLERS = {
    ToposcopeError: on_toposcope_error,
    WireError: on_wire_error,
    HTTPException: on_http_error,
    ClientDisconnect: on_disconnect,
}
