"""Run real QGIS with Toposcope in a fresh profile and play a scene in it; without a screen, under Xvfb.

Usage: python3 scripts/desktop/run.py SCENE OUT [--keep-open] [--root FOLDER] [--language zh-Hans] [--dark]

SCENE is a module of `scripts/desktop/scenes`. The scene leaves screenshots, layers and `report.json` in OUT. The exit
code is 0 when the scene reported success. With --keep-open QGIS stays open for the person in front of it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1600, 1000)
TIMEOUT_S = float(os.environ.get("TOPOSCOPE_SCENE_TIMEOUT", "600"))


def main() -> int:
    """Run the scene the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene")
    parser.add_argument("out", type=Path)
    parser.add_argument("--keep-open", action="store_true")
    parser.add_argument("--root", type=Path, default=ROOT, help="the plugin's folder to load")
    parser.add_argument("--language", default="en")
    parser.add_argument("--dark", action="store_true", help="QGIS's Night Mapping theme")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    report = arguments.out / "report.json"
    report.unlink(missing_ok=True)
    with _display() as display:
        code = _run_qgis(arguments, display)
    if arguments.keep_open:
        return 0
    if not report.exists():
        print(
            f"QGIS ended with code {code} before the scene was over; see {arguments.out / 'qgis.log'}", file=sys.stderr
        )
        return 1
    result = json.loads(report.read_text(encoding="utf-8"))
    for line in result["lines"]:
        print(line)
    return 0 if result["ok"] else 1


def _run_qgis(arguments: argparse.Namespace, display: str) -> int:
    """Start QGIS in a profile that holds nothing but Toposcope and wait for it to end."""
    profiles = arguments.out.resolve() / "profile"
    shutil.rmtree(profiles, ignore_errors=True)
    _write_profile(profiles, arguments)
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", str(profiles)),
        "TOPOSCOPE_SCENE": arguments.scene,
        "TOPOSCOPE_OUT": str(arguments.out.resolve()),
        "TOPOSCOPE_ROOT": str(ROOT),
        "TOPOSCOPE_KEEP_OPEN": "1" if arguments.keep_open else "",
    }
    command = [_qgis(), "--profiles-path", str(profiles), "--profile", "scene", "--nologo", "--noversioncheck"]
    command += ["--code", str(ROOT / "scripts/desktop/driver.py")]
    with (arguments.out / "qgis.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            return process.wait(None if arguments.keep_open else TIMEOUT_S)
        except subprocess.TimeoutExpired:
            subprocess.run(
                ["import", "-window", "root", str(arguments.out / "stuck.png")], env=environment, check=False
            )
            process.kill()
            return process.wait()


def _write_profile(profiles: Path, arguments: argparse.Namespace) -> None:
    profile = profiles / "profiles/scene"
    plugins = profile / "python/plugins"
    plugins.mkdir(parents=True)
    (plugins / "toposcope").symlink_to(arguments.root.resolve(), target_is_directory=True)
    settings = profile / "QGIS/QGIS3.ini"
    settings.parent.mkdir(parents=True)
    theme = "UI\\UITheme=Night Mapping\n" if arguments.dark else ""
    settings.write_text(
        "[PythonPlugins]\ntoposcope=true\n\n"
        f"[locale]\noverrideFlag=true\nuserLocale={arguments.language}\n\n"
        f"[qgis]\nshowTips=false\n{theme}\n"
        f"[UI]\n{'UITheme=Night Mapping' if arguments.dark else ''}\n",
        encoding="utf-8",
    )


def _qgis() -> str:
    found = shutil.which("qgis")
    if not found:
        raise SystemExit("QGIS is not installed: install the package `qgis`, or QGIS from its site, and try again.")
    return found


@contextmanager
def _display():
    """Yield the display at hand, or that of a virtual screen that lives as long as the block."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        time.sleep(0.2)
        yield f":{number}"
    finally:
        screen.terminate()
        screen.wait()


if __name__ == "__main__":
    sys.exit(main())
