"""What of the backend a page that starts jobs needs."""

from __future__ import annotations

from dataclasses import dataclass

from .catalog import Catalog
from .connection import Connection
from .jobs import JobList


@dataclass(frozen=True)
class Backend:
    """The connection, its jobs and its models."""

    connection: Connection
    jobs: JobList
    catalog: Catalog

    @property
    def local(self) -> bool:
        """Return whether what the backend writes lies on this machine."""
        client = self.connection.client
        return client is not None and client.endpoint.loopback
