"""What every algorithm of ours holds: how to reach a backend, which models there are, and the request it made."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Optional, Sequence

from qgis.core import QgsProcessingAlgorithm

from ...backend.protocol.jobs import JobRequest
from ..gis.source import Frame
from .backend import EndpointSource

HELP = Path(__file__).parents[2] / "resources" / "help"
Models = Callable[[], Sequence[str]]


class JobAlgorithm(QgsProcessingAlgorithm):
    """Makes its request on the main thread and runs it as a job of the backend in a thread."""

    def __init__(self, endpoints: EndpointSource, models: Models) -> None:
        super().__init__()
        self._endpoints, self._models = endpoints, models
        self._reach: Any = None
        self._request: Optional[JobRequest] = None
        self._frame: Optional[Frame] = None
