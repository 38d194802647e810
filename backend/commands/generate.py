"""`python -m backend generate LOW.tif --scale 4 --seed N --out G.tif`: what it may look like from nearer."""

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
from backend.jobs.generating import run_generated
from backend.jobs.run_context import RunContext
from backend.jobs.tasks import HANDLERS
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.generate.parameters import EARTH, MERGES, SCALES, SOURCE, TILES, GenerateParameters
from backend.tasks.generate.places import Places
from backend.tasks.sign import sign_results

NAMES = ("scale", "seed", "steps", "eta", "metres", "merge", "tiles", "consistent")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    told = GenerateParameters()
    parser.add_argument("low", type=Path, nargs="?", metavar="LOW.tif", help="any raster GDAL reads, georeferenced")
    parser.add_argument("--earth", action="store_true", help="begin with the Blue Marble that ships; needs --extent")
    parser.add_argument("--out", type=Path, required=True, metavar="G.tif", help="levels before it: G_x4.tif, ...")
    parser.add_argument("--scale", choices=SCALES, default=str(told.scale), help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=told.seed, metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--extent", "--area", default="", metavar="AREA", help="xmin,ymin,xmax,ymax or a polygon, default: all"
    )
    parser.add_argument("--steps", type=int, default=told.steps, metavar="N", help="5 to 50, default: %(default)s")
    parser.add_argument("--eta", type=float, default=told.eta, help="0 is DDIM, 1 DDPM (default: %(default)s)")
    parser.add_argument("--metres", type=float, default=told.metres, help="side of a source pixel on the ground")
    parser.add_argument("--merge", choices=MERGES, default=told.merge, help="of windows (default: %(default)s)")
    parser.add_argument("--tiles", choices=TILES, default=told.tiles, help="the result also as tiles of web maps")
    parser.add_argument(
        "--consistent", action=argparse.BooleanOptionalAction, default=told.consistent, help="keep the source's colours"
    )
    parser.add_argument("--bands", default=None, metavar="R,G,B", help="which are shown")
    parser.add_argument("--stretch", default="", metavar="LOW,HIGH[;...]", help="numbers seen black and white")
    parser.add_argument("--model", default=DEFAULT_MODEL["generate"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_sign_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Generate and write; a run that was stopped is gone on with. Raises ToposcopeError."""
    folder = paths.models_folder()
    models, notices = LoadedModels(catalog(folder), folder), list[str]()
    work = RunContext(models, folder, paths.runs_folder(), Progress(), notify=notices.append)
    request = _request(arguments)
    HANDLERS["generate"].check(request, models.registry.get(request.model).parameters)
    signing = checked_signing(arguments)
    *files, _, record = run_generated(request, Places(arguments.out.absolute()), work)
    models.unload()
    if signing:
        sign_results(files, signing)
    told = json.loads(record.read_text(encoding="utf-8"))
    answer = {
        "model": arguments.model,
        "out": str(arguments.out.absolute()),
        "files": [str(path) for path in files],
        "record": str(record),
        "windows": told["windows"],
        "timings": told["timings"],
        "notices": notices,
    }
    if arguments.json:
        sys.stdout.write(json.dumps(answer) + "\n")
        return 0
    sys.stderr.writelines(f"{notice}\n" for notice in notices)
    sys.stdout.writelines(f"{path} is written: SYNTHETIC, not an observation\n" for path in answer["files"])
    return 0


def _request(arguments: argparse.Namespace) -> JobRequest:
    parameters: dict[str, Any] = {name: getattr(arguments, name) for name in NAMES}
    parameters |= {"area": arguments.extent, "base": EARTH if arguments.earth else SOURCE}
    source = None
    if arguments.low:
        low = str(arguments.low.absolute())
        source = Source(path=low, bands=parse_bands(arguments.bands), stretch=parse_stretch(arguments.stretch))
    return JobRequest("generate", arguments.model, source, parameters=parameters, device=arguments.device)
