"""How one server is to run."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from backend.errors import BadInput
from backend.protocol import codes

JSON_LIMIT = 1 << 20
UPLOAD_LIMIT = 2 << 30
SESSION_LIMIT = 8
ASK_LIMIT = 3
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
        if (self.certificate is None) != (self.key is None) or (
            self.certificate is None and not is_loopback(self.host)
        ):
            sentence = f"Serving {self.host} to others needs --tls-cert and --tls-key; without TLS 127.0.0.1 only."
            raise BadInput(codes.BAD_REQUEST, sentence)
        if not 0 <= self.port <= 65535:
            raise BadInput(
                codes.BAD_REQUEST, f"A port is a number from 0 to 65535, not {self.port}; 0 is any free one."
            )
        if not all(name.isascii() for name in self.hosts):
            raise BadInput(codes.BAD_REQUEST, "Give a name of other than ASCII letters as it is sent: xn--…")
        if self.certificate is not None:
            self._check_certificate(self.certificate)

    def allowed_hosts(self, port: int) -> frozenset[str]:
        """Return every Host header this server answers to, in lower case."""
        names = ("127.0.0.1", "localhost", self.host, *self.hosts)
        bare = names if self.remote and port == 443 else ()
        return frozenset(host.lower() for host in (*(f"{name}:{port}" for name in names), *bare))

    def _check_certificate(self, certificate: Path) -> None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, self.key)
        except OSError as error:
            sentence = f"The certificate {certificate.name} or its key cannot be read; give both as PEM files."
            raise BadInput(codes.BAD_REQUEST, sentence) from error


def is_loopback(host: str) -> bool:
    """Return whether `host` is an IPv4 loopback address."""
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ipaddress.AddressValueError:
        return False
