"""`python -m backend cluster E.tif ...`: groups of places whose vectors are alike, with no examples."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.commands.progress import Progress
from backend.errors import BadInput
from backend.protocol import codes
from backend.tasks.cluster.job import Places, run_cluster
from backend.tasks.cluster.parameters import COLOURS, METHODS, NONE, ClusterParameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    usual = ClusterParameters()
    parser.add_argument("vectors", type=Path, metavar="E.tif|C.parquet", help="embeddings, of embed or published ones")
    parser.add_argument("--out", type=Path, required=True, metavar="O", help=".tif; of a table .gpkg or .parquet")
    parser.add_argument("--method", choices=METHODS, default=usual.method)
    parser.add_argument("--clusters", type=int, default=usual.clusters, metavar="K", help="of kmeans, 2 to 250")
    parser.add_argument("--seed", type=int, default=usual.seed, metavar="N")
    parser.add_argument(
        "--colours", choices=COLOURS, default=NONE, help="a picture in false colour; needs --colours-out"
    )
    parser.add_argument("--colours-out", type=Path, metavar="F.tif")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Find groups and write; raises ToposcopeError with a sentence for what cannot be done."""
    colours = arguments.colours_out.absolute() if arguments.colours_out else None
    if (colours is None) != (arguments.colours == NONE):
        raise BadInput(codes.PARAMETER_INVALID, "Give --colours pca or umap together with --colours-out, or neither.")
    names = ("method", "clusters", "seed", "colours")
    parameters = ClusterParameters.parse({name: getattr(arguments, name) for name in names})
    out = arguments.out.absolute()
    places = Places(out, out.with_suffix(".run.json"), colours)
    said = run_cluster(arguments.vectors.absolute(), parameters, places, Progress())
    answer = {"out": str(out), "groups": said["groups"]}
    sys.stdout.write((json.dumps(answer) if arguments.json else _told(answer)) + "\n")
    return 0


def _told(answer: dict[str, Any]) -> str:
    return "\n".join(
        [f"{answer['out']} is written", *(f"{one['name']}: {one['share']:.1%}" for one in answer["groups"])]
    )
