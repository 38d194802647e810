"""`python -m backend outline IMAGE --states S.safetensors --weights DIR --out O.gpkg`: masks of [SEG] tokens."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pyogrio.raw
from numpy.typing import NDArray

from backend.commands.prompt_arguments import parse_bands
from backend.device import choose_device
from backend.errors import BadInput
from backend.geo.reader import SourceReader
from backend.models import tiers
from backend.models.spec import FULL
from backend.protocol import codes
from backend.protocol.jobs import JobRequest, Output
from backend.protocol.source import Source
from backend.tasks.outline_tokens import Token, run_outline

MODEL, UNNAMED = "geopixel", "object"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    states = "a tensor (n, 4096) a phrase, a row a [SEG] token; or S.npy, whose rows have no phrase"
    parser.add_argument("image", type=Path, metavar="IMAGE", help="what the language model saw, any raster GDAL reads")
    parser.add_argument("--states", type=Path, required=True, metavar="S.safetensors", help=states)
    parser.add_argument("--weights", type=Path, required=True, metavar="DIR", help="folder of GeoPixel's weights")
    parser.add_argument("--out", type=Path, required=True, metavar="O.gpkg", help="the GeoPackage to write")
    parser.add_argument("--area", default="", metavar="AREA", help="the part it saw: xmin,ymin,xmax,ymax; default: all")
    parser.add_argument("--bands", metavar="4,3,2", help="one band (grey) or three (red, green, blue)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Outline and write; raises ToposcopeError with a sentence for what cannot be done."""
    tiers.require(FULL)
    from backend.models import geopixel

    tokens = read_tokens(arguments.states)
    path = arguments.image.absolute()
    source = Source(path=str(path), bands=parse_bands(arguments.bands))
    request = JobRequest(
        task="outline",
        model=MODEL,
        source=source,
        parameters={"area": arguments.area, "states": arguments.states.name},
        output=Output(path=str(arguments.out.absolute())),
        device=arguments.device,
    )
    device = choose_device(arguments.device)
    notices = [device.notice] if device.notice else []
    with SourceReader(source, path) as reader:
        model = geopixel.load(arguments.weights.absolute(), device)
        record = {"id": MODEL, "folder": arguments.weights.name, "device": device.kind, "dtype": device.dtype}
        written = run_outline(request, tokens, model, record, reader, notices.append)
    model.close()
    _report(arguments, len(tokens), written, notices)
    return 0


def read_tokens(path: Path) -> list[Token]:
    """Return the tokens of a file: phrases in the order of their names, rows in the file's.

    Raises:
        BadInput: PROMPT_INVALID, the file is no such file, or its rows are not of finite numbers.
    """
    tokens = [
        Token(phrase, row) for phrase, rows in _tensors(path).items() for row in np.atleast_2d(rows).astype(np.float32)
    ]
    if not tokens:
        raise BadInput(codes.PROMPT_INVALID, f"{path.name!r} holds no hidden state; give a row for each [SEG] token.")
    if not all(token.state.ndim == 1 and np.isfinite(token.state).all() for token in tokens):
        detail = f"{path.name!r} holds no rows of finite numbers; give a row for each [SEG] token."
        raise BadInput(codes.PROMPT_INVALID, detail)
    return tokens


def _tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if path.suffix.lower() == ".npy":
            return {UNNAMED: np.asarray(np.load(path, allow_pickle=False), np.float32)}
        return {name: value.float().numpy() for name, value in sorted(load_file(path).items())}
    except (OSError, ValueError, SafetensorError) as error:
        detail = f"{path.name!r} cannot be read; give [SEG] states as .safetensors or .npy."
        raise BadInput(codes.PROMPT_INVALID, detail) from error


def _report(arguments: argparse.Namespace, asked: int, written: list[Path], notices: list[str]) -> None:
    out, record = written
    _, _, _, columns = pyogrio.raw.read(out, columns=["id", "phrase", "score", "area_m2"], read_geometry=False)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    objects = [dict(zip(("id", "phrase", "score", "area_m2"), row, strict=True)) for row in rows]
    if arguments.json:
        answer = {"out": str(out), "record": str(record), "model": MODEL, "objects": objects, "notices": notices}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    for notice in notices:
        sys.stderr.write(f"{notice}\n")
    sys.stdout.write(f"{len(objects)} of {asked} objects in {out}\n")
