"""QGIS is killed with the backend at work: the backend ends soon after and leaves no process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMPT_EXIT_S = 8  # two on a machine that is free; a liveness bound, as in the backend's tests
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def descendants(pid):
    """Return the command line by process id of everything below `pid` that still runs (Linux)."""
    parents, lines = {}, {}
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit():
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(fields[1])
                lines[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    found, below = {}, {pid}
    while below:
        below = {child for child, parent in parents.items() if parent in below}
        found |= {child: lines[child] for child in below}
    return found


def runs(pid):
    """Return whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_backend_ends_when_qgis_is_killed(tmp_path):
    if not (ROOT / "build/data/las_vegas.tif").exists() or not Path("/proc/self/stat").exists():
        pytest.skip("needs Linux and the demo imagery: build/python scripts/demo_data.py build/data")
    command = [sys.executable, str(ROOT / "scripts/desktop/run.py"), "open", str(tmp_path), "--keep-open"]
    scene = subprocess.Popen(command)
    try:
        end = time.monotonic() + 90
        backend = []
        while not backend and time.monotonic() < end:
            time.sleep(0.2)
            tree = descendants(scene.pid)
            backend = [pid for pid, line in tree.items() if "backend serve" in line]
        assert backend, "the backend did not start"
        time.sleep(3)
        [qgis] = [
            pid for pid, line in descendants(scene.pid).items() if Path(line.split(" ")[0]).name.startswith("qgis")
        ]
        below = [pid for pid, line in descendants(qgis).items() if "backend serve" in line]
        assert below
        os.kill(qgis, signal.SIGKILL)
        end = time.monotonic() + PROMPT_EXIT_S
        while any(map(runs, below)) and time.monotonic() < end:
            time.sleep(0.01)
        assert not any(map(runs, below))
    finally:
        scene.wait(30)
