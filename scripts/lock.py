"""Makes the lock files of backend/requirements from their inputs, and tries each on every platform we support.

    build/dev-python scripts/lock.py [--upgrade] [--check]

One lock serves all platforms and Python 3.11 to 3.13, by environment markers; every wheel comes with its sha256. The
hashes are those of the main package index (or pip's configured `index-url`); additional indexes are left out, since a
partial mirror would give a lock that holds on this machine only. torch is in torch.txt, pinned by version.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from plugin.server import pip_config  # noqa: E402

FOLDER = ROOT / "backend" / "requirements"
LOCKS = {
    "core-cpu.txt": ("core.in", "cpu.in"),
    "core-cuda.txt": ("core.in", "cuda.in"),
    "full-cpu.txt": ("core.in", "cpu.in", "full.in"),
    "full-cuda.txt": ("core.in", "cuda.in", "full.in"),
    "dev.txt": ("dev.in",),
    "uv.txt": ("uv.in",),
}
EVERYWHERE = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "x86_64-pc-windows-msvc", "aarch64-apple-darwin",
              "x86_64-apple-darwin")  # fmt: skip
WITH_CUDA = ("x86_64-manylinux_2_28", "x86_64-pc-windows-msvc")
MINORS = ("3.11", "3.12", "3.13")
OLDEST_MACOS = "15.0"


def main() -> int:
    """Lock, then check; return 1 where a lock does not hold somewhere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take newer versions than the lock has")
    parser.add_argument("--check", action="store_true", help="only try the locks that are there")
    options = parser.parse_args()
    for name, inputs in LOCKS.items():
        if not options.check:
            lock(name, inputs, options.upgrade)
    return 1 if sum(not holds(name) for name in LOCKS if name != "dev.txt") else 0


def lock(name: str, inputs: tuple[str, ...], upgrade: bool) -> None:
    """Write the lock `name`; versions it has already stay unless `upgrade`."""
    options = ["--universal", "--generate-hashes", "--python-version", MINORS[0], "--no-header", "--no-annotate"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--only-binary", ":all:"]
    options += ["--upgrade"] if upgrade else []
    options += ["--constraint", "full-cpu.txt"] if name == "dev.txt" else []
    uv("pip", "compile", *options, *inputs, "--output-file", name)
    print(name)


def holds(name: str) -> bool:
    """Say whether every package of the lock `name` has a wheel on every platform and Python it is for."""
    good = True
    for platform in WITH_CUDA if "cuda" in name else EVERYWHERE:
        for minor in MINORS:
            with tempfile.TemporaryDirectory() as folder:
                target = ["--output-file", str(Path(folder) / "out.txt")]
                choice = ["--python-platform", platform, "--python-version", minor, "--only-binary", ":all:"]
                done = uv("pip", "compile", name, *choice, *target, check=False)
            if done.returncode:
                good = False
                print(f"{name} does not hold on {platform} with Python {minor}:\n{done.stderr}", file=sys.stderr)
    return good


def uv(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the uv of this interpreter's environment in the requirements folder."""
    sources = pip_config.uv_environment(pip_config.read(sys.executable), extra=False)
    env = {**sources, **os.environ, "MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS}
    command = [sys.executable, "-m", "uv", *arguments, "--quiet"]
    done = subprocess.run(command, cwd=FOLDER, env=env, text=True, capture_output=True, check=False)
    if check and done.returncode:
        sys.exit(done.stderr)
    return done


if __name__ == "__main__":
    sys.exit(main())
