"""Where a backend answers, and with which token."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .failures import ADDRESS_REFUSED, ClientError, failure

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Endpoint:
    """A backend's address. The token stays out of `repr`, and so out of logs.

    `authority` holds, as PEM, the only certificates trusted here; where it is empty, those this computer trusts are.
    """

    host: str
    port: int
    secure: bool
    token: str = field(repr=False)
    authority: str = field(default="", repr=False)

    @property
    def loopback(self) -> bool:
        """Return whether the backend runs on this machine for this machine: then layers travel as paths.

        One that is reached through TLS serves other machines and takes no paths, also from here.
        """
        return self.near and not self.secure

    @property
    def near(self) -> bool:
        """Return whether the address is this machine's own, which no proxy is asked for."""
        return self.host in LOOPBACK

    @property
    def url(self) -> str:
        """Return the address without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"


def parse_endpoint(url: str, token: str, authority: str = "") -> Endpoint:
    """Return the endpoint at `url`; `authority` as in `Endpoint`.

    Raises:
        ClientError: no http(s) address, one with a path or a name in it, or http to another machine, which would
            show token and pixels to the network.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _refused() from None
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise _refused()
    secure = parts.scheme == "https"
    endpoint = Endpoint(parts.hostname, port or (443 if secure else 80), secure, token, authority)
    if not secure and not endpoint.loopback:
        raise ClientError(failure(ADDRESS_REFUSED, "A backend on another machine must be reached through https."))
    return endpoint


def _refused() -> ClientError:
    return ClientError(failure(ADDRESS_REFUSED, "The address must look like https://host:port."))
