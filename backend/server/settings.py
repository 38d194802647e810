"""How one server is to run."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from backend.errors import BadInput
from backend.protocol import codes

JSON_LIMIT = 1 << 20
UPLOAD_LIMIT = 2 << 30
SESSION_LIMIT = 8
STREAM_LIMIT = 16
TOKEN_MINIMUM = 32


@dataclass(frozen=True)
class Settings:
    """Where to listen and what to allow.

    Attributes:
        token: the bearer token every request must carry.
        hosts: names besides `host`, 127.0.0.1 and localhost that a request's Host header may hold.
        remote: the client runs on another machine: TLS, uploads instead of paths, no end with stdin.
        roots: where a remote client may name sources; a local one may name any its user can read.
        runs: the folder that holds a folder a job.
        json_limit, upload_limit: bytes a request body may have.
    """

    token: str = field(repr=False)
    runs: Path
    host: str = "127.0.0.1"
    port: int = 0
    hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    remote: bool = False
    roots: tuple[Path, ...] = ()
    json_limit: int = JSON_LIMIT
    upload_limit: int = UPLOAD_LIMIT

    def __post_init__(self) -> None:
        if len(self.token) < TOKEN_MINIMUM or not self.token.isascii() or not self.token.isprintable():
            sentence = (
                f"The token must be {TOKEN_MINIMUM} or more printable ASCII characters, on the first line of stdin."
            )
            raise BadInput(codes.BAD_REQUEST, sentence)
        if not is_loopback(self.host) and (self.certificate is None or self.key is None):
            sentence = f"Listening on {self.host} needs --tls-cert and --tls-key; without TLS only 127.0.0.1 is served."
            raise BadInput(codes.BAD_REQUEST, sentence)

    def allowed_hosts(self, port: int) -> frozenset[str]:
        """Return every Host header this server answers to."""
        names = ("127.0.0.1", "localhost", self.host, *self.hosts)
        bare = names if self.remote and port == 443 else ()
        return frozenset((*(f"{name}:{port}" for name in names), *bare))


def is_loopback(host: str) -> bool:
    """Return whether `host` is an IPv4 loopback address."""
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ipaddress.AddressValueError:
        return False
