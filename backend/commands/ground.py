"""`python -m backend ground IMAGE --text "building; lake" ...`: where the phrases are."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np

from backend import paths
from backend.commands.prompt_arguments import parse_bands
from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.models.catalog import catalog
from backend.models.embedder import DenseEmbedder
from backend.models.loaded import LoadedModels
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL
from backend.protocol.source import Source
from backend.tasks.embed import write_raster
from backend.tasks.ground.whole import BACKGROUNDS, Grounded, ground, split_phrases


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="any raster GDAL reads, georeferenced or not")
    parser.add_argument("--text", required=True, metavar="PHRASES", help="phrases with semicolons between them")
    parser.add_argument("--classes", type=Path, metavar="C.tif", help="0 = none, i = the i-th phrase")
    parser.add_argument("--scores", type=Path, metavar="S.tif", help="a band a phrase, 0 to 1")
    parser.add_argument("--background", choices=BACKGROUNDS, default="auto", help="none: every pixel gets a phrase")
    parser.add_argument("--bands", metavar="4,3,2", help="one band (grey) or three (red, green, blue)")
    parser.add_argument("--model", default=DEFAULT_MODEL["ground"], metavar="ID", help="default: %(default)s")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Ground and write; raises ToposcopeError with a sentence for what cannot be done."""
    if not (arguments.classes or arguments.scores):
        raise BadInput(codes.PARAMETER_INVALID, "Say what to write: --classes, --scores or both.")
    phrases = split_phrases(arguments.text)
    models = LoadedModels(catalog(paths.models_folder()), paths.models_folder())
    spec = models.registry.get(arguments.model)
    if "ground" not in spec.tasks:
        able = ", ".join(one.id for one in models.registry.for_task("ground"))
        raise BadInput(codes.MODEL_UNKNOWN, f"{spec.title} does not ground; use one of {able}.")
    model: Any = models.get(arguments.model, arguments.device)
    path = arguments.image.absolute()
    with SourceReader(Source(path=str(path), bands=parse_bands(arguments.bands)), path) as reader:
        found = ground(reader, cast(DenseEmbedder, model), phrases, arguments.background, _silent)
        if arguments.classes:
            write_raster(arguments.classes.absolute(), found.classes[None], reader.grid, ("; ".join(phrases),))
        if arguments.scores:
            write_raster(arguments.scores.absolute(), found.scores, reader.grid, phrases)
    models.unload()
    _report(arguments, found)
    return 0


def _report(arguments: argparse.Namespace, found: Grounded) -> None:
    shares = {phrase: float((found.classes == i).mean()) for i, phrase in enumerate(found.phrases, start=1)}
    if arguments.json:
        written = {name: str(p) for name in ("classes", "scores") if (p := getattr(arguments, name))}
        best = {p: float(np.nanmax(s)) for p, s in zip(found.phrases, found.scores, strict=True)}
        sys.stdout.write(json.dumps({"model": arguments.model, **written, "shares": shares, "best": best}) + "\n")
        return
    for phrase, share in shares.items():
        sys.stdout.write(f"{share:7.1%}  {phrase}\n")


def _silent(percent: float, message: str) -> None:
    """Progress has no place on a command line whose output programs read."""
