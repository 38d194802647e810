"""A folder of pairs that a training script can read: parts by place, and a STAC catalogue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.geo.raster import Grid
from backend.protocol import VERSION
from backend.tasks.ground.rasters import grid_of
from backend.tasks.record import utc_now
from backend.tasks.vectors.stac import EARLIEST, FILE, GEOTIFF, PROJECTION, Asset, place_of, projection_of

from .pair import RECORD
from .plan import SPLITS, Planned
from .rasters import LEFT_OUT, OF_MARGINS
from .transitions import NO_DATA

CATALOG, ITEM, SPLIT_FOLDER = "catalog.json", "item.json", "splits"
STAC = "1.0.0"
ABOUT = "Labelled pairs before and after changes that did not happen: after-images are synthetic."
MARGIN = ("margin_m", "painted_around_share")
"""What an item of pairs with a margin says of it, as the pair's record does."""
VALUES = [{"values": [value], "summary": name} for value, name in [*enumerate(OF_MARGINS.names), (NO_DATA, LEFT_OUT)]]
"""What the values of their masks mean, as the File extension has it."""


def pair_name(number: int) -> str:
    """Return the folder of a pair, counted from 0."""
    return f"pair_{number + 1:04d}"


def write_dataset(
    folder: Path, pairs: Sequence[Planned], parts: Sequence[str], grid: Grid, model: str, about: dict[str, Any]
) -> None:
    """Write beside the pairs in `folder` which are for what, an item for each, and the catalogue of them.

    `about` is what the run's own record tells.

    Raises:
        OSError: the disk is full, or went away.
    """
    (folder / SPLIT_FOLDER).mkdir()
    for split in SPLITS:
        names = [pair_name(number) for number, part in enumerate(parts) if part == split]
        text = "".join(f"{name}\n" for name in names)
        (folder / SPLIT_FOLDER / f"{split}.txt").write_text(text, encoding="utf-8")
    for number, (pair, part) in enumerate(zip(pairs, parts, strict=True)):
        _write(folder / pair_name(number) / ITEM, _item(folder / pair_name(number), pair, part, grid, model))
    links = [_link("root", CATALOG), *(_link("item", f"{pair_name(number)}/{ITEM}") for number in range(len(pairs)))]
    margin = about["parameters"].get("margin")
    around = f" Up to {margin:g} m around changes is painted too: {NO_DATA} in the masks of change." if margin else ""
    catalog = {
        "type": "Catalog",
        "stac_version": STAC,
        "id": "change-pairs",
        "title": f"SYNTHETIC – {len(pairs)} change pairs",
        "description": f"{ABOUT}{around}",
        "synthetic": True,
        "links": links,
    }
    _write(folder / CATALOG, catalog)
    _write(folder / RECORD, about)


def _item(folder: Path, pair: Planned, part: str, grid: Grid, model: str) -> dict[str, Any]:
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    around = record["margin_m"] > 0
    here = grid_of(pair.window, grid)
    corners = [here.transform @ at for at in ((0, 0), (here.width, 0), (0, here.height), (here.width, here.height))]
    xs, ys = zip(*corners, strict=True)
    bounds = (min(xs), min(ys), max(xs), max(ys))
    assets = {}
    for output in record["outputs"]:
        path = folder / output["name"]
        role = "labels" if path.stem.startswith(("labels", "change", "contours")) else "data"
        described = Asset(path, path, output["sha256"], GEOTIFF, role).described()
        synthetic = path.stem.startswith(("after", "labels_after", "change"))
        assets[path.stem] = described | {"synthetic": synthetic}
        if around and path.stem.startswith("change"):
            assets[path.stem]["file:values"] = VALUES
    assets["run"] = {"href": f"./{RECORD}", "type": "application/json", "roles": ["metadata"]}
    made = utc_now()
    return {
        "type": "Feature",
        "stac_version": STAC,
        "stac_extensions": [PROJECTION, FILE],
        "id": folder.name,
        **place_of(bounds, here.crs),
        "properties": {
            "datetime": None,
            "start_datetime": EARLIEST,
            "end_datetime": made,
            "created": made,
            "synthetic": True,
            "digital_source_type": record["digital_source_type"],
            "split": part,
            "place": pair.place,
            "seed": pair.seed,
            "model": model,
            "software": {"Toposcope": VERSION},
            **({name: record[name] for name in MARGIN} if around else {}),
            **projection_of(bounds, here.crs, here),
        },
        "links": [_link("root", f"../{CATALOG}"), _link("parent", f"../{CATALOG}")],
        "assets": assets,
    }


def _link(rel: str, href: str) -> dict[str, str]:
    return {"rel": rel, "href": f"./{href}" if not href.startswith("..") else href, "type": "application/json"}


def _write(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")
