"""`python -m backend embed IMAGE|FOLDER ...`: vectors of blocks, chips or pictures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend import paths
from backend.commands.progress import Progress
from backend.commands.prompt_arguments import parse_bands, parse_stretch
from backend.errors import BadInput
from backend.jobs.embedding import FITTED, opened_embedder, opened_source, run_embed
from backend.jobs.live_embedder import LiveEmbedder
from backend.jobs.run_context import RunContext
from backend.models.catalog import catalog
from backend.models.loaded import LoadedModels
from backend.models.spec import ModelSpec
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.jobs import JobRequest
from backend.protocol.source import Source
from backend.tasks.embed.folder import embed_folder
from backend.tasks.embed.parameters import CHIPS, DENSE, FLOAT32, INT8, EmbedParameters
from backend.tasks.embed.places import Places
from backend.tasks.record import model_record, utc_now
from backend.tasks.vectors.about import CHIP, About
from backend.tasks.vectors.identity import Identity


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("image", type=Path, metavar="IMAGE|FOLDER", help="a raster, or a folder of pictures")
    parser.add_argument("--out", type=Path, metavar="E.tif", help="a vector for every block of pixels, as bands")
    parser.add_argument("--block", type=int, default=0, metavar="N", help="side of a block (default: the model's own)")
    parser.add_argument("--float32", action="store_true", help="exact numbers, four times the size of int8")
    parser.add_argument("--chips", type=Path, metavar="C.parquet", help="a vector a chip")
    parser.add_argument("--size", type=int, default=128, metavar="N", help="side of a chip (default: %(default)s)")
    parser.add_argument("--stride", type=int, default=0, metavar="N", help="from chip to chip (default: its side)")
    parser.add_argument("--images", type=Path, metavar="V.parquet", help="a vector a picture of the folder")
    parser.add_argument("--area", default="", metavar="AREA", help="xmin,ymin,xmax,ymax or a polygon, default: all")
    parser.add_argument("--bands", default="", metavar="BANDS", help="to be shown: 4,3,2; or names: B04;B03;B02;-;B08")
    parser.add_argument("--stretch", default="", metavar="LOW,HIGH[;...]", help="numbers seen black and white")
    parser.add_argument("--gain", type=float, default=0.0, help="what makes numbers 10000 times the reflectance")
    parser.add_argument("--offset", type=float, default=0.0, help="added after the gain")
    parser.add_argument("--fitted", type=Path, metavar="E.fitted", help="what the model learnt from another picture")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the model")
    parser.add_argument("--model", default=DEFAULT_MODEL["embed"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Embed and write; a run that was stopped is gone on with. Raises ToposcopeError."""
    wanted = [name for name in ("out", "chips", "images") if getattr(arguments, name)]
    if len(wanted) != 1 or (wanted == ["images"]) != arguments.image.is_dir():
        raise BadInput(codes.PARAMETER_INVALID, "Give --out or --chips for a raster, --images for a folder.")
    models = LoadedModels(catalog(paths.models_folder()), paths.models_folder())
    spec = models.registry.get(arguments.model)
    if "embed" not in spec.tasks:
        able = ", ".join(one.id for one in models.registry.for_task("embed"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not embed; use one of {able}.")
    if parse_stretch(arguments.stretch) and LiveEmbedder(models, spec.id, arguments.device).bands:
        detail = f"{spec.title} takes numbers as they are stored: leave the stretch out; gain and offset scale them."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    notices = list[str]()
    work = RunContext(models, paths.models_folder(), paths.runs_folder(), Progress(), notify=notices.append)
    out = getattr(arguments, wanted[0]).absolute()
    if arguments.images:
        more: dict[str, Any] = {"count": _folder(arguments, spec, work, out)}
    else:
        record = run_embed(_request(arguments, spec), Places(out), work)[-1]
        told = json.loads(record.read_text(encoding="utf-8"))
        more = {"record": str(record), "count": told["chips"] if arguments.chips else told["tiles"]}
    models.unload()
    _report(arguments, {"model": spec.id, "out": str(out), **more}, notices)
    return 0


def _request(arguments: argparse.Namespace, spec: ModelSpec) -> JobRequest:
    parameters = {
        "kind": CHIPS if arguments.chips else DENSE,
        "block": arguments.block,
        "size": arguments.size,
        "stride": arguments.stride,
        "dtype": FLOAT32 if arguments.float32 else INT8,
        "area": arguments.area,
        **_of_bands(arguments),
        **_of_model(arguments.set, spec),
    }
    others = {FITTED: Source(path=str(arguments.fitted.absolute()))} if arguments.fitted else {}
    source = _source(arguments, arguments.image)
    return JobRequest("embed", spec.id, source, others=others, parameters=parameters, device=arguments.device)


def _source(arguments: argparse.Namespace, image: Path) -> Source:
    shown, stretch = _shown(arguments.bands), parse_stretch(arguments.stretch)
    return Source(path=str(image.absolute()), bands=shown, stretch=stretch)


def _shown(bands: str) -> tuple[int, ...]:
    """Return the numbers of the bands to be shown, none where their names are given."""
    return () if ";" in bands else parse_bands(bands or None)


def _of_bands(arguments: argparse.Namespace) -> dict[str, Any]:
    names = arguments.bands if ";" in arguments.bands else ""
    return {"bands": names, "gain": arguments.gain, "offset": arguments.offset}


def _of_model(words: list[str], spec: ModelSpec) -> dict[str, Any]:
    """Return the values of the model's own parameters; what is no number or truth stays text and is checked later."""
    kinds = {parameter.name: parameter.kind for parameter in spec.parameters}
    found: dict[str, Any] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in kinds:
            have = f"it has {', '.join(kinds)}" if kinds else "it has none"
            raise BadInput(codes.PARAMETER_INVALID, f"{spec.title} has no parameter {name!r:.60} to be set: {have}.")
        try:
            found[name] = text if kinds[name] == "choice" else json.loads(text)
        except ValueError:
            found[name] = text
    return found


def _folder(arguments: argparse.Namespace, spec: ModelSpec, work: RunContext, out: Path) -> int:
    model = opened_embedder(work, spec, arguments.device)
    if model.unfitted:
        detail = f"{spec.title} learns from one picture and cannot embed a folder of them; use another model."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    asked = EmbedParameters.parse(_of_bands(arguments))
    told = list[str]()
    record = model_record(spec, work.models, model.device.kind, model.device.dtype)
    identity = Identity(spec.id, " ".join(record["sha256"].values()), model.width)
    about = About("embed", utc_now(), spec.title, spec.licence, spec.paper, kind=CHIP, record="", dtype="float32")
    count = embed_folder(
        arguments.image, model, identity, about, out,
        lambda path: opened_source(_source(arguments, path), model, asked, spec, told.append),
        work.progress,
    )  # fmt: skip
    if told:
        others = f" The like goes for {len(told) - 1} of the other pictures." if len(told) > 1 else ""
        work.notify(told[0] + others)
    return count


def _report(arguments: argparse.Namespace, answer: dict[str, Any], notices: list[str]) -> None:
    if arguments.json:
        sys.stdout.write(json.dumps({**answer, "notices": notices}) + "\n")
        return
    for notice in notices:
        sys.stderr.write(f"{notice}\n")
    sys.stdout.write(f"{answer['out']} is written\n")
