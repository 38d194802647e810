"""Pictures to vectors: every place of an image, its chips, or the images of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from backend.errors import BadInput
from backend.geo.atomic import write_bytes
from backend.geo.raster import Grid, Window
from backend.geo.reader import SourceReader
from backend.geo.write_parquet import write_parquet
from backend.models.embedder import DenseEmbedder, Embedder
from backend.protocol import codes
from backend.protocol.source import Source

from .mosaic import STRIDE, mosaic

Progress = Callable[[float, str], None]
PICTURES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".webp")


def embed_dense(reader: SourceReader, model: DenseEmbedder, out: Path, progress: Progress) -> None:
    """Write a GeoTIFF of float32 features, one vector for every 4 x 4 pixels; NaN where there is no data.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE, or as `SourceReader.read`.
    """
    features = mosaic(reader, model.input_size, model.dense, progress)
    write_raster(out, features, coarser(reader.grid, features.shape[1:]))


def coarser(grid: Grid, shape: tuple[int, ...]) -> Grid:
    """Return the grid of cells of 4 x 4 pixels."""
    return Grid(shape[1], shape[0], grid.transform @ Affine.scale(STRIDE), grid.crs)


def write_raster(out: Path, bands: NDArray[np.generic], grid: Grid, names: tuple[str, ...] = ()) -> None:
    """Write (bands, rows, columns) on `grid`; float bands have NaN as no data."""
    profile = {
        "driver": "GTiff", "dtype": bands.dtype.name, "count": len(bands), "width": grid.width, "height": grid.height,
        "crs": grid.crs or None, "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate",
        "bigtiff": "if_safer",
    }  # fmt: skip
    if not grid.transform.is_identity or grid.crs:
        profile["transform"] = grid.transform
    if bands.dtype.kind == "f":
        profile |= {"nodata": float("nan"), "predictor": 3}
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            dataset.write(bands)
            for index, name in enumerate(names, start=1):
                dataset.set_band_description(index, name)
        write_bytes(out, bytes(memory.getbuffer()))


def embed_chips(reader: SourceReader, model: Embedder, out: Path, size: int, stride: int, progress: Progress) -> int:
    """Write a row a chip: `column`, `row`, `x`, `y` (its centre in the CRS), `embedding` and the scales' weights.

    Chips without a single pixel of data are left out. Return how many there are.
    """
    if not (size >= 8 and stride >= 1):
        raise BadInput(codes.PARAMETER_INVALID, "Chips are at least 8 pixels wide, and their stride at least 1.")
    if size > min(reader.grid.width, reader.grid.height):
        raise BadInput(codes.PARAMETER_INVALID, f"A chip of {size} pixels is larger than {reader.name!r}; use less.")
    places = [(c, r) for r in range(0, reader.grid.height - size + 1, stride)
              for c in range(0, reader.grid.width - size + 1, stride)]  # fmt: skip
    rows = list(_chips(reader, model, places, size, progress))
    if not rows:
        raise BadInput(codes.NO_VALID_PIXELS, f"{reader.name!r} has no data in any chip.")
    corners = np.array([place for place, _, _ in rows], np.int64)
    centres = [reader.grid.transform @ (c + size / 2, r + size / 2) for c, r in corners]
    write_parquet(
        out,
        {
            "column": corners[:, 0].copy(),
            "row": corners[:, 1].copy(),
            "x": np.array([x for x, _ in centres]),
            "y": np.array([y for _, y in centres]),
            "embedding": np.stack([vector for _, vector, _ in rows]),
            **_gates([gate for _, _, gate in rows]),
        },
    )
    return len(rows)


Row = tuple[tuple[int, int], NDArray[np.float32], NDArray[np.float32]]


def _chips(
    reader: SourceReader, model: Embedder, places: list[tuple[int, int]], size: int, progress: Progress
) -> Iterator[Row]:
    for index, (column, row) in enumerate(places):
        progress(100 * index / len(places), f"Chip {index + 1} of {len(places)}")
        try:
            crop = reader.read(Window(column, row, size, size))
        except BadInput as error:
            if error.code != codes.NO_VALID_PIXELS:
                raise
            continue
        yield (column, row), *model.embed(crop.image, crop.valid)


def embed_folder(folder: Path, model: Embedder, out: Path, progress: Progress) -> int:
    """Write a row an image below `folder`: `path` relative to it, `embedding` and the scales' weights; count them."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES and p.is_file())
    if not paths:
        raise BadInput(codes.SOURCE_MISSING, f"There are no images in {folder.name!r}; give a folder that has some.")
    vectors, gates = [], []
    for index, path in enumerate(paths):
        progress(100 * index / len(paths), path.name)
        with SourceReader(Source(path=str(path.absolute())), path.absolute()) as reader:
            crop = reader.read(Window(0, 0, reader.grid.width, reader.grid.height))
        vector, gate = model.embed(crop.image, crop.valid)
        vectors.append(vector)
        gates.append(gate)
    names = [path.relative_to(folder).as_posix() for path in paths]
    write_parquet(out, {"path": names, "embedding": np.stack(vectors), **_gates(gates)})
    return len(paths)


def _gates(gates: list[NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    return {"scales": np.stack(gates)} if gates[0].size else {}
