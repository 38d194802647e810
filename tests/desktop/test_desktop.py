"""One run of real QGIS under Xvfb: panel, click, hover, accept, undo, with a real backend and a real mouse."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_click_becomes_a_feature_in_real_qgis(tmp_path):
    image = ROOT / "build/data/las_vegas.tif"
    if not image.exists():
        pytest.skip("needs the demo imagery: build/python scripts/demo_data.py build/data")
    command = [sys.executable, str(ROOT / "scripts/desktop/run.py"), "smoke", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=800, check=False)
    report = tmp_path / "report.json"
    assert report.exists(), run.stderr + (tmp_path / "qgis.log").read_text(errors="replace")[-2000:]
    failed = [line for line in json.loads(report.read_text())["lines"] if line.startswith("FAIL")]
    assert not failed, "\n".join(failed)
    assert run.returncode == 0
