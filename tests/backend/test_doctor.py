import json
import sys

import pytest

from backend import doctor
from backend.__main__ import main
from backend.models import tiers, weights
from backend.models.catalog import BUILT_IN
from backend.models.spec import CORE, FULL
from backend.models.weights_import import import_from


def findings(tmp_path):
    return {finding.name: finding for finding in doctor.examine(BUILT_IN, tmp_path)}


def test_this_machine_can_be_used(tmp_path):
    found = findings(tmp_path)
    assert doctor.usable(list(found.values()))
    assert found["segmenting"].state == doctor.OK
    assert "ExecutionProvider" in found["onnxruntime"].found
    assert all(finding.remedy for finding in found.values() if finding.state != doctor.OK)


def test_json_is_one_object(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path))
    assert main(["doctor", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["usable"]
    assert {"python", "device", "disk", "memory"} <= {finding["name"] for finding in answer["findings"]}
    assert str(tmp_path) not in json.dumps(answer)


def test_a_missing_full_tier_is_a_note_and_a_broken_core_is_not(tmp_path, monkeypatch):
    monkeypatch.setitem(tiers.PACKAGES, FULL, ("no_such_package",))
    found = findings(tmp_path)
    assert found["full tier"].state == doctor.NOTE
    assert "installation panel" in found["full tier"].remedy
    assert doctor.usable(list(found.values()))
    monkeypatch.setitem(tiers.PACKAGES, CORE, ("no_such_package",))
    assert not doctor.usable(list(findings(tmp_path).values()))


def test_damaged_weights_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "known_files", lambda spec: ())
    spec = BUILT_IN.get("sam2.1-tiny")
    (tmp_path / "given").mkdir()
    for file in spec.weights.files:
        (tmp_path / "given" / file.name).write_bytes(b"{}")
    import_from(spec, tmp_path / "models", tmp_path / "given")
    assert findings(tmp_path / "models")["model sam2.1-tiny"].state == doctor.OK
    (tmp_path / "models" / spec.id / "config.json").write_bytes(b"[]")
    damaged = findings(tmp_path / "models")["model sam2.1-tiny"]
    assert damaged.state == doctor.NOTE
    assert "get it again" in damaged.remedy


def test_a_nearly_full_disk_is_noted(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10}))
    assert "Free some space" in findings(tmp_path)["disk"].remedy


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the program")
@pytest.mark.parametrize(
    ("script", "state", "said"),
    [
        ("echo 'NVIDIA L4, 550.54, 23034 MiB'", doctor.OK, "550.54"),
        ("echo 'NVIDIA-SMI has failed'; exit 9", doctor.NOTE, "has failed"),
    ],
)
def test_the_driver_program_is_asked(tmp_path, monkeypatch, script, state, said):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = doctor._driver()
    assert found.state == state
    assert said in found.found
