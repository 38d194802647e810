"""`--sign CERT KEY` of the commands that make synthetic pixels."""

from __future__ import annotations

import argparse
from pathlib import Path

from backend.geo.c2pa_sign import Signing


def add_sign_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    told = "sign what is synthetic by C2PA: chain of certificates and key, PEM files; needs c2pa-python"
    parser.add_argument("--sign", type=Path, nargs=2, metavar=("CERT", "KEY"), help=told)


def checked_signing(arguments: argparse.Namespace) -> Signing | None:
    """Return who signs, if anybody does, found able to do it. Raises as `Signing.check`."""
    if not arguments.sign:
        return None
    signing = Signing(*arguments.sign)
    signing.check()
    return signing
