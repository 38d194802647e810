"""`python -m backend segment IMAGE ...`: polygons of the objects that points, boxes or a prompt file name."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pyogrio.raw

from backend import paths
from backend.commands.outline_arguments import add_outline_arguments, outline_parameters
from backend.commands.progress import Progress
from backend.commands.prompt_arguments import parse_bands, parse_box, parse_point, read_prompts
from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.prompts import Prompts
from backend.protocol.source import Source
from backend.tasks.record import model_record
from backend.tasks.segment import run_segment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="any raster GDAL reads, georeferenced or not")
    parser.add_argument("--point", action="append", metavar="X,Y[,0|1]", help="1 (default) on the object, 0 off it")
    parser.add_argument("--box", metavar="X0,Y0,X1,Y1", help="a box around the object")
    parser.add_argument("--prompts", type=Path, metavar="P.jsonl", help="many objects: id, points and box, one a line")
    parser.add_argument("--out", type=Path, required=True, metavar="O.gpkg", help="the GeoPackage to write")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="also write DIR/ID.tif, 0 and 1 on the image's grid")
    parser.add_argument("--pixel", action="store_true", help="coordinates are column,row, not the image's CRS")
    parser.add_argument("--bands", metavar="4,3,2", help="one band (grey) or three (red, green, blue)")
    add_outline_arguments(parser)
    parser.add_argument("--model", default=DEFAULT_MODEL["segment"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Segment and write; raises ToposcopeError with a sentence for what cannot be done."""
    request = _request(arguments)
    models = LoadedModels(catalog(paths.models_folder()), paths.models_folder())
    spec = models.registry.get(request.model)
    if request.task not in spec.tasks:
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not segment; `models list` shows those that do.")
    masks = arguments.masks.absolute() if arguments.masks else None
    notices: list[str] = []
    with SourceReader(_source(request), Path(_source(request).path)) as reader:
        model = models.get(request.model, request.device)
        device = models.device_for(request.model, request.device)
        written = run_segment(
            request,
            model,
            model_record(models.registry.get(request.model), paths.models_folder(), device.kind, device.dtype),
            reader,
            arguments.out.absolute().parent,
            Progress(),
            masks_folder=masks,
            notify=notices.append,
        )
    notice = models.notice(request.model, request.device)
    models.unload()
    _report(arguments, request, written, [notice, *notices] if notice else notices)
    return 0


def _request(arguments: argparse.Namespace) -> JobRequest:
    given = [name for name in ("point", "box", "prompts") if getattr(arguments, name)]
    if not given or ("prompts" in given and len(given) > 1):
        raise BadInput(codes.PROMPT_INVALID, "Say what to segment: --point and --box, or --prompts.")
    return JobRequest(
        task="segment",
        model=arguments.model,
        source=Source(path=str(arguments.image.absolute()), bands=parse_bands(arguments.bands)),
        prompts=_prompts(arguments),
        parameters=outline_parameters(arguments),
        output=Output(path=str(arguments.out.absolute())),
        device=arguments.device,
    )


def _prompts(arguments: argparse.Namespace) -> tuple[Prompts, ...]:
    if arguments.prompts:
        return read_prompts(arguments.prompts, arguments.pixel)
    points = tuple(parse_point(text) for text in arguments.point or ())
    box = parse_box(arguments.box) if arguments.box else None
    return (Prompts(points=points, box=box, pixel=arguments.pixel),)


def _source(request: JobRequest) -> Source:
    return request.source or Source()


def _report(arguments: argparse.Namespace, request: JobRequest, written: list[Path], notices: list[str]) -> None:
    _, _, _, columns = pyogrio.raw.read(written[0], columns=["object", "score", "area_m2"], read_geometry=False)
    objects = [dict(zip(("id", "score", "area_m2"), row, strict=True)) for row in zip(*columns, strict=True)]
    if arguments.json:
        answer = {
            "out": str(written[0]),
            "masks": [str(path) for path in written[1:-1]],
            "record": str(written[-1]),
            "model": request.model,
            "objects": [{**row, "score": float(row["score"]), "area_m2": float(row["area_m2"])} for row in objects],
            "notices": notices,
        }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    for notice in notices:
        sys.stderr.write(f"{notice}\n")
    sys.stdout.write(f"{len(objects)} of {len(request.prompts)} objects in {written[0]}\n")
