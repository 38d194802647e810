"""uv, where it is needed: to fetch an interpreter on machines without one, and torch builds by CUDA version."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Dict, List

from . import paths, pip_config, process, python_finder
from .errors import InstallCancelled, ServerError
from .process import Feedback
from .text import translate

FETCHED = "3.12"
_NAME = "uv.exe" if sys.platform == "win32" else "uv"


def find() -> str:
    """Return the uv program that is already here: on PATH, in its usual places, or our own; empty where none is."""
    home = Path.home()
    own = paths.interpreter(_own()).with_name(_NAME)
    places = [home / ".local/bin" / _NAME, home / ".cargo/bin" / _NAME, own]
    return shutil.which("uv") or next((str(place) for place in places if place.is_file()), "")


def can_be_had() -> bool:
    """Say whether uv is here or some Python could install it."""
    return bool(find() or _any_python())


def get(feedback: Feedback) -> str:
    """Return the uv program, installing it from its pinned wheel into a private environment where it is missing."""
    found = find()
    if found:
        return found
    builder, beside = _any_python(), _own().with_name("uv.partial")
    shutil.rmtree(beside, ignore_errors=True)
    process.run([builder, "-m", "venv", str(beside)], feedback)
    lock = str(paths.REQUIREMENTS / "uv.txt")
    install = ["-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    process.run([str(paths.interpreter(beside)), *install], feedback)
    shutil.rmtree(_own(), ignore_errors=True)
    beside.replace(_own())
    return find()


def fetch_python(feedback: Feedback) -> str:
    """Download a standalone CPython into the data folder and return its path."""
    feedback.log(translate("Server", "Fetching Python {version}").format(version=FETCHED))
    folder = paths.data_folder() / "python"
    env = environment(python_finder.bundled(), UV_PYTHON_INSTALL_DIR=str(folder))
    try:
        process.run([get(feedback), "python", "install", "--no-bin", FETCHED], feedback, env)
    except InstallCancelled:
        raise
    except ServerError as error:
        sentence = translate("Server", "No suitable Python is here, and fetching one failed: {why}")
        action = python_finder.none_found([]).action
        raise ServerError("no-python", sentence.format(why=error.sentence), action) from error
    names: List[str] = ["python.exe", "bin/python3"]
    found = [path for name in names for path in sorted(folder.glob(f"cpython-{FETCHED}*/{name}"))]
    if not found:
        raise python_finder.none_found([])
    return str(found[-1])


def environment(python: str, **extra: str) -> Dict[str, str]:
    """Return a clean environment in which uv sees what pip of `python` is configured with."""
    settings = pip_config.uv_environment(pip_config.read(python) if python else {})
    chosen = {key: value for key, value in settings.items() if key not in os.environ}
    return process.clean_environment(**chosen, **cache(), **extra)


def cache() -> Dict[str, str]:
    """Return the variables that keep downloads and temporary files on the data folder's own volume."""
    folder = paths.data_folder() / "cache"
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    return {
        "UV_CACHE_DIR": str(folder / "uv"),
        "PIP_CACHE_DIR": str(folder / "pip"),
        "TMPDIR": str(temporary),
        "TEMP": str(temporary),
        "TMP": str(temporary),
    }


def _any_python() -> str:
    """Return a Python of any version that can make an environment for uv."""
    probe = "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 8))"
    for path in [*python_finder.candidates(), python_finder.bundled()]:
        if path and process.capture([path, "-I", "-c", probe])[0] == 0:
            return path
    return ""


def _own() -> Path:
    return paths.data_folder() / "tools" / "uv"
