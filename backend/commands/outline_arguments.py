"""The kind of outline as a command line asks for it."""

from __future__ import annotations

import argparse
from typing import Any

from backend.geo.outline import OUTLINE_PARAMETERS, OUTLINES


def add_outline_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `OUTLINE_PARAMETERS`."""
    parser.add_argument("--outline", choices=OUTLINES, help="kind of outline (default: smooth)")
    parser.add_argument("--min-area", type=float, metavar="M2", help="leave out smaller parts and fill smaller holes")
    parser.add_argument("--fill-holes", action="store_const", const=True, help="fill all holes")
    parser.add_argument("--largest-only", action="store_const", const=True, help="keep the largest part only")
    parser.add_argument("--simplify", type=float, metavar="PX", help="how far a smooth outline may move")


def outline_parameters(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return those of a request that were given."""
    return {one.name: value for one in OUTLINE_PARAMETERS if (value := getattr(arguments, one.name)) is not None}
