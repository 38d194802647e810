"""Where the settings say that a backend on another machine answers."""

from __future__ import annotations

from pathlib import Path

from ..client.authority import read_authority
from ..client.endpoint import Endpoint, parse_endpoint
from ..settings import CA_FILE, REMOTE_URL, Settings


def remote_endpoint(settings: Settings, token: str) -> Endpoint:
    """Return the endpoint with its token and the certificates to trust.

    Raises:
        ClientError: the address or the certificate file cannot be used.
    """
    file = settings.get(CA_FILE)
    return parse_endpoint(settings.get(REMOTE_URL), token, read_authority(Path(file)) if file else "")
