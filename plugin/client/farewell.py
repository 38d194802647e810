"""Calls whose answer nobody waits for, and that must arrive although their client is being closed."""

from __future__ import annotations

import logging
import threading
from typing import Any, Sequence

from .blocking_client import BlockingClient
from .calls import Call
from .endpoint import Endpoint
from .failures import ClientError

_log = logging.getLogger("toposcope")


def send_and_forget(endpoint: Endpoint, calls: Sequence[Call[Any]]) -> threading.Thread:
    """Send calls one after the other on a thread of their own, which ends with the last; a failure is only logged.

    The thread is a daemon: leaving QGIS does not wait for it.
    """
    thread = threading.Thread(target=_send, args=(BlockingClient(endpoint), calls), name="toposcope", daemon=True)
    thread.start()
    return thread


def _send(client: BlockingClient, calls: Sequence[Call[Any]]) -> None:
    for call in calls:
        try:
            client.send(call)
        except ClientError as error:
            _log.info("%s %s was not done: %s", call.method, call.path, error)
