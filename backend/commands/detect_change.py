"""`python -m backend detect-change A.tif B.tif --out C.tif`: what changed between two pictures of a place."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend import paths
from backend.commands.progress import Progress
from backend.commands.prompt_arguments import parse_bands, parse_stretch
from backend.jobs.detecting import AFTER, DETECT_CHANGE, check_request, run_detect
from backend.jobs.run_context import RunContext
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.detect_change.parameters import LIGHTS, METHODS, WHICH, DetectParameters
from backend.tasks.detect_change.places import Places

USUAL = DetectParameters()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("before", type=Path, metavar="A.tif", help="the earlier picture, whose grid the result has")
    parser.add_argument("after", type=Path, metavar="B.tif", help="the later picture, in any CRS and resolution")
    parser.add_argument("--out", type=Path, required=True, metavar="C.tif", help="the probability of change, 0 to 1")
    parser.add_argument("--polygons", type=Path, metavar="C.gpkg", help="what changed, as polygons")
    parser.add_argument("--method", choices=METHODS, default=USUAL.method, help="default: %(default)s")
    parser.add_argument("--only", choices=WHICH, default=USUAL.only, help="which change, default: %(default)s")
    parser.add_argument("--threshold", type=float, default=USUAL.threshold, metavar="P", help="default: %(default)s")
    parser.add_argument("--no-align", action="store_true", help="take the pictures where they lie")
    parser.add_argument("--normalise", choices=LIGHTS, default=USUAL.normalise, help="default: %(default)s")
    parser.add_argument(
        "--classes",
        default="",
        metavar="PHRASES",
        help="what there may be, where the method knows no classes: building;water;field",
    )
    parser.add_argument("--minimum", type=float, default=USUAL.minimum, metavar="M2", help="of a polygon")
    parser.add_argument("--area", default="", metavar="AREA", help="xmin,ymin,xmax,ymax or a polygon, default: all")
    parser.add_argument("--bands", metavar="4,3,2", help="of both: one band (grey) or three (red, green, blue)")
    parser.add_argument("--stretch", default="", metavar="LOW,HIGH[;...]", help="of both: numbers seen black and white")
    parser.add_argument("--model", default="", metavar="ID", help="default: the method's own")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Find change and write; a run that was stopped is gone on with. Raises ToposcopeError."""
    request = _request(arguments)
    check_request(request)
    models, notices = LoadedModels(catalog(paths.models_folder()), paths.models_folder()), list[str]()
    work = RunContext(models, paths.models_folder(), paths.runs_folder(), Progress(), notify=notices.append)
    polygons = arguments.polygons.absolute() if arguments.polygons else None
    places = Places(arguments.out.absolute(), polygons)
    record = run_detect(request, places, work)[-1]
    models.unload()
    _report(arguments, places, json.loads(record.read_text(encoding="utf-8")), notices)
    return 0


def _request(arguments: argparse.Namespace) -> JobRequest:
    bands, stretch = parse_bands(arguments.bands), parse_stretch(arguments.stretch)
    before, after = (
        Source(path=str(path.absolute()), bands=bands, stretch=stretch) for path in (arguments.before, arguments.after)
    )
    parameters: dict[str, Any] = {
        "method": arguments.method,
        "only": arguments.only,
        "threshold": arguments.threshold,
        "align": not arguments.no_align,
        "normalise": arguments.normalise,
        "classes": arguments.classes,
        "minimum": arguments.minimum,
        "area": arguments.area,
    }
    others = {AFTER: after}
    return JobRequest(
        DETECT_CHANGE, arguments.model, before, parameters=parameters, device=arguments.device, others=others
    )


def _report(arguments: argparse.Namespace, places: Places, record: dict[str, Any], notices: list[str]) -> None:
    told = record["changed"]
    if arguments.json:
        polygons = str(places.polygons) if places.polygons else ""
        answer = {"model": record["model"]["id"], "out": str(places.out), "polygons": polygons, **told}
        answer |= {"alignment": record["alignment"], "normalisation": record["normalisation"], "notices": notices}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    sys.stderr.writelines(f"{notice}\n" for notice in notices)
    share = sum(row["share"] for row in told["areas"])
    sys.stdout.write(f"{places.out} is written: {share:.1%} changed\n")
