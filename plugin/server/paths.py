"""Where the installation lives. The data folder follows the same rule as the backend's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIREMENTS = ROOT / "backend" / "requirements"


def data_folder() -> Path:
    """Return the data folder: `TOPOSCOPE_HOME`, else the platform's place for a user's application data."""
    chosen = os.environ.get("TOPOSCOPE_HOME")
    if chosen:
        return Path(chosen).absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Toposcope"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Toposcope"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "toposcope"


def logs_folder() -> Path:
    """Return the folder of log files."""
    return data_folder() / "logs"


def interpreter(environment: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def program_version() -> str:
    """Return the plugin's version as metadata.txt has it."""
    for line in (ROOT / "metadata.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("version="):
            return line.split("=", 1)[1].strip()
    return "0"
