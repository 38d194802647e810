"""What an installation would do: shown to the person before anything is downloaded."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import List, Tuple

from . import gpu, paths, python_finder, state, uv
from .errors import ServerError
from .text import translate

TIERS = ("core", "full")
MIB = 2**20
SIZES = {
    ("core", "cpu"): (175 * MIB, 650 * MIB),
    ("full", "cpu"): (405 * MIB, 1730 * MIB),
    ("core", "cuda"): (1500 * MIB, 2900 * MIB),
    ("full", "cuda"): (4200 * MIB, 8200 * MIB),
}
"""Bytes to download and bytes on disk. Measured on Linux x86-64 for the processor; estimated for CUDA."""


@dataclass(frozen=True)
class Plan:
    """One installation, decided. Sizes are bytes; `python` is empty where uv is to fetch one.

    Attributes:
        build: torch's build, `cpu` or `cu…`.
        wheels: a folder of wheels from an offline bundle; then nothing is downloaded.
        name: the environment's folder name, from everything that decides what is in it.
        steps: what will happen, in order, for display.
        notes: what a person should know before agreeing.
    """

    tier: str
    variant: str
    build: str
    python: str
    minor: str
    folder: str
    name: str
    requirements: str
    download_size: int
    disk_size: int
    free: int
    wheels: str = ""
    steps: Tuple[str, ...] = ()
    notes: Tuple[str, ...] = ()

    @property
    def environment(self) -> Path:
        """Return where the finished environment will be."""
        return Path(self.folder, self.name)

    @property
    def lock(self) -> Path:
        """Return the lock file of the tier and variant."""
        return Path(self.requirements, f"{self.tier}-{self.variant}.txt")

    @property
    def torch(self) -> Path:
        """Return the file that pins torch; only the full tier has one."""
        return Path(self.requirements, "torch.txt")

    @property
    def probe(self) -> Path:
        """Return the script that proves a finished environment."""
        return Path(self.requirements, f"probe_{self.tier}.py")


def make_plan(
    tier: str = "core",
    variant: str = "",
    python: str = "",
    folder: str = "",
    requirements: Path = paths.REQUIREMENTS,
    wheels: str = "",
) -> Plan:
    """Decide what to install. Empty arguments mean: choose for me.

    Raises:
        ServerError: no Python will do and none can be fetched, the system is not supported, or the disk is too full.
    """
    _check_request(tier, variant)
    build, why = gpu.choose(gpu.find())
    notes = [why]
    if variant == "cpu":
        build, notes = "cpu", []
    if variant == "cuda" and build == "cpu":
        build = "cu126"
        notes.append(translate("Server", "CUDA was chosen all the same; without a working driver it will not run."))
    variant = "cpu" if build == "cpu" else "cuda"
    if build not in ("cpu", "cu130"):
        notes.append(
            translate("Server", "Exported (ONNX) models need driver 580; with this one they run on the processor.")
        )
    _check_system(tier)
    found, notes_on_python = _python(python, wheels)
    minor = found.minor or uv.FETCHED
    target = Path(folder).absolute() if folder else state.environments_folder()
    name = "env-" + _digest(tier, variant, build, minor, requirements)
    download, disk = SIZES[tier, variant]
    return Plan(
        tier=tier,
        variant=variant,
        build=build,
        python=found.path,
        minor=minor,
        folder=str(target),
        name=name,
        requirements=str(requirements),
        download_size=0 if wheels else download,
        disk_size=disk,
        free=free_space(target),
        wheels=wheels,
        steps=_steps(tier, found.path),
        notes=(*notes, *notes_on_python),
    )


def free_space(folder: Path) -> int:
    """Return the bytes free where `folder` is or would be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _check_request(tier: str, variant: str) -> None:
    if tier not in TIERS or variant not in ("", "cpu", "cuda"):
        raise ServerError("bad-request", f"There is no tier {tier!r} with variant {variant!r}.")


def _check_system(tier: str) -> None:
    if sys.platform == "darwin":
        release = platform.mac_ver()[0]
        if int(release.split(".")[0]) < 15:
            sentence = translate("Server", "The backend needs macOS 15; this is macOS {release}.").format(
                release=release
            )
            raise ServerError("old-system", sentence, translate("Server", "Connect to a server instead."))
        if tier == "full" and platform.machine() == "x86_64":
            sentence = translate("Server", "PyTorch is no longer built for Macs with Intel processors.")
            raise ServerError("old-system", sentence, translate("Server", "Install the core tier."))


def _python(chosen: str, wheels: str) -> Tuple[python_finder.Python, List[str]]:
    found, tried = python_finder.search(chosen)
    if found:
        return found, []
    if chosen or wheels or not uv.can_be_had():
        raise python_finder.none_found(tried)
    note = translate("Server", "No suitable Python was found; Python {version} is downloaded too.")
    return python_finder.Python(""), [note.format(version=uv.FETCHED)]


def _digest(tier: str, variant: str, build: str, minor: str, requirements: Path) -> str:
    names = [f"{tier}-{variant}.txt", *(["torch.txt"] if tier == "full" else [])]
    words = [tier, build, minor, sys.platform, platform.machine()]
    texts = [Path(requirements, name).read_text(encoding="utf-8") for name in names]
    return hashlib.sha256("\n".join([*words, *texts]).encode()).hexdigest()[:12]


def _steps(tier: str, python: str) -> Tuple[str, ...]:
    steps = [] if python else [translate("Server", "Fetch Python")]
    steps += [translate("Server", "Make an environment"), translate("Server", "Install packages")]
    steps += [translate("Server", "Install PyTorch")] if tier == "full" else []
    return (*steps, translate("Server", "Try a model"), translate("Server", "Switch over"))
