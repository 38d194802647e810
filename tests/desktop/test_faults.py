"""Faults on QGIS's side, one after another in one run of real QGIS; docs/faults.md lists them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_each_fault_ends_in_a_sentence_and_the_next_click_works(tmp_path):
    if not (ROOT / "build/data/las_vegas.tif").exists():
        pytest.skip("needs the demo imagery: build/python scripts/demo_data.py build/data")
    command = [sys.executable, str(ROOT / "scripts/desktop/run.py"), "faults", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    report = tmp_path / "report.json"
    assert report.exists(), run.stderr + (tmp_path / "qgis.log").read_text(errors="replace")[-2000:]
    failed = [line for line in json.loads(report.read_text())["lines"] if line.startswith("FAIL")]
    assert not failed, "\n".join(failed)
    assert run.returncode == 0
