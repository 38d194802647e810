"""`python -m backend compare A.tif B.tif --out C.tif`: what changed between embeddings of two dates."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from backend.commands.progress import Progress
from backend.tasks.embed.compare import run_compare
from backend.tasks.vectors_record import Run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("before", type=Path, metavar="A.tif", help="embeddings, of embed or published ones")
    parser.add_argument("after", type=Path, metavar="B.tif", help="of the later date, by the same model")
    parser.add_argument("--out", type=Path, required=True, metavar="C.tif", help="1 - cosine, 0 where nothing changed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Compare and write; raises ToposcopeError with a sentence for what cannot be done."""
    out = arguments.out.absolute()
    before, after, notices = arguments.before.absolute(), arguments.after.absolute(), list[str]()
    run_compare(Run("compare", {}), before, after, out, Progress(), notices.append)
    if not arguments.json:
        sys.stderr.writelines(f"{notice}\n" for notice in notices)
    answer = {"out": str(out), "notices": notices}
    sys.stdout.write((json.dumps(answer) if arguments.json else f"{out} is written") + "\n")
    return 0
