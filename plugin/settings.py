"""What the plugin remembers: one table. Tokens are not here, they live in QGIS's authentication database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, Protocol, Tuple

PREFIX = "toposcope/"
LOCAL, REMOTE = "local", "remote"


@dataclass(frozen=True)
class Setting:
    """One remembered value. The type of `default` is the type of the value; `choices` limits a text."""

    key: str
    default: Any
    choices: Tuple[str, ...] = ()


BACKEND_MODE = Setting("backend/mode", LOCAL, (LOCAL, REMOTE))
"""A local backend runs in the environment or with the Python that `plugin/server` has on record."""
REMOTE_URL = Setting("backend/url", "")
CA_FILE = Setting("backend/ca_file", "")
"""The only certificates trusted for `REMOTE_URL`, a PEM file; empty: those this computer trusts."""
DEVICE = Setting("backend/device", "auto", ("auto", "cpu", "cuda"))
LAST_MODEL = Setting("segment/model", "")
OUTLINE = Setting("segment/outline", {})
HOVER = Setting("segment/hover", True)
GROUND_MODEL = Setting("ground/model", "")
GROUND = Setting("ground/models", {})
"""By model the parameters that were set to something else than its default."""
PHRASES = Setting("ground/phrases", [])
"""Lines of phrases that were searched for, newest first."""
RESULTS_FOLDER = Setting("ground/folder", "")
"""Where results of searches go; empty: they stay in Toposcope's own folder."""
PLACES_MODEL = Setting("places/model", "")
PLACES_FOLDER = Setting("places/folder", "")
EMBED_MODEL = Setting("embed/model", "")
EMBED = Setting("embed/models", {})
"""By model the parameters that were set to something else than its default."""
EMBED_FOLDER = Setting("embed/folder", "")
"""Where embeddings and what is made of them go; empty: they stay in Toposcope's own folder."""
ASK_PHRASES = Setting("embed/phrases", [])
"""Phrases that embeddings were asked for, newest first."""
ASK_OPACITY = Setting("embed/opacity", 0.7)
GENERATE_MODEL = Setting("generate/model", "")
GENERATE = Setting("generate/models", {})
"""By model the parameters that were set to something else than its default."""
GENERATE_RATE = Setting("generate/rate", {})
"""By model and device the seconds that a window took for a step."""
CHANGE_MODEL = Setting("change/model", "")
CHANGE = Setting("change/models", {})
"""By model the parameters that were set to something else than its default."""
CHANGE_LIKE = Setting("change/like", {})
"""By a person's own class what it is like of those a painter knows."""
CHANGE_FOLDER = Setting("change/folder", "")
DETECT_MODELS = Setting("detect/models", {})
"""By method the model that was chosen for it."""
DETECT = Setting("detect/parameters", {})
DETECT_FOLDER = Setting("detect/folder", "")
PANEL_WIDTH = Setting("panel/width", 0)
"""Pixels; 0 until the panel was opened once."""
LICENCES = Setting("models/licences", [])
"""Models whose unclear licence was told."""

ALL = (
    BACKEND_MODE, REMOTE_URL, CA_FILE, DEVICE, LAST_MODEL, OUTLINE, HOVER,
    GROUND_MODEL, GROUND, PHRASES, RESULTS_FOLDER, PLACES_MODEL, PLACES_FOLDER, LICENCES, PANEL_WIDTH,
    GENERATE_MODEL, GENERATE, GENERATE_RATE,
    CHANGE_MODEL, CHANGE, CHANGE_LIKE, CHANGE_FOLDER, DETECT_MODELS, DETECT, DETECT_FOLDER,
)  # fmt: skip


class Store(Protocol):
    """The two methods of `QgsSettings` that are used."""

    def value(self, key: str, default: Any) -> Any:
        """Return what was kept under `key`."""

    def setValue(self, key: str, value: Any) -> None:
        """Keep a value."""


class Settings:
    """Reads and writes the settings of the table. A kept value that is not allowed (any more) reads as the default."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, setting: Setting) -> Any:
        """Return a setting's value."""
        text = self._store.value(PREFIX + setting.key, None)
        if text is None:
            return setting.default
        try:
            value = json.loads(text)
        except (TypeError, ValueError):
            return setting.default
        return value if _allowed(setting, value) else setting.default

    def set(self, setting: Setting, value: Any) -> None:
        """Remember a value.

        Raises:
            ValueError: it is of the wrong type or not one of the choices.
        """
        if not _allowed(setting, value):
            raise ValueError(f"{setting.key} cannot be {value!r}")
        self._store.setValue(PREFIX + setting.key, json.dumps(value))

    def update(self, setting: Setting, values: Dict[str, Any]) -> None:
        """Remember these of a table's values, beside the others it has."""
        self.set(setting, {**self.get(setting), **values})


def qgis_settings() -> Settings:
    """Return the settings kept in the user's QGIS profile."""
    from qgis.core import QgsSettings

    return Settings(QgsSettings())


def _allowed(setting: Setting, value: Any) -> bool:
    return type(value) is type(setting.default) and (not setting.choices or value in setting.choices)
