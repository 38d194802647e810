"""A vector a picture of a folder: `V.parquet`, its STAC item."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import shapely

from backend.errors import BadInput
from backend.geo.atomic import Batch, check_target
from backend.geo.raster import Window
from backend.models.embedder import Embedder
from backend.protocol import codes
from backend.tasks.beside import check_own_name
from backend.tasks.vectors.about import About
from backend.tasks.vectors.identity import Identity
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors.write_table import write_table

from .pixels import Reader, Seen, SourcePixels
from .places import PARQUET
from .threads import ahead

PICTURES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".webp")
READ_AHEAD = 4


def embed_folder(
    folder: Path,
    model: Embedder,
    identity: Identity,
    about: About,
    out: Path,
    opened: Callable[[Path], Reader],
    progress: Callable[[float, str], None],
) -> int:
    """Write a row a picture below `folder`, in the order of their names, and return how many there are.

    `opened` opens one. Columns are `path`, relative to the folder, `embedding`, and `scales` if the model weighs them.

    Raises:
        BadInput: SOURCE_MISSING where there are none, OUTPUT_UNWRITABLE, or as reading.
        Unavailable: DISK_FULL.
    """
    check_target(out, PARQUET)
    check_own_name((out,))
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
    if not paths:
        raise BadInput(codes.SOURCE_MISSING, f"There are no images in {folder.name!r}; give a folder that has some.")

    def read(path: Path) -> Seen | None:
        with opened(path) as reader:
            return SourcePixels(reader).read(Window(0, 0, reader.grid.width, reader.grid.height))

    vectors, weights = [], []
    with closing(ahead(paths, read, READ_AHEAD)) as coming:
        for index, (path, seen) in enumerate(coming):
            progress(100 * index / len(paths), path.name)
            if seen is None:
                raise BadInput(codes.NO_VALID_PIXELS, f"{path.name!r} has no data; take it out of the folder.")
            vector, scales = model.embed(seen.image, seen.valid)
            vectors.append(vector)
            weights.append(scales)
    names = [path.relative_to(folder).as_posix() for path in paths]
    nowhere = np.array([shapely.Point()] * len(names), np.object_)
    table = VectorTable(np.stack(vectors), nowhere, "", names, identity, out.name, ())
    with Batch() as batch:
        write_table(batch, out, table, about, {"scales": np.stack(weights)} if weights[0].size else {})
    return len(names)
