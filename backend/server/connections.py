"""The listening socket, and small requests answered at once.

Qt 5.15 sends a POST as two writes without TCP_NODELAY: its body waits until the header is acknowledged, and a kernel
that delays acknowledgements costs 40 ms a click. Where the system has TCP_QUICKACK (Linux) the connection asks for
immediate acknowledgement, again after every read since the kernel forgets. Elsewhere the client's own
`Connection: close` avoids the wait.
"""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol

from backend.errors import Unavailable
from backend.protocol import codes

BACKLOG = 64


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; clients that connect from now on are answered once the server runs.

    Raises:
        Unavailable: the address is taken or not this machine's.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # On Windows REUSEADDR would let another program take over the port; there EXCLUSIVEADDRUSE is what is meant.
    listening.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        sentence = f"Cannot listen on {host} port {port} ({error.strerror}); choose another port or 0 for any."
        raise Unavailable(codes.BAD_REQUEST, sentence) from error
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


class PromptProtocol(H11Protocol):
    """HTTP/1.1 without waits in either direction."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Send small answers at once, acknowledge at once."""
        self._socket: socket.socket | None = transport.get_extra_info("socket")
        if self._socket is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._acknowledge_at_once()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take what came, and ask again for immediate acknowledgement."""
        self._acknowledge_at_once()
        super().data_received(data)

    def _acknowledge_at_once(self) -> None:
        if self._socket is not None and hasattr(socket, "TCP_QUICKACK"):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
