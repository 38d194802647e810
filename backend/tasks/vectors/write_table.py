"""Vectors of places that lie on no grid, as everyone writes them: `C.parquet`, `C.item.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely

from backend.geo.atomic import Batch
from backend.geo.write_parquet import Column, parquet_bytes, write_geoparquet

from .about import CHIP, About
from .stac import PARQUET, Asset, item
from .table import VectorTable
from .write_field import add_item

NONE: Mapping[str, Column] = MappingProxyType({})


def write_table(
    batch: Batch, out: Path, table: VectorTable, about: About, columns: Mapping[str, Column] = NONE
) -> None:
    """Add `table` and its STAC item to `batch`: GeoParquet where there is a geometry, else plain Parquet.

    Its columns are `id` (`path` where there is no geometry), those of `columns`, (n,) numbers or texts or (n, k)
    float32, and `embedding`, unit float32 as given; then `geometry` and `bbox`. The `emb` footer is what the item says
    of the asset. Rows with geometries are put in Hilbert order. The run record, `out`.run.json, is the caller's.

    Raises:
        Unavailable: DISK_FULL.
        BadInput: OUTPUT_UNWRITABLE.
    """
    placed = not shapely.is_empty(table.geometries).all()
    written: dict[str, Column] = {"id" if placed else "path": list(table.ids), **columns}
    written["embedding"] = np.asarray(table.vectors, np.float32)
    bounds = tuple(float(side) for side in shapely.total_bounds(table.geometries)) if placed else None
    footer = {"emb": json.dumps(_footer(table, about)), **table.identity.tags}

    def write(path: Path) -> None:
        if placed:
            write_geoparquet(path, written, table.geometries, table.crs, footer)
        else:
            path.write_bytes(parquet_bytes(written, footer))

    beside = batch.write(out, write)
    assets = {"embeddings": Asset(out, beside, batch.sha256[out], PARQUET, "data")}
    add_item(batch, out, item(out, table.identity, about, bounds, table.crs if placed else "", assets))


def _footer(table: VectorTable, about: About) -> dict[str, object]:
    """Return what the footer's `emb` says: the fields of a STAC collection of such files, and the model."""
    identity = table.identity
    found: dict[str, object] = {"emb:type": about.kind, "emb:dimensions": identity.width, "data_type": "float32"}
    asked = about.parameters
    if about.kind == CHIP and {"size", "stride"} <= asked.keys():
        sides = {"chip_size": [asked["size"]] * 2, "stride": [asked["stride"]] * 2}
        found["emb:chip_layout"] = {"layout_type": "regular_grid", **sides}
    found["model"] = {"id": identity.model, "title": about.title, "sha256": identity.weights}
    return found | {"emb:runtime_parameters": dict(about.parameters), "processing:datetime": about.made}
