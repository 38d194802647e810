"""`python -m backend change IMAGE --labels L.tif --event remove ...`: pairs before and after made-up changes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend import paths
from backend.commands.progress import Progress
from backend.commands.prompt_arguments import parse_bands, parse_stretch
from backend.commands.sign_argument import add_sign_argument, checked_signing
from backend.jobs.changing import run_pairs
from backend.jobs.run_context import RunContext
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.change.dataset import CATALOG
from backend.tasks.change.job import LABELS
from backend.tasks.change.pair import RECORD
from backend.tasks.change.parameters import CHANGE_PARAMETERS, EVENTS
from backend.tasks.sign import sign_results

TEXTS = {
    "class": ("NAME", "what comes or goes, such as building"),
    "becomes": ("NAME", "of remove and mix: what is left where something goes; default: what is around it"),
    "column": ("NAME", "of polygons: where their class is; default: all are of one class"),
    "layer": ("NAME", "one of several layers of polygons"),
    "classes": ("1=NAME;2=NAME", "names of the labels' values, where the file does not say them"),
    "like": ("NAME=KIND;...", "what of OpenEarthMap's classes each is like: house=building;oak=tree"),
    "table": ("A=B,C;...", "of a swap: what may become what"),
    "area": ("AREA", "xmin,ymin,xmax,ymax or a polygon, default: all"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="any raster GDAL reads, georeferenced or not")
    parser.add_argument("--labels", type=Path, required=True, metavar="L.tif", help="classes, objects or polygons")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder, or an empty one")
    for spec in CHANGE_PARAMETERS:
        if spec.kind == "choice":
            parser.add_argument(f"--{spec.name}", choices=EVENTS, default=spec.default, help=spec.help)
        else:
            kind = int if spec.kind == "integer" else float
            usual = f"{spec.default} {spec.unit}".rstrip()
            parser.add_argument(f"--{spec.name}", type=kind, help=f"{spec.help or spec.label} (default: {usual})")
    for name, (metavar, told) in TEXTS.items():
        parser.add_argument(f"--{name}", default="", metavar=metavar, help=told)
    parser.add_argument("--bands", metavar="4,3,2", help="one band (grey) or three (red, green, blue)")
    parser.add_argument("--stretch", default="", metavar="LOW,HIGH[;...]", help="numbers seen black and white")
    parser.add_argument("--model", default=DEFAULT_MODEL["change"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_sign_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Make the pairs; a run that was stopped is gone on with. Raises ToposcopeError."""
    models = LoadedModels(catalog(paths.models_folder()), paths.models_folder())
    notices = list[str]()
    work = RunContext(models, paths.models_folder(), paths.runs_folder(), Progress(), notify=notices.append)
    out = arguments.out.absolute()
    signing = checked_signing(arguments)
    files = run_pairs(_request(arguments), out, work)
    models.unload()
    if signing:
        sign_results(files, signing)
    _report(arguments, out, files, notices)
    return 0


def _request(arguments: argparse.Namespace) -> JobRequest:
    given = {spec.name: getattr(arguments, spec.name) for spec in CHANGE_PARAMETERS}
    texts = {name: getattr(arguments, name) for name in TEXTS}
    parameters = {name: value for name, value in {**given, **texts}.items() if value not in (None, "")}
    stretch = parse_stretch(arguments.stretch)
    source = Source(path=str(arguments.image.absolute()), bands=parse_bands(arguments.bands), stretch=stretch)
    labels = {LABELS: Source(path=str(arguments.labels.absolute()))}
    return JobRequest(
        "change", arguments.model, source, others=labels, parameters=parameters, device=arguments.device
    )  # fmt: skip


def _report(arguments: argparse.Namespace, out: Path, files: list[Path], notices: list[str]) -> None:
    told: dict[str, Any] = {"model": arguments.model, "out": str(out), "files": [str(path) for path in files]}
    told["pairs"] = sum(path.name == "before.tif" for path in files)
    told |= {"catalog": str(out / CATALOG)} if told["pairs"] > 1 else {}
    if arguments.json:
        sys.stdout.write(json.dumps({**told, "record": str(out / RECORD), "notices": notices}) + "\n")
        return
    for notice in notices:
        sys.stderr.write(f"{notice}\n")
    pairs = "1 pair is" if told["pairs"] == 1 else f"{told['pairs']} pairs are"
    sys.stdout.write(f"{pairs} in {out}\n")
