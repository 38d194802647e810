"""Where Toposcope keeps its data on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Return the data folder: `TOPOSCOPE_HOME`, else the platform's place for a user's application data."""
    chosen = os.environ.get("TOPOSCOPE_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Toposcope"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Toposcope"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "toposcope"


def models_folder() -> Path:
    """Return the folder of downloaded and imported weights."""
    return data_folder() / "models"


def runs_folder() -> Path:
    """Return the folder that holds one folder a job."""
    return data_folder() / "runs"


def cache_folder() -> Path:
    """Return the folder of what can be made anew at any time, and deleted."""
    return data_folder() / "cache"


def logs_folder() -> Path:
    """Return the folder of log files."""
    return data_folder() / "logs"
