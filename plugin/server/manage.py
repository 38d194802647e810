"""Where the installation is, what it takes, moving it and removing it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Dict

from . import failures, installer, paths, state, verify
from .errors import ServerError
from .plan import free_space
from .process import Feedback
from .text import translate


def where() -> Dict[str, Any]:
    """Return what is in use, where it is, and the bytes the environments and downloads take."""
    environment = state.current().get("environment", "")
    return {
        **state.current(),
        "data": str(paths.data_folder()),
        "environments": str(state.environments_folder()),
        "size": folder_size(state.environments_folder()),
        "cache_size": folder_size(paths.data_folder() / "cache"),
        "stamp": state.stamp(Path(environment)) if environment else {},
    }


def folder_size(folder: Path) -> int:
    """Return the bytes under `folder`; a file with several names counts once."""
    seen, total = set(), 0
    for place, _, names in os.walk(folder):
        for name in names:
            facts = os.lstat(os.path.join(place, name))  # noqa: PTH118 (a hundred thousand files)
            if (facts.st_dev, facts.st_ino) not in seen:
                seen.add((facts.st_dev, facts.st_ino))
                total += facts.st_size
    return total


def remove(feedback: Feedback) -> int:
    """Delete all environments, tools and downloads (not models, runs or logs) and return the bytes given back."""
    with failures.explained(), state.exclusive():
        folder, data = state.environments_folder(), paths.data_folder()
        places = [*folder.glob("env-*"), data / "cache", data / "tools", data / "python", data / "bundles"]
        size = sum(folder_size(place) for place in places)
        (data / "current.json").unlink(missing_ok=True)
        for index, place in enumerate(places):
            feedback.progress(
                100 * index / len(places), translate("Server", "Removing {name}").format(name=place.name), 0
            )
            installer.delete(place)
    return size


def move(target: Path, feedback: Feedback) -> Path:
    """Move the environment in use into the folder `target`: copied, proved there, switched, then deleted here.

    Raises:
        ServerError: nothing is installed, `target` is too full or cannot be written, or the copy does not run.
    """
    with failures.explained(), state.exclusive():
        state.backend_python()
        before = Path(state.current()["environment"])
        after = target.absolute() / before.name
        if after == before:
            return paths.interpreter(before)
        _check_target(before, after)
        _copy(before, after, feedback)
        old = [place for place in before.parent.glob("env-*") if place != after]
        state.switch(after)
        for place in old:
            installer.delete(place)
        return paths.interpreter(after)


def _check_target(before: Path, after: Path) -> None:
    if before in after.parents:
        raise ServerError("bad-folder", translate("Server", "The new folder is inside the old one. Choose another."))
    if free_space(after.parent) < folder_size(before):
        raise ServerError(
            "no-space",
            translate("Server", "{folder} has too little room.").format(folder=after.parent),
            translate("Server", "Choose another folder."),
        )


def _copy(before: Path, after: Path, feedback: Feedback) -> None:
    facts, partial = state.stamp(before), after.with_name(after.name + ".partial")
    installer.delete(partial)
    state.write_json(partial / state.STAMP, {"state": "incomplete"})

    def copy(source: str, destination: str) -> None:
        feedback.check()
        if Path(source).name != state.STAMP:
            shutil.copy2(source, destination)

    feedback.progress(5, translate("Server", "Copying the environment"), 0)
    shutil.copytree(before, partial, symlinks=True, copy_function=copy, dirs_exist_ok=True)
    feedback.progress(80, translate("Server", "Trying a model"), 0)
    verify.check(paths.interpreter(partial), partial / verify.PROBE, feedback)
    state.write_json(partial / state.STAMP, facts)
    installer.delete(after)
    partial.replace(after)


def check(feedback: Feedback) -> Dict[str, Any]:
    """Prove the environment in use again and return what the proof found.

    Raises:
        ServerError: nothing is installed, or it does not run any more.
    """
    python, environment = state.backend_python(), state.current().get("environment", "")
    probe = Path(environment) / verify.PROBE if environment else paths.REQUIREMENTS / "probe_core.py"
    return verify.check(python, probe, feedback)
