"""`python -m backend evaluate EMBEDDINGS ... --labels ...`: NeuCo-Bench's protocol on one's own vectors and labels."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.commands.progress import Progress
from backend.errors import BadInput
from backend.geo.atomic import write_bytes
from backend.protocol import codes
from backend.tasks.evaluate.embeddings import read_embeddings
from backend.tasks.evaluate.probe import Settings
from backend.tasks.evaluate.protocol import evaluate
from backend.tasks.evaluate.tasks import NAMED, read_tasks

USUAL = Settings()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("embeddings", type=Path, nargs="+", metavar="E.csv|E.parquet", help="a method's vectors by id")
    labels = f"files named {NAMED} with the columns id and label, or a folder of them"
    parser.add_argument("--labels", type=Path, nargs="+", required=True, metavar="FOLDER|L.csv", help=labels)
    parser.add_argument("--out", type=Path, metavar="R.json", help="every score of every split")
    parser.add_argument("--folds", type=_count, default=USUAL.folds, metavar="N", help="splits (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=USUAL.seed, metavar="N", help="default: %(default)s")
    parser.add_argument("--epochs", type=_count, default=USUAL.epochs, metavar="N", help="default: %(default)s")
    parser.add_argument("--batch", type=_count, default=USUAL.batch, metavar="N", help="default: %(default)s")
    parser.add_argument("--rate", type=float, default=USUAL.rate, metavar="R", help="default: %(default)s")
    dimensions = "numbers a vector is filled up to and may have; 0: as many as it has (default: %(default)s)"
    parser.add_argument("--dim", type=int, default=USUAL.dimensions, metavar="N", help=dimensions)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Evaluate; raises ToposcopeError with a sentence for what cannot be done."""
    if arguments.rate <= 0 or arguments.dim < 0:
        raise BadInput(codes.PARAMETER_INVALID, "The rate must be above 0, and --dim must not be negative.")
    tasks = read_tasks(arguments.labels)
    methods = [read_embeddings(path) for path in arguments.embeddings]
    settings = Settings(
        arguments.folds, arguments.seed, arguments.epochs, arguments.batch, arguments.rate, arguments.dim
    )
    report = evaluate(methods, tasks, settings, Progress())
    if arguments.out:
        write_bytes(arguments.out.absolute(), (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode())
    sys.stdout.write((json.dumps(report) if arguments.json else _told(report)) + "\n")
    return 0


def _told(report: dict[str, Any]) -> str:
    """Return a line a method and task, and one a method."""
    lines = []
    for method in report["methods"]:
        for name, task in method["tasks"].items():
            missing = f", {task['missing']} ids missing" if task["missing"] else ""
            score = f"{task['measure']} {task['mean']:.3f} ± {task['deviation']:.3f}"
            lines.append(f"{method['name']}  {name}: Q {task['q']:.2f}, {score}, {task['count']} rows{missing}")
        rank = f", weighted rank {method['weighted_rank']:.2f}" if len(report["methods"]) > 1 else ""
        lines.append(f"{method['name']}: mean Q {method['mean_q']:.3f}{rank}")
    return "\n".join(lines)


def _count(text: str) -> int:
    """Return a number from 1 on; argparse turns the ValueError into a sentence."""
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


_count.__name__ = "number from 1 on"  # argparse names the type in its message
