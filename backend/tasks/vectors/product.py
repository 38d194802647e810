"""Which published product a file is, told by how its publishers lay it out."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

ALPHA_EARTH = "alphaearth"
ALPHA_EARTH_BANDS = tuple(f"A{index:02d}" for index in range(64))
TESSERA_BANDS = tuple(f"Tessera_Band_{index}" for index in range(128))
TESSERA_SIDECAR = "tessera_metadata.json"
COLUMNS = {
    "major-tom": {"unique_id", "grid_cell", "grid_row_u", "grid_col_r", "product_id"},
    "clay": {"source_url", "embeddings"},
}
"""Columns that only this product's tables have."""


def product_of_bands(names: Sequence[str | None], tags: Mapping[str, str]) -> str:
    """Return the product of a raster with bands of `names`: `alphaearth`, `tessera-v1`; empty where it is none."""
    if tuple(names) == ALPHA_EARTH_BANDS:
        return ALPHA_EARTH
    return tessera(tags.get("TESSERA_DATASET_VERSION", "")) if tuple(names) == TESSERA_BANDS else ""


def product_of_columns(names: Collection[str]) -> str:
    """Return the product of a table with columns of `names`; empty where it is none."""
    return next((product for product, columns in COLUMNS.items() if columns <= set(names)), "")


def product_of_tile(path: Path) -> str:
    """Return the version of the TESSERA tile at `path`, of what GeoTessera wrote or named above it; may be empty."""
    for folder in path.parents[:4]:
        if re.fullmatch(r"v\d+(\.\d+)?", folder.name):
            return tessera(folder.name)
        try:
            found = json.loads((folder / TESSERA_SIDECAR).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return tessera(str(found.get("dataset_version", ""))) if isinstance(found, dict) else ""
    return ""


def tessera(version: str) -> str:
    """Return `tessera-v1` for `v1`, `1.0`; empty for what is no version."""
    found = re.match(r"v?(\d+)(?:\.(\d+))?", version)
    if not found:
        return ""
    return f"tessera-v{found[1]}" + (f".{found[2]}" if found[2] and found[2] != "0" else "")
