"""`python -m backend embed IMAGE|FOLDER ...`: vectors of places, chips or pictures."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, cast

from backend import paths
from backend.commands.prompt_arguments import parse_bands
from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.models.catalog import catalog
from backend.models.embedder import DenseEmbedder, Embedder
from backend.models.loaded import LoadedModels
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.source import Source
from backend.tasks.embed import embed_chips, embed_dense, embed_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("image", type=Path, metavar="IMAGE|FOLDER", help="a raster, or a folder of pictures")
    parser.add_argument("--out", type=Path, metavar="E.tif", help="a vector for every 4 x 4 pixels, as bands")
    parser.add_argument("--chips", type=Path, metavar="C.parquet", help="a vector a chip")
    parser.add_argument("--size", type=int, default=128, metavar="N", help="side of a chip (default: %(default)s)")
    parser.add_argument("--stride", type=int, metavar="N", help="from chip to chip (default: the chip's side)")
    parser.add_argument("--images", type=Path, metavar="V.parquet", help="a vector a picture of the folder")
    parser.add_argument("--bands", metavar="4,3,2", help="one band (grey) or three (red, green, blue)")
    parser.add_argument("--model", default=DEFAULT_MODEL["embed"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Embed and write; raises ToposcopeError with a sentence for what cannot be done."""
    wanted = [name for name in ("out", "chips", "images") if getattr(arguments, name)]
    if len(wanted) != 1 or (wanted == ["images"]) != arguments.image.is_dir():
        raise BadInput(codes.PARAMETER_INVALID, "Give --out or --chips for a raster, --images for a folder.")
    models = LoadedModels(catalog(paths.models_folder()), paths.models_folder())
    spec = models.registry.get(arguments.model)
    if "embed" not in spec.tasks:
        able = ", ".join(one.id for one in models.registry.for_task("embed"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not embed; use one of {able}.")
    model: Any = models.get(arguments.model, arguments.device)
    if wanted == ["out"] and not hasattr(model, "dense"):
        raise BadInput(codes.PARAMETER_INVALID, f"{spec.title} has no vectors of single places; use --chips.")
    answer = {"model": arguments.model, "out": str(getattr(arguments, wanted[0])), **_written(arguments, model)}
    models.unload()
    sys.stdout.write((json.dumps(answer) if arguments.json else f"{answer['out']} is written") + "\n")
    return 0


def _written(arguments: argparse.Namespace, model: Any) -> dict[str, int]:
    if arguments.images:
        return {"count": embed_folder(arguments.image, cast(Embedder, model), arguments.images.absolute(), _silent)}
    path = arguments.image.absolute()
    with SourceReader(Source(path=str(path), bands=parse_bands(arguments.bands)), path) as reader:
        if arguments.out:
            embed_dense(reader, cast(DenseEmbedder, model), arguments.out.absolute(), _silent)
            return {}
        stride = arguments.stride or arguments.size
        chips = arguments.chips.absolute()
        return {"count": embed_chips(reader, cast(Embedder, model), chips, arguments.size, stride, _silent)}


def _silent(percent: float, message: str) -> None:
    """Progress has no place on a command line whose output programs read."""
