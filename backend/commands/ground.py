"""`python -m backend ground IMAGE --text "building; lake" ...`: where the phrases are."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend import paths
from backend.commands.outline_arguments import add_outline_arguments, outline_parameters
from backend.commands.progress import Progress
from backend.commands.prompt_arguments import parse_bands
from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.jobs.grounding import run_ground
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.models.switches import DECODERS
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.ground import CLASSMAP, GRANULARITIES, INSTANCES, GroundedAnswer
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.protocol.wire import load
from backend.tasks.ground.job import check_request
from backend.tasks.ground.parameters import AUTO, BACKGROUNDS
from backend.tasks.ground.places import Places
from backend.tasks.ground_policy.resolution import COVERAGES, FULL

OF_THE_MODEL = ("threshold", "decoder", "upsample", "remove_bias", "finest", "refine")
"""Parameters whose defaults are the model's own."""
WRITTEN = {"out": "--out", "classes": "--classes", "scores": "--scores"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="any raster GDAL reads, georeferenced or not")
    parser.add_argument("--text", default="", metavar="PHRASES", help="phrases with semicolons between them")
    parser.add_argument("--example", default="", metavar="POLYGON", help="one thing to look for: WKT or GeoJSON")
    parser.add_argument("--out", type=Path, metavar="O.gpkg", help="the objects as polygons")
    parser.add_argument("--classes", type=Path, metavar="C.tif", help="0 = none, i = the i-th phrase")
    parser.add_argument("--scores", type=Path, metavar="S.tif", help="a band a phrase, 0 to 1")
    parser.add_argument("--area", default="", metavar="AREA", help="xmin,ymin,xmax,ymax or a polygon, default: all")
    parser.add_argument("--granularity", choices=(AUTO, *GRANULARITIES), default=AUTO, help="how closely to look")
    parser.add_argument("--coverage", choices=COVERAGES, default=FULL, help="read closely all, or what is relevant")
    parser.add_argument("--background", choices=BACKGROUNDS, default=AUTO, help="none: every pixel gets a phrase")
    parser.add_argument("--threshold", type=float, metavar="SCORE", help="what counts, 0 to 1; default: the model's")
    parser.add_argument("--decoder", choices=DECODERS, help="what answers phrases, default: auto")
    parser.add_argument("--upsample", action=argparse.BooleanOptionalAction, help="sharpen along the image's edges")
    parser.add_argument("--remove-bias", action=argparse.BooleanOptionalAction, help="take out what all places share")
    parser.add_argument("--finest", action=argparse.BooleanOptionalAction, help="as finely as published (SegEarth-OV)")
    parser.add_argument("--refine", action=argparse.BooleanOptionalAction, help="a segmenter draws things anew")
    parser.add_argument("--segmenter", default="", metavar="ID", help="what outlines; default: the best installed")
    add_outline_arguments(parser)
    parser.add_argument("--bands", metavar="4,3,2", help="one band (grey) or three (red, green, blue)")
    parser.add_argument("--model", default=DEFAULT_MODEL["ground"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Ground and write; raises ToposcopeError with a sentence for what cannot be done."""
    wanted = {name: path.absolute() for name in WRITTEN if (path := getattr(arguments, name))}
    if not wanted:
        raise BadInput(codes.PARAMETER_INVALID, f"Say what to write: {', '.join(WRITTEN.values())}, or several.")
    request = _request(arguments, "out" in wanted)
    check_request(request)
    models_folder = paths.models_folder()
    models = LoadedModels(catalog(models_folder), models_folder)
    spec = models.registry.get(request.model)
    if request.task not in spec.tasks:
        able = ", ".join(one.id for one in models.registry.for_task(request.task))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not ground; use one of {able}.")
    source = request.source or Source()
    with SourceReader(source, Path(source.path)) as reader, tempfile.TemporaryDirectory() as folder:
        first = next(iter(wanted.values()))
        places = Places(
            first.with_name(f"{first.stem}.run.json"),
            wanted.get("out"),
            wanted.get("classes"),
            wanted.get("scores"),
            answer=Path(folder) / "answer.json",
        )
        runs, notices = paths.runs_folder(), list[str]()
        run_ground(
            request,
            models,
            models_folder,
            reader,
            places,
            runs,
            Progress(),
            notify=notices.append,
            scores_as_float=True,
        )
        answer = load(GroundedAnswer, json.loads((Path(folder) / "answer.json").read_text(encoding="utf-8")))
    models.unload()
    _report(arguments, answer, wanted, notices)
    return 0


def _request(arguments: argparse.Namespace, objects: bool) -> JobRequest:
    wanted: dict[str, Any] = {
        "phrases": arguments.text,
        "example": arguments.example,
        "area": arguments.area,
        "segmenter": arguments.segmenter,
        "granularity": arguments.granularity,
        "coverage": arguments.coverage,
        "background": arguments.background,
        "answer": INSTANCES if objects else CLASSMAP,
        **outline_parameters(arguments),
    }
    wanted |= {name: value for name in OF_THE_MODEL if (value := getattr(arguments, name)) is not None}
    return JobRequest(
        task="ground",
        model=arguments.model,
        source=Source(path=str(arguments.image.absolute()), bands=parse_bands(arguments.bands)),
        parameters=wanted,
        device=arguments.device,
    )


def _report(
    arguments: argparse.Namespace, answer: GroundedAnswer, wanted: dict[str, Path], notices: Sequence[str]
) -> None:
    if arguments.json:
        told = {
            "model": arguments.model,
            **{name: str(path) for name, path in wanted.items()},
            "granularity": answer.granularity,
            "caption": answer.caption,
            "shares": {row.phrase: row.share for row in answer.phrases},
            "best": {row.phrase: row.best for row in answer.phrases},
            "objects": answer.item_count,
            "pixels_read": answer.pixels_read,
            "pixels_naive": answer.pixels_naive,
            "notices": list(notices),
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    for notice in notices:
        sys.stderr.write(f"{notice}\n")
    sys.stdout.write(f"{answer.caption}\n")
    for row in answer.phrases:
        sys.stdout.write(f"{row.share:7.1%}  {row.phrase}\n")
