"""Tokens in QGIS's authentication database: the model hub's and those of servers. Never in settings or logs."""

from __future__ import annotations

from qgis.core import QgsApplication

from .client.endpoint import parse_endpoint

HUB = "toposcope/hub"


def server(url: str) -> str:
    """Return the key of the token for the server at `url`: each has its own, so that none gets another's.

    Raises:
        ClientError: it is no address of a server.
    """
    endpoint = parse_endpoint(url, "")
    return f"toposcope/server/{endpoint.host}:{endpoint.port}"


def read(key: str) -> str:
    """Return a token, empty where there is none. QGIS asks for its master password where it has to."""
    if not QgsApplication.authManager().existsAuthSetting(key):
        return ""
    return str(QgsApplication.authManager().authSetting(key, "", True) or "")


def write(key: str, token: str) -> bool:
    """Keep a token, or forget it where it is empty; returns whether the database took it."""
    manager = QgsApplication.authManager()
    if not token:
        return manager.existsAuthSetting(key) is False or bool(manager.removeAuthSetting(key))
    return bool(manager.storeAuthSetting(key, token, True))
