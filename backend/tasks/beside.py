"""What tells of a file lies beside it under its name: `O.run.json`, and `O.item.json` of vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from backend.errors import BadInput
from backend.protocol import codes

SIDECARS = (".run.json", ".item.json")


def check_own_name(outputs: Iterable[Path | None], task: str = "") -> None:
    """Raise OUTPUT_UNWRITABLE where what lies beside an output under its name tells of other files than `outputs`.

    So `E.gpkg` is not written beside `E.tif`, whose record it would replace; a run that is made again is. Where the
    `task` is said, a result of another one is not replaced either.
    """
    written = [path for path in outputs if path]
    names = {path.name for path in written}
    for path in written:
        for sidecar in (path.with_suffix(suffix) for suffix in SIDECARS):
            if not sidecar.exists():
                continue
            found = _read(sidecar)
            if not names & _told(found):
                detail = f"{sidecar.name!r:.80} tells of another file than {path.name!r:.80}; choose another name."
                raise BadInput(codes.OUTPUT_UNWRITABLE, detail)
            if task and found.get("task", task) != task:
                detail = f"{path.name!r:.80} is a result of {found['task']!r:.40}; choose another name."
                raise BadInput(codes.OUTPUT_UNWRITABLE, detail)


def _read(sidecar: Path) -> dict[str, Any]:
    """Return what a file of JSON holds; nothing where it is no object."""
    try:
        found: Any = json.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _told(found: Mapping[str, Any]) -> set[str]:
    """Return the names of the files that a run record or a STAC item tells of; none where it is neither."""
    match found:
        case {"outputs": list(files)}:
            return {str(file["name"]) for file in files if isinstance(file, dict) and "name" in file}
        case {"assets": dict(assets)}:
            hrefs = [str(asset["href"]) for asset in assets.values() if isinstance(asset, dict) and "href" in asset]
            return {unquote(href).removeprefix("./") for href in hrefs}
    return set()
