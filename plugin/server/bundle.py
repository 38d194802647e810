"""An installation for a machine without a network: the locked wheels, their lock and a manifest in one .zip.

It is made on a connected machine of the same kind (system, processor, Python) and checked member by member on arrival.
Wheels are stored, not compressed again.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, List

from . import failures, installer, paths, process, uv
from .errors import ServerError
from .plan import TIERS, Plan, make_plan
from .process import Feedback
from .text import translate

MANIFEST = "manifest.json"
LARGEST_MEMBER = 4 * 2**30
LARGEST_MANIFEST = 2**20
WHEEL = re.compile(r"[A-Za-z0-9_.+!-]+\.whl")
CHUNK = 2**20


def export(plan: Plan, target: Path, feedback: Feedback) -> Path:
    """Download what `plan` needs and write it to the .zip `target`.

    torch comes from where pip is configured to look; set pip's index to the build you want where it has several.

    Raises:
        ServerError: a download failed or the plan has no interpreter to choose wheels for.
    """
    if not plan.python:
        raise ServerError(
            "no-python", translate("Server", "A bundle is made with Python 3.11 to 3.13; install one first.")
        )
    folder = paths.data_folder() / "bundles" / "export"
    with failures.explained():
        installer.delete(folder)
        folder.mkdir(parents=True)
        _make(plan, folder, target, feedback)
        installer.delete(folder)
    feedback.progress(100, translate("Server", "Bundle written"), target.stat().st_size)
    return target


def _make(plan: Plan, folder: Path, target: Path, feedback: Feedback) -> None:
    python = _downloader(plan, folder / "tool", feedback)
    wheels = folder / "wheels"
    _download(plan, python, wheels, feedback)
    feedback.progress(90, translate("Server", "Writing the bundle"), 0)
    _write(plan, sorted(wheels.glob("*.whl")), target, feedback)


def _downloader(plan: Plan, folder: Path, feedback: Feedback) -> Path:
    """Return an interpreter with pip; the system's own often has none."""
    process.run([plan.python, "-m", "venv", str(folder)], feedback)
    return paths.interpreter(folder)


def _download(plan: Plan, python: Path, wheels: Path, feedback: Feedback) -> None:
    command = [str(python), *installer.PIP, "download", "--only-binary", ":all:", "--progress-bar", "off"]
    command += ["--dest", str(wheels), *(["--no-index", "--find-links", plan.wheels] if plan.wheels else [])]
    env = process.clean_environment(**uv.cache())
    feedback.progress(5, translate("Server", "Downloading packages"), 0)
    process.run([*command, "--require-hashes", "--no-deps", "-r", str(plan.lock)], feedback, env)
    if plan.tier == "full":
        feedback.progress(50, translate("Server", "Downloading PyTorch"), 0)
        alone = ["--no-deps"] if plan.build == "cpu" else []
        process.run([*command, *alone, "-r", str(plan.torch)], feedback, env)


def _write(plan: Plan, wheels: List[Path], target: Path, feedback: Feedback) -> None:
    beside = target.with_name(target.name + ".partial")
    files = {wheel.name: {"size": wheel.stat().st_size, "sha256": _sha256(wheel)} for wheel in wheels}
    manifest = {"format": 1, **_kind(plan), "files": files}
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for wheel in wheels:
            feedback.check()
            archive.write(wheel, f"wheels/{wheel.name}")
    beside.replace(target)


def _kind(plan: Plan) -> Dict[str, str]:
    """Return what must be the same on both machines; the environment's name covers lock, tier and Python."""
    machine = platform.machine()
    return {"tier": plan.tier, "variant": plan.variant, "build": plan.build, "minor": plan.minor,
            "system": sys.platform, "machine": machine, "name": plan.name}  # fmt: skip


def load(
    source: Path, feedback: Feedback, python: str = "", folder: str = "", requirements: Path = paths.REQUIREMENTS
) -> Plan:
    """Check the bundle `source`, unpack it, and return the plan that installs from it.

    Raises:
        ServerError: it is damaged, was made for another kind of machine or another version, or holds what it must not.
    """
    data = paths.data_folder() / "bundles" / "import"
    installer.delete(data)
    wheels = data / "wheels"
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _read_manifest(archive)
            wheels.mkdir(parents=True)
            _unpack(archive, manifest["files"], wheels, feedback)
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(source, str(error)) from error
    plan = make_plan(manifest["tier"], manifest["variant"], python, folder, requirements, str(wheels))
    differing = [key for key, value in _kind(plan).items() if manifest.get(key) != value]
    if differing:
        raise ServerError(
            "other-machine",
            translate("Server", "The bundle was made for another kind of machine or version ({what}).").format(
                what=", ".join(f"{key}: {manifest.get(key)}" for key in differing)
            ),
            translate("Server", "Export it again on a machine like this one, with this version of Toposcope."),
        )
    return plan


def _read_manifest(archive: zipfile.ZipFile) -> Dict[str, Any]:
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise ValueError(translate("Server", "its manifest is too large"))
    manifest = json.loads(archive.read(MANIFEST))
    expected = {MANIFEST, *(f"wheels/{name}" for name in manifest["files"])}
    found = archive.namelist()
    if len(found) != len(expected) or set(found) != expected:
        raise ValueError(translate("Server", "its files are not those its manifest names"))
    if manifest.get("tier") not in TIERS or manifest.get("variant") not in ("cpu", "cuda"):
        raise ValueError(translate("Server", "its manifest names no tier and variant"))
    return dict(manifest)


def _unpack(archive: zipfile.ZipFile, files: Dict[str, Any], wheels: Path, feedback: Feedback) -> None:
    total = sum(int(entry["size"]) for entry in files.values())
    if total > shutil.disk_usage(wheels).free:
        raise ServerError("no-space", translate("Server", "There is no room to unpack the bundle."))
    done = 0
    for name, entry in files.items():
        if not WHEEL.fullmatch(name):
            raise ValueError(translate("Server", "{name} is not the name of a wheel").format(name=repr(name)))
        _unpack_one(archive, name, entry, wheels / name, feedback)
        done += int(entry["size"])
        feedback.progress(100 * done / total, translate("Server", "Checking {name}").format(name=name), done)


def _unpack_one(archive: zipfile.ZipFile, name: str, entry: Dict[str, Any], target: Path, feedback: Feedback) -> None:
    size, digest, written = int(entry["size"]), hashlib.sha256(), 0
    if size > LARGEST_MEMBER:
        raise ValueError(translate("Server", "{name} is too large").format(name=name))
    with archive.open(f"wheels/{name}") as source, target.open("wb") as file:
        while True:
            feedback.check()
            chunk = source.read(CHUNK)
            written += len(chunk)
            if written > size:
                raise ValueError(translate("Server", "{name} is longer than its manifest says").format(name=name))
            if not chunk:
                break
            digest.update(chunk)
            file.write(chunk)
    if written != size or digest.hexdigest() != entry["sha256"]:
        raise ValueError(translate("Server", "{name} differs from its manifest").format(name=name))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def _damaged(source: Path, why: str) -> ServerError:
    return ServerError(
        "bundle-damaged",
        translate("Server", "{name} is not a whole bundle: {why}.").format(name=source.name, why=why),
        translate("Server", "Copy it again, or export it again."),
    )


def install(source: Path, feedback: Feedback, **where: Any) -> Path:
    """Check, unpack and install the bundle `source`; return the interpreter now in use."""
    with failures.explained():
        python = installer.install(load(source, feedback, **where), feedback)
        installer.delete(paths.data_folder() / "bundles")
    return python
