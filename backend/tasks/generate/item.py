"""The STAC item of a generated picture: what says so to who searches catalogues."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from backend.geo.raster import Grid
from backend.geo.synthetic import TITLE, Synthetic
from backend.protocol import VERSION
from backend.tasks.vectors.stac import EARLIEST, FILE, GEOTIFF, PROJECTION, Asset, place_of, projection_of

STAC = "1.0.0"


def item(
    out: Path, levels: Mapping[Path, tuple[Path, str]], record: Path, grid: Grid, mark: Synthetic, made: str
) -> bytes:
    """Return the item as JSON.

    Args:
        out: the finest level's file, on `grid`.
        levels: where each level's file lies until it is put in place, and its sha256.
        record: the run's.
        made: when, ISO 8601: until then the picture before it was taken.
    """
    corners = [grid.transform @ at for at in ((0, 0), (grid.width, 0), (0, grid.height), (grid.width, grid.height))]
    xs, ys = zip(*corners, strict=True)
    bounds = min(xs), min(ys), max(xs), max(ys)
    assets = {
        path.stem: {**Asset(path, beside, sha256, GEOTIFF, "data").described(), "synthetic": True}
        for path, (beside, sha256) in levels.items()
    }
    described = {
        "type": "Feature",
        "stac_version": STAC,
        "stac_extensions": [PROJECTION, FILE],
        "id": out.stem,
        **place_of(bounds, grid.crs),
        "properties": {
            "title": f"{TITLE}{out.stem}",
            "description": mark.description,
            "datetime": None,
            "start_datetime": EARLIEST,
            "end_datetime": made,
            "created": made,
            "synthetic": True,
            "digital_source_type": mark.digital_source_type,
            "model": mark.model,
            "seed": mark.seed,
            "software": {"Toposcope": VERSION},
            **projection_of(bounds, grid.crs, grid),
        },
        "links": [],
        "assets": assets | {"run": {"href": f"./{record.name}", "type": "application/json", "roles": ["metadata"]}},
    }
    return (json.dumps(described, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
