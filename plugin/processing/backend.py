"""A backend for a Processing thread: the plugin's own where it runs, else one started for this run alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, Optional, Union

from qgis.core import QgsProcessingException

from .. import credentials
from ..client.blocking_client import BlockingClient
from ..client.endpoint import Endpoint, parse_endpoint
from ..client.failures import ClientError
from ..errors import UserError, user_error
from ..server import state
from ..server.errors import ServerError
from ..settings import BACKEND_MODE, REMOTE, REMOTE_URL, Settings, qgis_settings
from ..state.remote import remote_endpoint
from ..state.starting import Launch, launch_installed, start_error
from .text import tr

EndpointSource = Callable[[], Optional[Endpoint]]
"""Asked from any thread; None where no backend runs."""
Reach = Union[Launch, Endpoint]
"""How to come to a backend where none is connected: start one, or ask the one on another machine."""


def reach_if_needed(endpoints: EndpointSource) -> Optional[Reach]:
    """Return how to come to a backend, or None where one is connected. Main thread: it reads settings and token.

    Raises:
        QgsProcessingException: there is none and none can be started; the sentence says what to do.
    """
    if endpoints() is not None:
        return None
    settings = qgis_settings()
    if settings.get(BACKEND_MODE) == REMOTE:
        return _elsewhere(settings)
    try:
        state.backend_python()
    except ServerError as error:
        raise as_exception(start_error(error)) from error
    return launch_installed


def _elsewhere(settings: Settings) -> Endpoint:
    """Return the server of the settings; its token comes from QGIS's authentication database."""
    try:
        token = credentials.read(credentials.server(settings.get(REMOTE_URL)))
        endpoint = remote_endpoint(settings, token)
    except ClientError as error:
        raise as_exception(user_error(error.problem)) from error
    if not token:
        raise QgsProcessingException(
            tr(
                "The token of the server on {} cannot be read from QGIS's authentication database; enter it in the "
                "Toposcope panel, and where QGIS runs without a window let QGIS_AUTH_PASSWORD_FILE name a file with "
                "the master password."
            ).format(endpoint.host)
        )
    return endpoint


@contextmanager
def client(endpoints: EndpointSource, reach: Optional[Reach]) -> Iterator[BlockingClient]:
    """Give a client of the running backend, or of one that ends with the block. Any thread; blocks while it starts.

    Raises:
        QgsProcessingException: it did not start, or a call in the block failed; the sentence says why.
    """
    started = None
    try:
        endpoint = endpoints()
        if endpoint is None:
            if reach is None:
                raise QgsProcessingException(tr("The backend was stopped meanwhile; run the algorithm again."))
            if isinstance(reach, Endpoint):
                endpoint = reach
            else:
                started = reach(lambda *_: None)
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
