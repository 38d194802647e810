"""Request bodies to messages: bounded depth, strict JSON, checked field by field."""

from __future__ import annotations

import asyncio
import json
import math
import re
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse

from backend.protocol.wire import dump, load
from backend.server.problems import bad_request

T = TypeVar("T")
NESTING_LIMIT = 32
BODY_TIMEOUT_S = 30.0
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
BRACKET = re.compile(rb"[\[\]{}]")


async def read(request: Request, kind: type[T]) -> T:
    """Return the request's JSON body as an instance of the dataclass `kind`.

    Raises:
        BadInput: it is late, too deep or not JSON. WireError: a field is wrong.
    """
    try:
        body = await asyncio.wait_for(request.body(), BODY_TIMEOUT_S)
    except TimeoutError:
        raise bad_request("The request's body did not arrive in time; try again.", status=408) from None
    return load(kind, parse(body))


def parse(body: bytes) -> Any:
    """Return strict JSON: no NaN, no infinity, at most NESTING_LIMIT deep, text that is valid Unicode."""
    _check_nesting(body)
    try:
        data = json.loads(body, parse_constant=_refuse, parse_float=_finite)
        if b"\\u" in body:
            json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise bad_request("The request's body is not valid JSON.") from None
    return data


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return a message as a JSON response."""
    return JSONResponse(dump(value), status, headers)


def _check_nesting(body: bytes) -> None:
    depth = 0
    for match in BRACKET.finditer(TEXT.sub(b"", body)):
        depth += 1 if match.group() in b"[{" else -1
        if depth > NESTING_LIMIT:
            raise bad_request(f"The request's JSON is nested more than {NESTING_LIMIT} deep.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _refuse(text: str) -> float:
    raise ValueError(text)
