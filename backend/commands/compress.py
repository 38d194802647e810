"""`python -m backend compress A.parquet B.parquet --with FOLDER --out C.parquet`: one short vector for many."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from backend.geo.atomic import check_replaces_none, check_target
from backend.models.compressor import Compressor
from backend.tasks.beside import check_own_name
from backend.tasks.compress import compress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    files = "tables of vectors by id, of the compressor's embedders and dates in its order"
    parser.add_argument("vectors", type=Path, nargs="+", metavar="V.parquet", help=files)
    parser.add_argument("--with", type=Path, required=True, metavar="FOLDER", dest="folder", help="a compressor")
    parser.add_argument("--out", type=Path, required=True, metavar="C.parquet", help="a vector for every common id")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Compress and write; raises ToposcopeError with a sentence for what cannot be done."""
    out = arguments.out.absolute()
    check_target(out, ".parquet")
    check_replaces_none((out,), arguments.vectors)
    check_own_name((out,))
    compressor = Compressor(arguments.folder)
    count, left_out = compress([path.absolute() for path in arguments.vectors], compressor, out)
    answer = {"out": str(out), "count": count, "left_out": left_out, "width": compressor.width}
    told = f"{out} is written: {count} vectors of {compressor.width} numbers" + (
        f"; {left_out} without a vector in every file are left out" if left_out else ""
    )
    sys.stdout.write((json.dumps(answer) if arguments.json else told) + "\n")
    return 0
