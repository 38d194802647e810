"""Weights from a file or a folder, for machines without a network."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from backend.errors import BadInput, Unavailable
from backend.protocol import codes

from . import weights
from .spec import ModelSpec, WeightFile

ALLOWED = (".safetensors", ".onnx", ".json")
PICKLES = (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle")


def import_from(
    spec: ModelSpec, models: Path, path: Path, progress: weights.Progress = lambda percent, message: None
) -> str:
    """Copy weights of `spec` from a file or a folder with all of its files; return what was found, in a sentence.

    Raises:
        BadInput: WEIGHTS_REFUSED, a file that could run code or is not part of the model.
        Unavailable: WEIGHTS_MISMATCH, DISK_FULL, MODEL_NOT_INSTALLED (the model ships).
    """
    if not weights.needed(spec):
        raise weights.not_installed(spec)
    sources = _sources(spec, path)
    part = weights.folder_of(spec, models).with_name(f"{spec.id}.import")
    shutil.rmtree(part, ignore_errors=True)
    try:
        files = _copy(spec, sources, part, progress)
        weights.publish(part, spec, models, "file", spec.weights.revision if spec.weights else "", files)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise weights.disk_full(spec) from error
        raise Unavailable(codes.WEIGHTS_REFUSED, f"The weights could not be copied: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    if weights.pinned(spec):
        return f"{spec.title} is installed; its files are the ones the catalogue knows."
    return f"{spec.title} is installed; not every checksum was known beforehand, the files' own were recorded."


def _sources(spec: ModelSpec, path: Path) -> dict[str, Path]:
    """Return the files to copy by their name in the store."""
    if not path.exists():
        raise BadInput(codes.WEIGHTS_REFUSED, f"There is no file or folder {path.name!r} to import.")
    names = [file.name for file in spec.weights.files] if spec.weights else []
    if path.is_file():
        _refuse_pickles(path)
        if path.suffix.lower() not in ALLOWED:
            raise _refused(f"{path.name} is not weights that can be imported; {', '.join(ALLOWED)} are.")
        beside = {name: path.parent / name for name in names if Path(name).suffix != path.suffix}
        same = [name for name in names if Path(name).suffix == path.suffix]
        found = {**beside, **dict.fromkeys(same[:1], path)} if len(same) == 1 else {n: path.parent / n for n in names}
    else:
        found = {name: path / name for name in names}
    lacking = [name for name, file in found.items() if not file.is_file()]
    if lacking and path.is_dir():
        for file in path.iterdir():
            _refuse_pickles(file)
    if lacking:
        raise _refused(f"{spec.title} also needs {', '.join(lacking)}; put all files into one folder and import that.")
    return found


def _copy(spec: ModelSpec, sources: dict[str, Path], part: Path, progress: weights.Progress) -> tuple[WeightFile, ...]:
    total = sum(file.stat().st_size for file in sources.values())
    part.mkdir(parents=True)
    if shutil.disk_usage(part).free < total:
        raise weights.disk_full(spec, total)
    done = 0
    for name, source in sources.items():
        with source.open("rb") as read, (part / name).open("xb") as write:
            while block := read.read(weights.BLOCK):
                write.write(block)
                done += len(block)
                progress(90 * done / max(total, 1), f"copying {name}")
    for file in weights.known_files(spec):
        weights.check(part / file.name, file, spec)
    progress(100, "checked")
    return tuple(weights.measure(part / name) for name in sources)


def _refuse_pickles(path: Path) -> None:
    if path.suffix.lower() in PICKLES:
        raise _refused(f"{path.name} is a pickle and could run code; only .safetensors and .onnx weights are taken.")


def _refused(detail: str) -> BadInput:
    return BadInput(codes.WEIGHTS_REFUSED, detail)
