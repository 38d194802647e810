"""Where a region is written, and how much room is there."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..gis.refused import Refused, tr
from ..server.paths import data_folder
from ..state.backend import Backend
from ..state.keeping import check_folder


def check_output(output: str) -> None:
    """Raise `Refused` where a file cannot be written, or is there already; an empty name is Toposcope's own folder."""
    if not output:
        return
    path = Path(output)
    if path.exists():
        raise Refused(tr("“{}” is there already; choose another name.").format(path.name))
    check_folder(path.parent)


def free_bytes(backend: Backend, output: str) -> float:
    """Return the bytes free where a region is made, 0 where that is not known."""
    if not backend.local:
        capabilities = backend.connection.capabilities
        return float(capabilities.disk_free) if capabilities else 0.0
    place = Path(output).parent if output else data_folder()
    try:
        return float(shutil.disk_usage(place).free)
    except OSError:
        return 0.0
