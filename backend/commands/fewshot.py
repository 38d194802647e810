"""`python -m backend fewshot E.tif ...`: classes of every place of embeddings, learnt from a few examples."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.commands.progress import Progress
from backend.commands.prompt_arguments import read_prompts
from backend.tasks.fewshot.job import run_fewshot
from backend.tasks.fewshot.question import COLUMN, Places, Question


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("vectors", type=Path, metavar="E.tif|C.parquet", help="embeddings, of embed or published ones")
    parser.add_argument("--examples", type=Path, metavar="EX.gpkg", help="points and polygons, or a CSV of rows' names")
    parser.add_argument("--column", default=COLUMN, metavar="COL", help="of the classes (default: %(default)s)")
    parser.add_argument("--layer", default="", help="of examples that have several")
    parser.add_argument("--prompts", type=Path, metavar="FILE", help="examples as JSON lines; the id is the class")
    parser.add_argument("--pixel", action="store_true", help="prompts are column, row of the embeddings")
    parser.add_argument("--classifier", type=Path, metavar="C.json", help="saved earlier, of the same model's vectors")
    parser.add_argument("--area", default="", metavar="A", help="xmin,ymin,xmax,ymax or a polygon as WKT or GeoJSON")
    parser.add_argument("--out", type=Path, required=True, metavar="O", help=".tif; of a table .gpkg or .parquet")
    parser.add_argument("--confidence", type=Path, metavar="F.tif", help="how sure each place is, 0 to 1")
    parser.add_argument("--save", type=Path, metavar="C.json", help="the classifier, for other layers and dates")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Learn, map and write; raises ToposcopeError with a sentence for what cannot be done."""
    question = Question(
        arguments.vectors.absolute(),
        _absolute(arguments.examples),
        arguments.column,
        arguments.layer,
        read_prompts(arguments.prompts, arguments.pixel) if arguments.prompts else (),
        _absolute(arguments.classifier),
        arguments.area,
    )
    out = arguments.out.absolute()
    record = out.with_suffix(".run.json")
    places = Places(out, record, _absolute(arguments.confidence), _absolute(arguments.save))
    notices: list[str] = []
    said = run_fewshot(question, places, Progress(), notices.append)
    answer = {"out": str(out), "accuracy": said["accuracy"], "classes": said["classes"], "notices": notices}
    sys.stdout.write((json.dumps(answer) if arguments.json else _told(answer)) + "\n")
    return 0


def _told(answer: dict[str, Any]) -> str:
    lines = [f"{answer['out']} is written"]
    lines += [f"{one['name']}: {one['share']:.1%}, learnt from {one['examples']}" for one in answer["classes"]]
    if answer["accuracy"] is not None:
        lines.append(f"of examples left out, {answer['accuracy']:.0%} were told rightly, every class counting alike")
    return "\n".join([*lines, *answer["notices"]])


def _absolute(path: Path | None) -> Path | None:
    return path.absolute() if path else None
