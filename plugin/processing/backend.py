"""A backend for a Processing thread: the plugin's own where it runs, else one started for this run alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, Optional

from qgis.core import QgsProcessingException

from ..client.blocking_client import BlockingClient
from ..client.endpoint import Endpoint, parse_endpoint
from ..client.failures import ClientError
from ..errors import UserError, user_error
from ..server import state
from ..server.errors import ServerError
from ..settings import BACKEND_MODE, REMOTE, qgis_settings
from ..state.starting import Launch, launch_installed, start_error
from .text import tr

EndpointSource = Callable[[], Optional[Endpoint]]
"""Asked from any thread; None where no backend runs."""


def launch_if_needed(endpoints: EndpointSource) -> Optional[Launch]:
    """Return how to start a backend, or None where one runs already. Main thread: it reads the settings.

    Raises:
        QgsProcessingException: there is none and none can be started; the sentence says what to do.
    """
    if endpoints() is not None:
        return None
    if qgis_settings().get(BACKEND_MODE) == REMOTE:
        raise QgsProcessingException(
            tr("The backend is on another machine and not connected; open the Toposcope panel and connect first.")
        )
    try:
        state.backend_python()
    except ServerError as error:
        raise as_exception(start_error(error)) from error
    return launch_installed


@contextmanager
def client(endpoints: EndpointSource, launch: Optional[Launch]) -> Iterator[BlockingClient]:
    """Give a client of the running backend, or of one that ends with the block. Any thread; blocks while it starts.

    Raises:
        QgsProcessingException: it did not start, or a call in the block failed; the sentence says why.
    """
    started = None
    try:
        endpoint = endpoints()
        if endpoint is None:
            if launch is None:
                raise QgsProcessingException(tr("The backend was stopped meanwhile; run the algorithm again."))
            started = launch(lambda *_: None)
            endpoint = parse_endpoint(started.url, started.token)
        yield BlockingClient(endpoint)
    except ServerError as error:
        raise as_exception(start_error(error)) from error
    except ClientError as error:
        raise as_exception(user_error(error.problem)) from error
    finally:
        if started is not None:
            started.stop()


def as_exception(error: UserError) -> QgsProcessingException:
    """Return what went wrong and what to do as Processing shows it; the backend's own words come last."""
    parts = [error.sentence, error.action, error.detail if error.detail not in error.sentence else ""]
    return QgsProcessingException(" ".join(part for part in parts if part))
