"""A world of its own for the installer: a data folder, one tiny wheel made by hand, its lock and its probe."""

import base64
import hashlib
import zipfile
from types import SimpleNamespace

import pytest
from toposcope.plugin.server import plan, python_finder

PROBE = 'import json, tiny\nprint(json.dumps({"value": tiny.VALUE}))\n'


def make_wheel(folder, name="tiny", version="1.0", code="VALUE = 42\n"):
    """Write a pure-Python wheel and return its path."""
    files = {
        f"{name}/__init__.py": code,
        f"{name}-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{name}-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for path, text in files.items()}
    lines = [f"{path},sha256={digests[path].rstrip(b'=').decode()},{len(files[path])}" for path in files]
    files[f"{name}-{version}.dist-info/RECORD"] = "\n".join([*lines, f"{name}-{version}.dist-info/RECORD,,"]) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def write_lock(requirements, wheel):
    """Write the lock and the probe of a core tier that holds only the tiny wheel."""
    requirements.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (requirements / "core-cpu.txt").write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")
    (requirements / "probe_core.py").write_text(PROBE)


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Return the folders of a small installation; nothing in it can reach a network."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TOPOSCOPE_PYTHON", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    wheel = make_wheel(tmp_path / "wheels")
    write_lock(tmp_path / "requirements", wheel)
    found, tried = python_finder.search()
    if found is None:
        pytest.skip(f"no Python 3.11 to 3.13 with venv here: {tried}")
    return SimpleNamespace(
        home=tmp_path / "home",
        wheels=wheel.parent,
        wheel=wheel,
        requirements=tmp_path / "requirements",
        python=found.path,
        plan=lambda **more: plan.make_plan(
            "core", "cpu", found.path, requirements=tmp_path / "requirements", wheels=str(wheel.parent), **more
        ),
    )
