"""Errors nobody foresaw, answered inside the application.

Left to Starlette's outermost layer they are raised again, and uvicorn then closes the connection: the client's next
request on it would be lost.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.jobs.execution import problem_of
from backend.server.problems import respond


class Unforeseen:
    """ASGI middleware; details of the error go to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer what it raises unless an answer has begun."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            if begun:
                raise
            await respond(problem_of(error))(scope, receive, send)
