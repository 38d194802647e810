"""`python -m backend locate ...`: vectors of places, rasters of them, what they are like, and what they let predict."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend import paths
from backend.commands.progress import Progress
from backend.jobs.locating import Locating, run_located
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol.defaults import DEFAULT_MODEL
from backend.tasks.locate.parameters import LOCATE_PARAMETERS, TEXTS, Files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--points", type=Path, metavar="P", help="places: CSV, Parquet, GeoPackage, GeoJSON, ...")
    parser.add_argument("--lon", metavar="COL", help="a table's column of longitudes (default: lon, longitude or x)")
    parser.add_argument("--lat", metavar="COL", help="a table's column of latitudes (default: lat, latitude or y)")
    parser.add_argument("--crs", help="of a table whose columns are not degrees, of a layer that has none")
    parser.add_argument("--layer", help="of a file that has several")
    parser.add_argument("--extent", metavar="W,S,E,N", help="a raster of this area, in degrees")
    parser.add_argument("--step", type=float, metavar="DEG", help="side of a cell (default: 1)")
    parser.add_argument(
        "--int8", action="store_true", default=None, help="unit vectors in a byte a number, as AlphaEarth's"
    )
    parser.add_argument("--like", action="append", metavar="LON,LAT", help="compare with this place")
    parser.add_argument("--like-image", type=Path, metavar="S2.tif", help="compare with a Sentinel-2 picture")
    parser.add_argument("--predict", metavar="COL", help="a column of --points: numbers or classes")
    parser.add_argument(
        "--classes", action="store_true", default=None, help="the column's numbers are codes of classes"
    )
    parser.add_argument("--at", type=Path, metavar="Q", help="predict at these places, read as --points are")
    parser.add_argument("--estimator", choices=("ridge", "knn"), help="default: ridge")
    parser.add_argument("--within", type=float, metavar="KM", help="predict no farther than this from a known place")
    parser.add_argument("--block", type=float, metavar="KM", help="side of the blocks that are held out together")
    parser.add_argument("--folds-by", metavar="COL", help="also hold out each value of this column, as continents")
    parser.add_argument("--degrees", type=int, metavar="L", help="of the model harmonics, 1 to 40 (default: 10)")
    parser.add_argument("--out", type=Path, required=True, metavar="O", help=".parquet, .tif or .gpkg")
    parser.add_argument("--model", default=DEFAULT_MODEL["locate"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Locate and write; raises ToposcopeError with a sentence for what cannot be done."""
    folder = paths.models_folder()
    models = LoadedModels(catalog(folder), folder)
    files = Files(arguments.points, arguments.at, arguments.like_image)
    asked = Locating(arguments.model, _values(arguments), files, arguments.device)
    out = arguments.out.absolute()
    said, _, notice = run_located(asked, out, models, folder, Progress())
    models.unload()
    answer = {"model": arguments.model, "out": str(out), **said, **({"notice": notice} if notice else {})}
    sys.stdout.write((json.dumps(answer) if arguments.json else _told(answer)) + "\n")
    return 0


def _values(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the job's parameters: the options of their names, as far as they are given."""
    given = {name: getattr(arguments, name) for name in (*TEXTS, *(one.name for one in LOCATE_PARAMETERS), "degrees")}
    given["like"] = ";".join(arguments.like) if arguments.like else None
    return {name: value for name, value in given.items() if value is not None}


def _told(answer: dict[str, Any]) -> str:
    lines = [f"{answer['out']} is written"]
    score = answer.get("score", {})
    for title, split in score.items():
        if isinstance(split, dict):
            values = {name: split[name].get("mean", "undefined") for name in ("model", "longitude_latitude")}
            lines.append(
                f"held out {title}: {score['measure']} {values['model']}; "
                f"longitude and latitude alone {values['longitude_latitude']}"
            )
    return "\n".join(lines)
