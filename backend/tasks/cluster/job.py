"""The cluster job: groups of places whose vectors are alike, and false colour."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.atomic import Batch, check_replaces_none, check_target
from backend.geo.class_rasters import Bytes, ClassRasters, Legend, write_classes
from backend.geo.pyramid import Form, write_pyramid
from backend.geo.raster import Window
from backend.protocol import codes
from backend.tasks.beside import check_own_name
from backend.tasks.table_classes import check_map, write_table_classes
from backend.tasks.vectors.field import VectorField
from backend.tasks.vectors.open import open_vectors
from backend.tasks.vectors.preview import false_colour
from backend.tasks.vectors.table import VectorTable
from backend.tasks.vectors_record import Run, add_vectors_record

from . import hdbscan, kmeans
from .groups import Groups
from .parameters import HDBSCAN, UMAP, ClusterParameters
from .sample import sample_of
from .umap_colours import SAMPLE as UMAP_SAMPLE
from .umap_colours import require_umap, umap_colour

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Places:
    """Where the files of a run go; `groups` is `.tif` for a raster, `.gpkg` or `.parquet` for a table."""

    groups: Path
    record: Path
    colours: Path | None = None

    def check(self, table: bool, name: str) -> None:
        """Raise OUTPUT_UNWRITABLE or PARAMETER_INVALID where one of them cannot be."""
        if table and self.colours:
            raise BadInput(codes.PARAMETER_INVALID, f"{name!r} is a table; false colour is for rasters of vectors.")
        check_map(self.groups, table)
        check_target(self.record, ".json")
        if self.colours:
            check_target(self.colours, ".tif")


def run_cluster(path: Path, parameters: ClusterParameters, places: Places, progress: Progress) -> dict[str, Any]:
    """Write the groups of the vectors at `path`, and their record, and return what is to be said: `groups`, `files`.

    Groups are found in a sample drawn by the seed and given to every vector piece by piece, so that memory does not
    grow with a raster. All files are written or none; `progress` may raise `Cancelled`.

    Raises:
        BadInput: PARAMETER_INVALID, OUTPUT_UNWRITABLE; as `open_vectors`, `kmeans` and `hdbscan`.
        Unavailable: TIER_MISSING for UMAP where it is not installed, DISK_FULL.
    """
    if parameters.colours == UMAP:
        require_umap()
    run = Run("cluster", asdict(parameters))
    with ExitStack() as stack, Batch() as batch:
        vectors = open_vectors(path)
        if not isinstance(vectors, VectorTable):
            stack.enter_context(vectors)
        places.check(isinstance(vectors, VectorTable), vectors.name)
        check_replaces_none((places.groups, places.record, places.colours), (path,))
        check_own_name((places.groups,))
        clock = time.perf_counter()
        groups = _groups(vectors, parameters, lambda percent, text: progress(0.2 * percent, text))
        finding = time.perf_counter() - clock
        counts = _written(batch, places, vectors, groups, lambda percent, text: progress(20 + 0.6 * percent, text))
        if places.colours and not isinstance(vectors, VectorTable):
            coloured: Progress = lambda percent, _: progress(80 + 0.2 * percent, "False colour")  # noqa: E731
            _colours(batch, places.colours, vectors, parameters, coloured)
        said = {"groups": _shares(groups, counts)}
        seconds = {"finding": finding, "total": time.perf_counter() - clock}
        add_vectors_record(batch, places.record, run, vectors, seconds, {**said, "seed": parameters.seed})
        files = list(batch.sha256)
    return {**said, "files": files}


def _groups(vectors: VectorField | VectorTable, parameters: ClusterParameters, progress: Progress) -> Groups:
    if parameters.method == HDBSCAN:
        return hdbscan.hdbscan(sample_of(vectors, hdbscan.SAMPLE, parameters.seed, progress), vectors.name)
    sample = sample_of(vectors, kmeans.SAMPLE, parameters.seed, progress)
    return kmeans.kmeans(sample, parameters.clusters, parameters.seed, vectors.name)


def _written(
    batch: Batch, places: Places, vectors: VectorField | VectorTable, groups: Groups, progress: Progress
) -> NDArray[np.int64]:
    if isinstance(vectors, VectorTable):
        found = groups.of(vectors.vectors.T)
        return write_table_classes(batch, places.groups, vectors, "cluster", groups.names, found, column="group")
    width = vectors.identity.width

    def values(window: Window) -> tuple[Bytes, Bytes]:
        found = groups.of(vectors.read(window).reshape(width, -1)).reshape(window.height, window.width)
        return found, found

    out = ClassRasters(places.groups, tags={"TOPOSCOPE_TASK": "cluster", **vectors.identity.tags})
    return write_classes(batch, out, vectors.grid, Legend(groups.names, groups.colours), values, progress, width)


def _colours(batch: Batch, out: Path, field: VectorField, parameters: ClusterParameters, progress: Progress) -> None:
    if parameters.colours == UMAP:
        sample = sample_of(field, UMAP_SAMPLE, parameters.seed, progress)
        values = umap_colour(field, sample, parameters.seed)
    else:
        values = false_colour(field)
    form = Form(("red", "green", "blue"), "uint8", nodata=0, tags={"TOPOSCOPE_TASK": "cluster", **field.identity.tags})
    batch.write(out, lambda path: write_pyramid(path, field.grid, form, values, progress))


def _shares(groups: Groups, counts: NDArray[np.int64]) -> list[dict[str, Any]]:
    total = max(int(counts.sum()), 1)
    return [
        {"value": value, "name": name, "colour": colour, "share": round(count / total, 6)}
        for value, (name, colour, count) in enumerate(zip(groups.names, groups.colours, counts.tolist(), strict=True))
    ]
