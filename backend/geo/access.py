"""Open a raster safely: a file on disk, one of a few drivers, no indirection to other files or hosts."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NodataShadowWarning, NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader

from backend.errors import BadInput
from backend.protocol import codes

DRIVERS = ("GTiff", "JP2OpenJPEG", "PNG", "JPEG", "WEBP", "GPKG", "HFA", "ENVI")
MAX_VALUES = 2**42
"""Most width x height x bands: a million pixels a side and four bands."""
MAX_BLOCK_BYTES = 2**30
"""Most bytes of one block: GDAL holds a whole block in memory to read one pixel of it."""

CACHE_BYTES = 64 * 2**20
"""What GDAL keeps of rasters read and written; left to itself it takes 5 % of the machine's memory."""

# TRUE, not EMPTY_DIR: sidecars such as .aux.xml (a georeference may live there) are still found by name.
_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
}
# For good, as catch_warnings is not safe with threads: all are ordinary here.
for _category in (NotGeoreferencedWarning, NodataShadowWarning):
    warnings.filterwarnings("ignore", category=_category)
# An image without a georeference has no CRS, nor has what is found in it.
warnings.filterwarnings("ignore", message="'crs' was not provided")

_PNG = b"\x89PNG\r\n\x1a\n"
_SIDECARS = (".ovr", ".msk", ".aux")


@dataclass(frozen=True)
class FileState:
    """What tells one content of a file from the next."""

    modified_ns: int
    size: int
    inode: int


def file_state(path: Path) -> FileState:
    """Return the state of `path` now. Raises OSError."""
    found = path.stat()
    return FileState(found.st_mtime_ns, found.st_size, found.st_ino)


@contextmanager
def gdal_environment(cache_bytes: int = CACHE_BYTES) -> Iterator[None]:
    """Read within this: GDAL's options are set for the thread and put back after."""
    with rasterio.Env(**{**_OPTIONS, "GDAL_CACHEMAX": cache_bytes}):
        yield


def checked_path(path: str | Path, roots: Sequence[Path] | None = None) -> Path:
    """Return the file `path` names, links resolved.

    Raises:
        BadInput: SOURCE_REFUSED for anything but an absolute path to a file under one of `roots` (None = anywhere),
            SOURCE_MISSING where there is none.
    """
    text = os.fspath(path)
    if not text or "\0" in text:
        raise BadInput(codes.SOURCE_REFUSED, "The source has no path; choose a raster file.")
    if text.replace("\\", "/").lstrip("/").lower().startswith("vsi") and text[0] in "/\\":
        raise BadInput(codes.SOURCE_REFUSED, f"{text!r} is one of GDAL's virtual paths; only files on disk are read.")
    if "://" in text or "<vrtdataset" in text.lower() or not Path(text).is_absolute():
        raise BadInput(codes.SOURCE_REFUSED, f"{text[:80]!r} is not the absolute path of a file; give one.")
    try:
        real = Path(text).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise BadInput(codes.SOURCE_MISSING, f"There is no file {Path(text).name!r:.80} at the path given.") from error
    if roots is not None and not any(real.is_relative_to(root.resolve()) for root in roots):
        raise BadInput(codes.SOURCE_REFUSED, f"{real.name!r} lies outside the folders this server may read.")
    return real


def open_source(path: str | Path, roots: Sequence[Path] | None = None) -> Any:
    """Return the rasterio dataset at `path`, opened read-only and checked.

    Raises:
        BadInput: SOURCE_REFUSED, SOURCE_MISSING, SOURCE_UNREADABLE or SOURCE_TOO_LARGE.
    """
    real = checked_path(path, roots)
    _check_content(real)
    with gdal_environment():
        try:
            # rasterio.open takes one driver only; its class takes the list of those allowed.
            dataset = DatasetReader(str(real), driver=list(DRIVERS))
        except (RasterioError, OSError, ValueError) as error:
            raise unreadable(real.name, "it is not a raster of a kind that is read, or it is damaged") from error
        try:
            _check_dataset(dataset, real)
        except BaseException:
            dataset.close()
            raise
    return dataset


def unreadable(name: str, why: str) -> BadInput:
    """Return the error for a file that is there and cannot be read."""
    return BadInput(codes.SOURCE_UNREADABLE, f"{name!r} cannot be read: {why}.")


def _check_content(path: Path) -> None:
    if not path.is_file():
        raise unreadable(path.name, "it is not a file")
    try:
        head = _head(path)
        sidecars = [path.with_name(path.name + suffix) for suffix in _SIDECARS]
        heads = [head, *(_head(sidecar) for sidecar in sidecars if sidecar.is_file())]
    except OSError as error:
        raise unreadable(path.name, error.strerror or "the system refused") from error
    if not head:
        raise unreadable(path.name, "it is empty (0 bytes)")
    if head.startswith(_PNG) and b"IEND" not in _tail(path):  # which GDAL would read as if all were well
        raise unreadable(path.name, "it is cut off")
    if path.suffix.lower() == ".vrt" or any(b"<vrtdataset" in part.lower() for part in heads):
        raise BadInput(
            codes.SOURCE_REFUSED,
            f"{path.name!r} is a virtual raster (VRT), which may point at any file; save it as GeoTIFF first.",
        )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(65536, path.stat().st_size), os.SEEK_END)
        return file.read()


def _check_dataset(dataset: Any, path: Path) -> None:
    name = path.name
    if dataset.count == 0 or "complex" in "".join(dataset.dtypes):
        raise unreadable(name, "it holds no bands of real numbers")
    if dataset.tags(ns="OVERVIEWS").get("OVERVIEW_FILE"):
        raise BadInput(codes.SOURCE_REFUSED, f"{name!r} refers to overviews in another file; save it as GeoTIFF first.")
    if not all(Path(os.path.normpath(file)).is_relative_to(path.parent) for file in dataset.files):
        raise BadInput(codes.SOURCE_REFUSED, f"{name!r} refers to a file in another folder; save it as GeoTIFF first.")
    if dataset.width * dataset.height * dataset.count > MAX_VALUES:
        size = f"{dataset.width} x {dataset.height} pixels in {dataset.count} bands"
        raise BadInput(codes.SOURCE_TOO_LARGE, f"{name!r} says it has {size}, more than can be read; cut it first.")
    for (rows, columns), dtype in zip(dataset.block_shapes, dataset.dtypes, strict=True):
        if rows * columns * np.dtype(dtype).itemsize > MAX_BLOCK_BYTES:
            raise BadInput(codes.SOURCE_TOO_LARGE, f"{name!r} is stored in one huge block; save it as tiled GeoTIFF.")
