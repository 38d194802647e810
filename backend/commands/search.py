"""`python -m backend search E.tif ...`: places that are like examples, or that a phrase names."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from backend import paths
from backend.commands.progress import Progress
from backend.commands.prompt_arguments import parse_box, parse_point
from backend.errors import BadInput
from backend.geo.atomic import has_suffix
from backend.jobs.phrasing import Phrasing
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol import codes
from backend.protocol.prompts import Prompts
from backend.tasks.search.asked import Places, Question, Wanted
from backend.tasks.search.job import run_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("vectors", type=Path, metavar="E.tif|C.parquet", help="embeddings, of embed or published ones")
    parser.add_argument("--point", action="append", default=[], metavar="X,Y[,0|1]", help="1 is wanted, 0 is not")
    parser.add_argument("--box", action="append", default=[], metavar="X0,Y0,X1,Y1", help="a wanted area")
    parser.add_argument("--like", type=Path, metavar="FILE", help="points and polygons, or Parquet of the same model")
    parser.add_argument("--label", default="", metavar="COLUMN", help="of --like: 1 is wanted, 0 is not")
    parser.add_argument("--layer", default="", help="of --like, where it has several")
    parser.add_argument("--text", default=None, metavar="PHRASE", help="for embeddings of a model that reads phrases")
    parser.add_argument("--pixel", action="store_true", help="points and boxes are column, row of the embeddings")
    parser.add_argument("--out", type=Path, required=True, metavar="O", help=".tif: similarity; .gpkg: ranked places")
    parser.add_argument("--places", type=Path, metavar="P.gpkg", help="ranked places beside the raster")
    parser.add_argument("--threshold", type=float, metavar="T", help="score from which a place counts")
    parser.add_argument("--most", type=int, default=100, metavar="N", help="places kept (default: %(default)s)")
    parser.add_argument("--area", default="", metavar="A", help="xmin,ymin,xmax,ymax or a polygon as WKT or GeoJSON")
    parser.add_argument("--distance", type=float, default=0.0, metavar="M", help="of closer places the best is kept")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Search and write; raises ToposcopeError with a sentence for what cannot be done."""
    out = arguments.out.absolute()
    raster = has_suffix(out, ".tif")
    found = arguments.places.absolute() if arguments.places else None if raster else out
    if not (raster or has_suffix(out, ".gpkg")):
        raise BadInput(codes.OUTPUT_UNWRITABLE, f"{out.name!r:.80} must end in .tif (similarity) or .gpkg (places).")
    if arguments.places and not raster:
        raise BadInput(codes.PARAMETER_INVALID, "Give --places beside --out O.tif only; .gpkg are places already.")
    models_folder = paths.models_folder()
    models = LoadedModels(catalog(models_folder), models_folder)
    phrasing = Phrasing(models, models_folder)
    notices: list[str] = []
    said = run_search(
        _question(arguments),
        Places(out.with_suffix(".run.json"), found, out if raster else None),
        partial(phrasing.likeness, device=arguments.device),
        paths.cache_folder(),
        Progress(),
        notices.append,
    )
    models.unload()
    answer = {name: said[name] for name in ("found", "threshold", "best")}
    answer |= {"out": str(out), "places": str(found) if found else None, "notices": notices}
    sys.stdout.write((json.dumps(answer) if arguments.json else _told(answer)) + "\n")
    return 0


def _question(arguments: argparse.Namespace) -> Question:
    if arguments.text is not None and not arguments.text.strip():
        raise BadInput(codes.PROMPT_INVALID, "--text is empty; name what to look for.")
    shown = [Prompts(str(number), (parse_point(text),), None, arguments.pixel)
             for number, text in enumerate(arguments.point, 1)]  # fmt: skip
    shown += [Prompts(f"box {number}", (), parse_box(text), arguments.pixel)
              for number, text in enumerate(arguments.box, 1)]  # fmt: skip
    values: dict[str, Any] = {"phrase": arguments.text or "", "threshold": arguments.threshold}
    values |= {name: getattr(arguments, name) for name in ("most", "area", "distance", "label", "layer")}
    like = arguments.like.absolute() if arguments.like else None
    return Question(arguments.vectors.absolute(), Wanted.parse(values), tuple(shown), like)


def _told(answer: dict[str, Any]) -> str:
    lines = [f"{answer['out']} is written"]
    if answer["places"]:
        best = "" if answer["best"] is None else f", the best {answer['best']:.2f}"
        lines.append(f"{answer['found']} places score {answer['threshold']:.2f} or more{best}")
    return "\n".join([*lines, *answer["notices"]])
