"""`python -m backend locate ...`: vectors of places, rasters of them, what they are like, and what they let predict."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, cast

from backend import paths
from backend.errors import BadInput
from backend.models.catalog import catalog
from backend.models.harmonics import Harmonics
from backend.models.loaded import LoadedModels
from backend.models.location import LocationEncoder
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL
from backend.tasks.locate.job import run_locate
from backend.tasks.locate.points import Points
from backend.tasks.locate.question import Question
from backend.tasks.locate.read_points import read_points
from backend.tasks.record import model_record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--points", type=Path, metavar="P", help="places: CSV, Parquet, GeoPackage, GeoJSON, ...")
    parser.add_argument("--lon", default="", metavar="COL", help="a table's column of longitudes")
    parser.add_argument("--lat", default="", metavar="COL", help="a table's column of latitudes")
    parser.add_argument("--crs", default="", help="of a table whose columns are not degrees, of a layer that has none")
    parser.add_argument("--layer", default="", help="of a file that has several")
    parser.add_argument("--extent", type=_numbers, metavar="W,S,E,N", help="a raster of this area, in degrees")
    parser.add_argument("--step", type=float, default=1.0, metavar="DEG", help="side of a cell (default: %(default)s)")
    parser.add_argument("--int8", action="store_true", help="unit vectors in a byte a number, as AlphaEarth's")
    parser.add_argument("--like", type=_numbers, action="append", metavar="LON,LAT", help="compare with this place")
    parser.add_argument("--like-image", type=Path, metavar="S2.tif", help="compare with a Sentinel-2 picture")
    parser.add_argument("--predict", default="", metavar="COL", help="a column of --points: numbers or classes")
    parser.add_argument("--classes", action="store_true", help="the column's numbers are codes of classes")
    parser.add_argument("--at", type=Path, metavar="Q", help="predict at these places, read as --points are")
    parser.add_argument("--estimator", choices=("ridge", "knn"), default="ridge")
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
    question = _question(arguments)
    out = arguments.out.absolute()
    models = LoadedModels(catalog(paths.models_folder()), paths.models_folder())
    spec = models.registry.get(arguments.model)
    if "locate" not in spec.tasks:
        able = ", ".join(one.id for one in models.registry.for_task("locate"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not locate; use one of {able}.")
    encoder = _encoder(models, spec, arguments)
    device = models.device_for(spec.id, arguments.device)
    about = model_record(spec, paths.models_folder(), device.kind, "float64")
    said = run_locate(question, encoder, about, out, _silent)
    models.unload()
    answer = {"model": spec.id, "out": str(out), **said, **({"notice": device.notice} if device.notice else {})}
    sys.stdout.write((json.dumps(answer) if arguments.json else _told(answer)) + "\n")
    return 0


def _question(arguments: argparse.Namespace) -> Question:
    extent = arguments.extent
    if extent is not None and len(extent) != 4:
        raise BadInput(codes.PARAMETER_INVALID, "The extent is four numbers: west,south,east,north in degrees.")
    if any(len(place) != 2 for place in arguments.like or ()):
        raise BadInput(codes.PARAMETER_INVALID, "A place to compare with is two numbers: longitude,latitude.")
    return Question(
        points=_points(arguments.points, arguments),
        extent=extent,
        step=arguments.step,
        like=tuple(arguments.like or ()),
        picture=arguments.like_image,
        predict=arguments.predict,
        at=_points(arguments.at, arguments),
        quantise=arguments.int8,
        estimator=arguments.estimator,
        classes=arguments.classes,
        within_km=arguments.within,
        block_km=arguments.block,
        folds_by=arguments.folds_by,
    )


def _points(path: Path | None, arguments: argparse.Namespace) -> Points | None:
    """Read places; where one is a table and one a layer, `--lon`, `--lat` and `--crs` are the table's."""
    if path is None:
        return None
    table = path.suffix.lower() in (".csv", ".parquet")
    both = arguments.points is not None and arguments.at is not None
    lon, lat, crs = (arguments.lon, arguments.lat, arguments.crs) if table or not both else ("", "", "")
    return read_points(path, lon, lat, crs, arguments.layer)


def _encoder(models: LoadedModels, spec: ModelSpec, arguments: argparse.Namespace) -> LocationEncoder:
    if arguments.degrees is None:
        return cast(LocationEncoder, models.get(spec.id, arguments.device))
    known = {parameter.name: parameter for parameter in spec.parameters}
    if "degrees" not in known:
        raise BadInput(codes.PARAMETER_INVALID, f"{spec.title} has no --degrees to be set; leave it out.")
    if not (known["degrees"].minimum or 0) <= arguments.degrees <= (known["degrees"].maximum or 0):
        raise BadInput(codes.PARAMETER_INVALID, f"--degrees must be 1 to 40, not {arguments.degrees}.")
    return Harmonics(arguments.degrees)


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


def _numbers(text: str) -> tuple[float, ...]:
    """Return numbers between commas; argparse turns the ValueError into a sentence."""
    return tuple(float(part) for part in text.split(","))


_numbers.__name__ = "numbers between commas"  # argparse names the type in its message


def _silent(percent: float, message: str) -> None:
    """Progress has no place on a command line whose output programs read."""
