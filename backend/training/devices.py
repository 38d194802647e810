"""Where a stage runs. Whatever is drawn is drawn on the CPU, so that a seed means the same on either device."""

from __future__ import annotations

import argparse
import sys

import torch

from backend.device import AUTO, DEVICES, choose_device


def add_device(parser: argparse.ArgumentParser) -> None:
    """Declare `--device`."""
    parser.add_argument("--device", choices=DEVICES, default=AUTO, help="auto: a GPU where one works")


def chosen(wanted: str) -> torch.device:
    """Return the device for `wanted`, and say on stderr where it is not what was asked for."""
    found = choose_device(wanted)
    if found.notice:
        sys.stderr.write(f"{found.notice}\n")
    return torch.device(found.kind)
