"""The store of weights: `models/ID/` holds a model's files and a manifest that says what they are."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from backend.errors import Unavailable
from backend.protocol import codes

from .spec import ModelSpec, WeightFile

MANIFEST = "manifest.json"
BLOCK = 1 << 20
SHIPPED = (".onnx", ".safetensors")
Progress = Callable[[float, str], None]
"""Takes percent (0 to 100) and a message. What it raises ends the work; nothing half done stays installed."""


@dataclass(frozen=True)
class Manifest:
    """What is installed of a model.

    Attributes:
        pinned: whether the catalogue knew size and sha256 of each file beforehand; if not, `files` records them
            as they were found, and only guards against later changes.
        origin: `hub`, `file` or `export`.
        when: UTC, ISO 8601.
    """

    model: str
    repo: str
    revision: str
    licence: str
    origin: str
    pinned: bool
    when: str
    files: tuple[WeightFile, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all files together."""
        return sum(file.size for file in self.files)


def needed(spec: ModelSpec) -> bool:
    """Return whether `spec` works only with weights in the store."""
    return spec.weights is not None


def folder_of(spec: ModelSpec, models: Path) -> Path:
    """Return where the weights of `spec` belong: its own folder, or that of the model whose files it shares."""
    return models / str(spec.options.get("weights_of", spec.id))


def installed(spec: ModelSpec, models: Path) -> Manifest | None:
    """Return the manifest of `spec` if its files are there in their sizes; reads no weights."""
    folder = folder_of(spec, models)
    manifest = _read(folder / MANIFEST)
    if manifest is None or any(_size(folder / file.name) != file.size for file in manifest.files):
        return None
    return manifest


def checksums(spec: ModelSpec, models: Path) -> dict[str, str]:
    """Return the sha256 by file name of the weights of `spec`: those installed, else those that ship with us."""
    manifest = installed(spec, models)
    if manifest is not None:
        return {file.name: file.sha256 for file in manifest.files}
    return dict(_shipped(str(spec.options["ships"]))) if "ships" in spec.options else {}


@cache
def _shipped(folder: str) -> Mapping[str, str]:
    found = {}
    for path in sorted(Path(folder).iterdir()):
        if path.suffix in SHIPPED:
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def verify(spec: ModelSpec, models: Path) -> Manifest:
    """Read every byte of an installed model and compare it with the pin, else with what was recorded.

    Raises:
        Unavailable: MODEL_NOT_INSTALLED or WEIGHTS_MISMATCH.
    """
    folder = folder_of(spec, models)
    manifest = _read(folder / MANIFEST)
    if manifest is None:
        raise not_installed(spec)
    for file in (*manifest.files, *known_files(spec)):
        if _size(folder / file.name) < 0:
            raise Unavailable(codes.WEIGHTS_MISMATCH, f"{file.name} of {spec.title} is missing; install it again.")
        check(folder / file.name, file, spec)
    return manifest


def checked_folder(spec: ModelSpec, models: Path) -> Path | None:
    """Return the folder of verified weights for a loader; None for a model that needs none."""
    if not needed(spec):
        return None
    verify(spec, models)
    return folder_of(spec, models)


def known_files(spec: ModelSpec) -> tuple[WeightFile, ...]:
    """Return the files whose sha256 the catalogue knows."""
    return tuple(file for file in spec.weights.files if file.sha256) if spec.weights else ()


def pinned(spec: ModelSpec) -> bool:
    """Return whether the catalogue knows the sha256 of every file."""
    return spec.weights is not None and 0 < len(spec.weights.files) == len(known_files(spec))


def check(path: Path, file: WeightFile, spec: ModelSpec) -> None:
    """Raise Unavailable (WEIGHTS_MISMATCH) unless the bytes at `path` are those of `file`."""
    if sha256(path) != file.sha256:
        detail = f"{file.name} is not the file {spec.title} is known by (its sha256 differs); get it again."
        raise Unavailable(codes.WEIGHTS_MISMATCH, detail)


def measure(path: Path) -> WeightFile:
    """Return name, size and sha256 of a file as found."""
    return WeightFile(path.name, path.stat().st_size, sha256(path))


def sha256(path: Path) -> str:
    """Return the hex digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def publish(
    part: Path, spec: ModelSpec, models: Path, origin: str, revision: str, files: tuple[WeightFile, ...]
) -> None:
    """Write the manifest into the finished folder `part` and put it in place of what was installed before."""
    licence, repo = spec.licence, spec.weights.repo if spec.weights else ""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(spec.id, repo, revision, licence, origin, pinned(spec), when, files)
    with (part / MANIFEST).open("w", encoding="utf-8") as stream:
        json.dump(asdict(manifest), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    target = folder_of(spec, models)
    if target.exists():
        shutil.rmtree(target)
    part.replace(target)


def remove(spec: ModelSpec, models: Path) -> None:
    """Delete the weights of `spec`.

    Raises:
        Unavailable: MODEL_NOT_INSTALLED.
    """
    folder = folder_of(spec, models)
    if not folder.exists():
        raise not_installed(spec)
    (folder / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder)


def not_installed(spec: ModelSpec) -> Unavailable:
    """Return the error for a model whose weights are not in the store."""
    if not needed(spec):
        return Unavailable(
            codes.MODEL_NOT_INSTALLED, f"{spec.title} ships with Toposcope; it has no weights to manage."
        )
    way = f"`models import {spec.id} PATH`"
    if spec.weights and spec.weights.repo:
        way = f"`models pull {spec.id}` or {way}"
    return Unavailable(
        codes.MODEL_NOT_INSTALLED, f"{spec.title} is not installed; get it in the model list, or with {way}."
    )


def disk_full(spec: ModelSpec, needed_bytes: int = 0) -> Unavailable:
    """Return the error for a disk that cannot hold the weights."""
    amount = f"{needed_bytes / 1e6:.0f} MB are needed; " if needed_bytes else ""
    return Unavailable(
        codes.DISK_FULL, f"The disk has no room for {spec.title}: {amount}free some or move the data folder.", 507
    )


def _read(path: Path) -> Manifest | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(**{**found, "files": tuple(WeightFile(**file) for file in found["files"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
