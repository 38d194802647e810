"""The STAC item beside embeddings, with the Embedding extension: what they are, of what and where.

https://github.com/geo-embeddings/embeddings-stac-specification (v0.0.1, whose schema builds on STAC 1.0.0).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from shapely.geometry import mapping

from backend.geo.measure import pixel_size_m
from backend.geo.raster import Grid
from backend.geo.unit_bytes import FORMULA, NODATA
from backend.protocol import VERSION

from .about import About
from .identity import Identity

EMBEDDING = "https://stac-extensions.github.io/embeddings/v0.0.1/schema.json"
FILE = "https://stac-extensions.github.io/file/v2.1.0/schema.json"
PROCESSING = "https://stac-extensions.github.io/processing/v1.2.0/schema.json"
PROJECTION = "https://stac-extensions.github.io/projection/v2.0.0/schema.json"
SCIENTIFIC = "https://stac-extensions.github.io/scientific/v1.0.0/schema.json"
GEOTIFF = "image/tiff; application=geotiff"
PARQUET = "application/vnd.apache.parquet"
POWER = "signed square root, as AlphaEarth"
EARLIEST = "1826-01-01T00:00:00Z"
"""No photograph is older: where nothing is known of when a picture was taken, it was between this and the run."""


@dataclass(frozen=True)
class Asset:
    """A file of the item: `beside` is where it lies until it becomes `path`."""

    path: Path
    beside: Path
    sha256: str
    media_type: str
    role: str

    def described(self) -> dict[str, Any]:
        """Return it as STAC has it; the checksum is a multihash."""
        about = {"href": href(self.path), "type": self.media_type, "roles": [self.role]}
        return about | {"file:size": self.beside.stat().st_size, "file:checksum": f"1220{self.sha256}"}


def href(path: Path) -> str:
    """Return how the item beside `path` refers to it: by its name, never by where it lies on this machine."""
    return f"./{quote(path.name)}"


def item(
    out: Path,
    identity: Identity,
    about: About,
    bounds: tuple[float, ...] | None,
    crs: str,
    assets: Mapping[str, Asset],
    grid: Grid | None = None,
) -> dict[str, Any]:
    """Return the item of the embeddings in `out`.

    `bounds` are left, bottom, right, top in `crs`; without one of them the item has no place. `assets` has at least
    `embeddings`.
    """
    described = {key: asset.described() for key, asset in assets.items()}
    described["embeddings"] |= _numbers(about, grid)
    record = _record(out, about)
    if record:
        described["run"] = {"href": record, "type": "application/json", "roles": ["metadata"]}
    scientific = [SCIENTIFIC] if about.paper else []
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [EMBEDDING, PROJECTION, FILE, PROCESSING, *scientific],
        "id": out.stem,
        **place_of(bounds, crs),
        "properties": _properties(identity, about, bounds, crs, grid),
        "links": _links(out, identity, about, record),
        "assets": described,
    }


def _numbers(about: About, grid: Grid | None) -> dict[str, Any]:
    stored = about.dtype if grid else "float32"
    size = pixel_size_m(grid) if grid else 0
    return {"data_type": stored} | ({"nodata": NODATA} if stored == "int8" else {}) | ({"gsd": size} if size else {})


def _properties(
    identity: Identity, about: About, bounds: tuple[float, ...] | None, crs: str, grid: Grid | None
) -> dict[str, Any]:
    asked: dict[str, Any] = {"model": identity.model, "weights_sha256": identity.weights, "type": about.kind}
    asked |= {"dimensions": identity.width, **about.parameters}
    asked |= {"source": about.source.name} if about.source else {}
    found: dict[str, Any] = {
        **_time(about),
        "created": about.made,
        "processing:datetime": about.made,
        "processing:software": {"Toposcope": VERSION},
        "emb:runtime_parameters": asked,
        "emb:postprocessing": {"format": "text", "expression": "x / ||x||"},
        **projection_of(bounds, crs, grid),
    }
    if grid and about.dtype == "int8":
        found["emb:postprocessing"]["expression"] = f"x / ||x||, then int8 with {FORMULA}"
        found["emb:quantization"] = {"method": POWER, "original_dtype": "float32", "quantized_dtype": "int8"}
    found |= {"license": about.licence} if about.licence else {}
    return found | ({"sci:publications": [{"citation": about.paper}]} if about.paper else {})


def _time(about: About) -> dict[str, str | None]:
    """Return when the picture was taken; STAC takes null only beside a time between which and another it was."""
    if about.taken:
        return {"datetime": about.taken}
    return {"datetime": None, "start_datetime": EARLIEST, "end_datetime": about.made}


def projection_of(bounds: tuple[float, ...] | None, crs: str, grid: Grid | None) -> dict[str, Any]:
    """Return what the Projection extension has to say of an item."""
    if not crs:
        return {"proj:code": None}
    system = CRS.from_user_input(crs)
    authority = system.to_authority()
    found: dict[str, Any] = {"proj:code": ":".join(authority) if authority else None}
    found |= {} if authority else {"proj:wkt2": system.to_wkt()}
    found |= {"proj:bbox": list(bounds)} if bounds else {}
    if grid:
        found |= {"proj:shape": [grid.height, grid.width], "proj:transform": list(grid.transform[:6])}
    return found


def place_of(bounds: tuple[float, ...] | None, crs: str) -> dict[str, Any]:
    """Return the item's outline and box in degrees; two boxes where it crosses the antimeridian (RFC 7946, 3.1.9, 5.2).

    Where it lies on Earth is not known of grids without CRS, of local ones, or of those beyond their CRS's bounds.
    """
    box = _degrees(bounds, crs) if bounds and crs else None
    if box is None:
        return {"geometry": None}
    west, south, east, north = box
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = [shapely.box(one, south, other, north) for one, other in parts]
    shape = boxes[0] if len(boxes) == 1 else shapely.MultiPolygon(boxes)
    return {"geometry": mapping(shape), "bbox": [west, south, east, north]}


def _degrees(bounds: tuple[float, ...], crs: str) -> tuple[float, float, float, float] | None:
    left, bottom, right, top = bounds
    try:
        box = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True).transform_bounds(left, bottom, right, top)
    except ProjError:
        return None
    if not all(math.isfinite(side) for side in box):
        return None
    west, east = _meridians(box[0], box[2])
    return west, box[1], east, box[3]


def _meridians(west: float, east: float) -> tuple[float, float]:
    """Return two longitudes within 180°; the western one is the larger where the antimeridian lies between them."""
    if east - west >= 360:
        return -180.0, 180.0
    if max(abs(west), abs(east)) <= 180:
        return west, east
    return (west + 180) % 360 - 180, 180 - (180 - east) % 360


def _record(out: Path, about: About) -> str:
    """Return how the item refers to the run record; empty where there is none."""
    name = out.with_suffix(".run.json").name if about.record is None else about.record
    return href(Path(name)) if name else ""


def _links(out: Path, identity: Identity, about: About, record: str) -> list[dict[str, str]]:
    links = []
    if record:  # which says all that is known of the model
        title = about.title or identity.model or "unknown"
        links.append({"rel": "emb:model", "href": record, "type": "application/json", "title": title})
    if about.source and about.source.parent == out.parent:
        links.append({"rel": "emb:source-data", "href": href(about.source), "title": about.source.name})
    return links
