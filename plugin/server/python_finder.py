"""Finds an interpreter to build the backend's environment with. Every candidate is really run.

`sys.executable` is never taken: inside QGIS it is the QGIS program itself or whatever `python3` is first on PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

from . import process
from .errors import ServerError
from .text import translate

OLDEST, NEWEST = (3, 11), (3, 13)
OLDEST_GLIBC = (2, 28)
PROBE = """
import json, platform, struct, sys
try:
    import ensurepip, venv
    venv = True
except ImportError:
    venv = False
print(json.dumps({"implementation": sys.implementation.name, "version": list(sys.version_info[:3]),
    "bits": struct.calcsize("P") * 8, "machine": platform.machine(), "venv": venv, "libc": platform.libc_ver(),
    "executable": sys.executable, "prefix": sys.prefix, "base": sys.base_prefix}))
"""


@dataclass(frozen=True)
class Python:
    """An interpreter that answered. `why_not` is empty where the backend's environment can be built with it."""

    path: str
    version: Tuple[int, ...] = ()
    machine: str = ""
    why_not: str = ""

    @property
    def minor(self) -> str:
        """Return the version as in `3.11`."""
        return ".".join(str(part) for part in self.version[:2])


def probe(path: str) -> Python:
    """Run the interpreter at `path` and say what it is and whether it will do."""
    status, output = process.capture([path, "-I", "-c", PROBE])
    try:
        facts = json.loads(output.splitlines()[-1])
        version = tuple(facts["version"])
    except (ValueError, IndexError, KeyError, TypeError):
        return Python(path, why_not=translate("Server", "it does not run ({status})").format(status=status))
    return Python(path, version, facts["machine"], _why_not(facts, version))


def _why_not(facts: Dict[str, Any], version: Tuple[int, ...]) -> str:
    if facts["implementation"] != "cpython":
        return translate("Server", "it is not CPython")
    if not OLDEST <= version[:2] <= NEWEST:
        return translate("Server", "it is {version}, not 3.11 to 3.13").format(version=".".join(map(str, version)))
    if facts["bits"] != 64:
        return translate("Server", "it is a 32-bit program")
    if not facts["venv"]:
        return translate("Server", "it has no venv (on Debian or Ubuntu install python3-venv)")
    name, number = facts["libc"]
    if name == "glibc" and tuple(int(part) for part in number.split(".")[:2]) < OLDEST_GLIBC:
        return translate("Server", "its system is too old (glibc {number}, 2.28 is needed)").format(number=number)
    return ""


def candidates(chosen: str = "") -> List[str]:
    """Return the paths to try, best first: the user's choice alone, else everything known on this machine."""
    chosen = chosen or os.environ.get("TOPOSCOPE_PYTHON", "")
    if chosen:
        return [chosen]
    found = (path for path in _known() if Path(path).is_file())
    return list(dict.fromkeys(found))


def _known() -> Iterator[str]:
    if sys.platform == "win32":
        yield from _py_launcher()
        yield from (
            str(p) for p in Path(os.environ.get("LOCALAPPDATA", "")).glob("Programs/Python/Python31*/python.exe")
        )
    else:
        yield "/usr/bin/python3"
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        yield shutil.which(name) or ""
    if sys.platform == "darwin":
        for minor in ("3.13", "3.12", "3.11"):
            yield f"/opt/homebrew/bin/python{minor}"
            yield f"/usr/local/bin/python{minor}"
            yield f"/Library/Frameworks/Python.framework/Versions/{minor}/bin/python3"
    yield bundled()


def _py_launcher() -> Iterator[str]:
    launcher = shutil.which("py")
    if not launcher:
        return
    for minor in ("3.13", "3.12", "3.11"):
        status, output = process.capture([launcher, f"-{minor}", "-I", "-c", "import sys; print(sys.executable)"])
        if status == 0:
            yield output.splitlines()[-1]


def bundled() -> str:
    """Return QGIS's own interpreter (not the QGIS program), used only to build; empty where there is none."""
    names = ("python.exe", "python3.exe") if sys.platform == "win32" else ("bin/python3",)
    places = [Path(sys.prefix, name) for name in names]
    return next((str(place) for place in places if place.is_file()), "")


def search(chosen: str = "") -> Tuple[Optional[Python], List[Python]]:
    """Return the first interpreter that will do, and those tried before it."""
    tried: List[Python] = []
    for path in candidates(chosen):
        python = probe(path)
        if not python.why_not:
            return python, tried
        tried.append(python)
    return None, tried


def none_found(tried: List[Python]) -> ServerError:
    """Return the error for a machine where no candidate will do."""
    reasons = "; ".join(f"{python.path}: {python.why_not}" for python in tried)
    sentence = translate("Server", "No Python 3.11 to 3.13 was found to run the backend with.")
    return ServerError(
        "no-python",
        f"{sentence} ({reasons})" if reasons else sentence,
        translate(
            "Server", "Install Python 3.12 (on Debian or Ubuntu: python3-venv), or choose one on the Setup page."
        ),
    )
