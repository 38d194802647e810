"""`models`: list, get, check, remove and export models."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from backend.models import tiers, weights
from backend.models.catalog import catalog
from backend.models.loaded import model_infos
from backend.models.registry import Registry
from backend.models.spec import FULL
from backend.models.weights_download import download
from backend.models.weights_import import import_from
from backend.paths import models_folder

TOKEN_VARIABLE = "HF_TOKEN"  # nosec B105 # the name of a variable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, text in (
        ("list", "show all models"),
        ("pull", f"download weights from the hub (a token for gated ones: the variable {TOKEN_VARIABLE})"),
        ("import", "take weights from a file or folder"),
        ("verify", "compare installed weights with their checksums"),
        ("remove", "delete installed weights"),
        ("export", "write an installed model as ONNX"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("--json", action="store_true", help="one JSON object on stdout")
        if name != "list":
            action.add_argument("id", nargs="?" if name == "verify" else None, help="the model's id")
    actions.choices["pull"].add_argument("--revision", default="", help="commit, where the catalogue pins none")
    actions.choices["import"].add_argument("path", type=Path)
    actions.choices["export"].add_argument("--out", type=Path, help="folder; by default where the catalogue finds it")


def run(args: argparse.Namespace) -> int:
    """Carry out one action. Errors are `ToposcopeError`s."""
    actions: dict[str, Callable[[argparse.Namespace, Registry, Path], int]] = {
        "list": _list,
        "pull": _pull,
        "import": _import,
        "verify": _verify,
        "remove": _remove,
        "export": _export,
    }
    folder = models_folder()
    return actions[args.action](args, catalog(folder), folder)


def _list(args: argparse.Namespace, registry: Registry, models: Path) -> int:
    infos = model_infos(registry, models)
    if args.json:
        return _say(args, {"models": [asdict(info) for info in infos]}, "")
    for info in infos:
        state = "ships" if info.ships else "installed" if info.installed else "gated" if info.gated else "-"
        size = "" if info.ships else f"{info.size / 1e6:.0f} MB"
        line = f"{info.id:<20} {info.title:<23} {info.tier:<5} {state:<10} {size:>8}  {info.speed:<7} {info.licence}"
        sys.stdout.write(line.rstrip() + "\n")
    return 0


def _pull(args: argparse.Namespace, registry: Registry, models: Path) -> int:
    spec = registry.get(args.id)
    download(spec, models, os.environ.get(TOKEN_VARIABLE, ""), args.revision, _progress)
    sys.stderr.write("\n")
    return _say(args, _described(weights.verify(spec, models)), f"{spec.title} is installed.")


def _import(args: argparse.Namespace, registry: Registry, models: Path) -> int:
    spec = registry.get(args.id)
    said = import_from(spec, models, args.path)
    return _say(args, {**_described(weights.verify(spec, models)), "notice": said}, said)


def _verify(args: argparse.Namespace, registry: Registry, models: Path) -> int:
    specs = [registry.get(args.id)] if args.id else [spec for spec in registry if weights.installed(spec, models)]
    found = [_described(weights.verify(spec, models)) for spec in specs]
    lines = [f"{spec.id}: as recorded" for spec in specs] or ["No weights are installed."]
    return _say(args, {"models": found}, "\n".join(lines))


def _remove(args: argparse.Namespace, registry: Registry, models: Path) -> int:
    spec = registry.get(args.id)
    weights.remove(spec, models)
    return _say(args, {"removed": spec.id}, f"{spec.title} was removed.")


def _export(args: argparse.Namespace, registry: Registry, models: Path) -> int:
    """Export an installed model; into the store, where the catalogue finds it, unless `--out` says otherwise."""
    spec = registry.get(args.id)
    folder = weights.checked_folder(spec, models)
    if folder is None:
        raise weights.not_installed(spec)
    tiers.require(FULL)
    from backend.models.onnx_export import export_onnx  # brings torch

    files = export_onnx(spec, folder, args.out or models / f"onnx-{spec.id}")
    return _say(args, {"files": [str(path) for path in files]}, "\n".join(str(path) for path in files))


def _described(manifest: weights.Manifest) -> dict[str, object]:
    return {**asdict(manifest), "size": manifest.size}


def _progress(percent: float, message: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{percent:5.1f} %  {message:<60}")


def _say(args: argparse.Namespace, data: dict[str, object], text: str) -> int:
    sys.stdout.write((json.dumps(data) if args.json else text) + "\n")
    return 0
