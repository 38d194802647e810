"""Names of results: they come from the backend, with sub-folders, and stay within the folder they are put into."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Tuple


def inside(name: str) -> Tuple[str, ...]:
    """Return the parts of a result's name, with those of sub-folders, that stay within its folder."""
    path = PureWindowsPath(name)  # which knows both kinds of separators
    return tuple(part for part in path.parts if part not in ("..", path.anchor))
