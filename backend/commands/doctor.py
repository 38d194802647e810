"""`doctor`: what works here and what to do about the rest."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from backend import doctor
from backend.models.catalog import catalog
from backend.paths import models_folder

SIGNS = {doctor.OK: "ok  ", doctor.NOTE: "note", doctor.BROKEN: "BAD "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def run(args: argparse.Namespace) -> int:
    """Print the findings; exit 0 when Toposcope can be used."""
    models = models_folder()
    findings = []
    for finding in doctor.examine(catalog(models), models):
        findings.append(finding)
        if not args.json:
            sys.stdout.write(_line(finding))
            sys.stdout.flush()
    good = doctor.usable(findings)
    if args.json:
        json.dump(
            {"usable": good, "versions": doctor.versions(), "findings": [asdict(f) for f in findings]}, sys.stdout
        )
        sys.stdout.write("\n")
    else:
        sys.stdout.write("Toposcope can be used.\n" if good else "Toposcope cannot be used yet; see BAD above.\n")
    return 0 if good else 1


def _line(finding: doctor.Finding) -> str:
    remedy = f"\n       {' ' * 14}-> {finding.remedy}" if finding.remedy else ""
    return f"{SIGNS[finding.state]}  {finding.name:<14} {finding.found}{remedy}\n"
