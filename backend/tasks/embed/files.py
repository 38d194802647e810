"""Arrays as files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.geo.atomic import write_error


def write_array(path: Path, values: NDArray[Any], durable: bool = True) -> None:
    """Make `path` a NumPy file; unless `durable`, one that need not survive a crash. Raises DISK_FULL, as `atomic`."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    whole = np.ascontiguousarray(values)
    try:
        with beside.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(whole))
            file.write(whole.data)  # np.save says "n written" where the disk is full, and no error number
            if durable:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        beside.unlink(missing_ok=True)
