"""Which local backend to start, and the errors of starting as a person sees them."""

from __future__ import annotations

from typing import Callable, List

from qgis.PyQt.QtCore import QCoreApplication

from ..client.failures import ClientError
from ..errors import BACKEND_NOT_STARTED, UserError, own_error, user_error
from ..server import launcher, state
from ..server.errors import ServerError
from ..server.launcher import Backend

OnExit = Callable[[int, List[str]], None]
Launch = Callable[[OnExit], Backend]
NOT_INSTALLED_CODES = ("not-installed", "environment-gone")


def launch_installed(on_exit: OnExit) -> Backend:
    """Start the backend that is installed and return it once it listens; blocks, may run on any thread.

    Raises:
        ServerError: nothing is installed, or it does not start.
    """
    return launcher.start(state.backend_python(), on_exit)


def start_error(error: Exception) -> UserError:
    """Return what to show when a backend could not be started or installed."""
    if isinstance(error, ServerError):
        title = QCoreApplication.translate("Errors", "The backend does not start")
        return UserError(title, error.sentence, error.action, code=error.code)
    if isinstance(error, ClientError):
        return user_error(error.problem)
    return own_error(BACKEND_NOT_STARTED, f"{type(error).__name__}: {error}")
