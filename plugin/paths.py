"""Where the plugin's own files lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The plugin's folder: `backend/`, `plugin/`, `resources/` and `i18n/` lie in it."""
RESOURCES = ROOT / "resources"
TRANSLATIONS = ROOT / "i18n"
