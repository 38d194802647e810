"""`python -m plugin.server`: plan, install, verify, repair, move, remove, bundle and where, without QGIS."""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

from . import bundle, installer, manage
from .errors import ServerError
from .plan import Plan, make_plan
from .process import Feedback


def main(arguments: Optional[List[str]] = None) -> int:
    """Run one command and return its exit status: 0, or 1 with one line on stderr."""
    options = _parser().parse_args(arguments)
    feedback = Feedback(_show_progress, _show_line) if not options.json else Feedback()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: feedback.cancel())
    try:
        answer = COMMANDS[options.command](options, feedback)
    except ServerError as error:
        failure = {"error": error.code, "sentence": error.sentence, "action": error.action}
        print(json.dumps(failure) if options.json else f"{error} [{error.code}]", file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(answer, indent=None if options.json else 1))  # noqa: T201
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plugin.server", description=__doc__)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="one JSON object on stdout, no progress")
    chosen = argparse.ArgumentParser(add_help=False, parents=[shared])
    chosen.add_argument("--tier", choices=("core", "full"), default="core")
    chosen.add_argument("--variant", choices=("cpu", "cuda"), default="", help="chosen by the driver where absent")
    chosen.add_argument("--python", default="", help="build with this interpreter (3.11 to 3.13)")
    chosen.add_argument("--folder", default="", help="build in this folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("plan", parents=[chosen], help="what would be installed, where, how big")
    commands.add_parser("install", parents=[chosen], help="install and switch to it; seconds where it is there already")
    commands.add_parser("repair", parents=[chosen], help="build the same environment anew")
    commands.add_parser("verify", parents=[shared], help="prove the environment in use")
    commands.add_parser("where", parents=[shared], help="what is in use and how much it takes")
    commands.add_parser("rollback", parents=[shared], help="return to the environment before this one")
    commands.add_parser("remove", parents=[shared], help="delete environments and downloads")
    commands.add_parser("move", parents=[shared], help="move the environment").add_argument("target", type=Path)
    commands.add_parser("use", parents=[shared], help="use an interpreter of your own").add_argument("python")
    for name in ("export", "import"):
        added = commands.add_parser(f"bundle-{name}", parents=[chosen], help=f"{name} an offline bundle")
        added.add_argument("file", type=Path)
    return parser


def _plan(options: Any) -> Plan:
    return make_plan(options.tier, options.variant, options.python, options.folder)


def _install(options: Any, feedback: Feedback) -> Dict[str, Any]:
    python = installer.install(_plan(options), feedback, again=options.command == "repair")
    return {"python": str(python)}


def _import(options: Any, feedback: Feedback) -> Dict[str, Any]:
    return {"python": str(bundle.install(options.file, feedback, python=options.python, folder=options.folder))}


COMMANDS = {
    "plan": lambda options, _: dataclasses.asdict(_plan(options)),
    "install": _install,
    "repair": _install,
    "verify": lambda _, feedback: manage.check(feedback),
    "where": lambda *_: manage.where(),
    "rollback": lambda *_: {"python": str(installer.roll_back())},
    "remove": lambda _, feedback: {"freed": manage.remove(feedback)},
    "move": lambda options, feedback: {"python": str(manage.move(options.target, feedback))},
    "use": lambda options, feedback: {"python": str(installer.use_python(options.python, feedback))},
    "bundle-export": lambda options, feedback: {"file": str(bundle.export(_plan(options), options.file, feedback))},
    "bundle-import": _import,
}


def _show_progress(percent: float, message: str, _size: int) -> None:
    print(f"{percent:3.0f} % {message}", file=sys.stderr)  # noqa: T201


def _show_line(line: str) -> None:
    print(f"      {line}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
