"""What is installed and which environment is in use: two small JSON files, each replaced in one step.

`<environment>/toposcope.json` is the stamp: `incomplete` is written before anything else, `ready` after verification.
`<data>/current.json` points at the environment in use and the one before it. Switching is replacing this file.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator

from . import paths
from .errors import ServerError
from .text import translate

STAMP = "toposcope.json"


def write_json(path: Path, data: Dict[str, Any]) -> None:
    """Write `data` so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_json(path: Path) -> Dict[str, Any]:
    """Return the object in `path`; empty where there is no such file or it is not one JSON object."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def stamp(environment: Path) -> Dict[str, Any]:
    """Return the stamp of `environment`."""
    return read_json(environment / STAMP)


def is_ready(environment: Path) -> bool:
    """Say whether `environment` was verified and its interpreter is still there."""
    return stamp(environment).get("state") == "ready" and paths.interpreter(environment).exists()


def current() -> Dict[str, Any]:
    """Return what is in use: `python`, `environment` (empty for a Python of the user's own), `previous`, `folder`."""
    return read_json(paths.data_folder() / "current.json")


def environments_folder() -> Path:
    """Return the folder environments are built in: the default, or where the user moved them."""
    return Path(current().get("folder") or paths.data_folder() / "environments")


def switch(environment: Path) -> None:
    """Make `environment` the one in use, keeping the name of the one before it for `roll_back`."""
    before = current()
    old = before.get("environment", "")
    previous = before.get("previous", "") if old == str(environment) else old
    _point(str(paths.interpreter(environment)), str(environment), previous, str(environment.parent))


def switch_to_python(python: Path) -> None:
    """Use an existing interpreter; the environments stay where they are."""
    before = current()
    _point(str(python), "", before.get("environment") or before.get("previous", ""), before.get("folder", ""))


def _point(python: str, environment: str, previous: str, folder: str) -> None:
    data = {"python": python, "environment": environment, "previous": previous, "folder": folder}
    write_json(paths.data_folder() / "current.json", data)


def backend_python() -> Path:
    """Return the interpreter of the environment in use.

    Raises:
        ServerError: nothing is installed, or it was removed behind our back.
    """
    python = current().get("python", "")
    if not python:
        raise ServerError(
            "not-installed",
            translate("Server", "The backend is not installed yet."),
            translate("Server", "Install it from the Setup page."),
        )
    if not Path(python).exists():
        raise ServerError(
            "environment-gone",
            translate("Server", "The backend's Python is no longer at {path}.").format(path=python),
            translate("Server", "Choose Repair on the Setup page."),
        )
    return Path(python)


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Hold the installation for this process; the system lets go of it when the process ends, however it ends."""
    folder = paths.data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "install.lock").open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise ServerError(
                "busy",
                translate("Server", "Another window or command is installing the backend right now."),
                translate("Server", "Wait until it is done."),
            ) from None
        yield


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
