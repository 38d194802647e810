"""Builds an environment beside the one in use, proves it, and only then switches to it.

The environment is made as `env-<hash>.<process>.partial` and renamed when it is proved. A virtual environment stands
a rename, because the interpreter finds its packages relative to itself; only the scripts in its `bin` would not, and
nothing here uses them (`python -m` throughout). What a killed installation leaves is a `.partial` folder stamped
`incomplete`, which the next one removes; its downloads are in the cache, are not fetched again, and go once an
installation is whole. The process number keeps a pip that outlived its killed parent from writing into the next
attempt.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

from . import failures, paths, pip_config, process, state, uv, verify
from .errors import ServerError
from .plan import Plan
from .process import Feedback
from .text import translate

PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]
INSTALL = ["install", "--only-binary", ":all:", "--progress-bar", "off"]


def install(plan: Plan, feedback: Feedback, again: bool = False) -> Path:
    """Carry out `plan` and return the interpreter of the environment now in use.

    Args:
        plan: from `make_plan`, as the person agreed to it.
        feedback: progress, log and cancel.
        again: build anew even where a verified environment of this name exists (repair).

    Raises:
        ServerError: a step failed; the environment in use before is still in use.
        InstallCancelled: likewise.
    """
    with failures.explained(), state.exclusive():
        if again or not state.is_ready(plan.environment):
            _build(plan, feedback)
        state.switch(plan.environment)
        _forget_old()
    feedback.progress(100, translate("Server", "Installed"), 0)
    return paths.interpreter(plan.environment)


def use_python(python: str, feedback: Feedback, tier: str = "core") -> Path:
    """Prove that an existing interpreter of the user's own can run the backend, and use it.

    Raises:
        ServerError: it cannot.
    """
    chosen = Path(python).absolute()
    verify.check(chosen, paths.REQUIREMENTS / f"probe_{tier}.py", feedback)
    state.switch_to_python(chosen)
    return chosen


def roll_back() -> Path:
    """Return to the environment that was in use before the present one.

    Raises:
        ServerError: there is none.
    """
    previous = Path(state.current().get("previous") or "none")
    if not state.is_ready(previous):
        raise ServerError("no-previous", translate("Server", "There is no earlier environment to return to."))
    state.switch(previous)
    return paths.interpreter(previous)


def _build(plan: Plan, feedback: Feedback) -> None:
    partial = plan.environment.with_name(f"{plan.name}.{os.getpid()}.partial")
    _check_space(plan)
    try:
        _fill(plan, partial, feedback)
    except (ServerError, OSError):
        delete(partial)
        raise
    _put_in_place(partial, plan.environment)
    shutil.rmtree(paths.data_folder() / "cache", ignore_errors=True)


def _fill(plan: Plan, partial: Path, feedback: Feedback) -> None:
    state.write_json(partial / state.STAMP, {"state": "incomplete", "started": _now()})
    feedback.progress(1, translate("Server", "Making an environment"), 0)
    builder = plan.python or uv.fetch_python(feedback)
    process.run([builder, "-m", "venv", str(partial)], feedback)
    python = paths.interpreter(partial)
    install_packages(plan, python, feedback)
    feedback.progress(92, translate("Server", "Trying a model"), 0)
    shutil.copy2(plan.probe, partial / verify.PROBE)
    facts = verify.check(python, partial / verify.PROBE, feedback)
    state.write_json(partial / state.STAMP, {"state": "ready", "finished": _now(), **_contents(plan, facts)})


def _contents(plan: Plan, facts: Dict[str, Any]) -> Dict[str, Any]:
    names = ("tier", "variant", "build", "minor", "python")
    return {**{name: getattr(plan, name) for name in names}, "version": paths.program_version(), "facts": facts}


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _check_space(plan: Plan) -> None:
    need = plan.disk_size + plan.download_size
    if plan.free < need:
        sentence = translate("Server", "{folder} has {free} MiB free, the installation needs {need} MiB.")
        raise ServerError(
            "no-space",
            sentence.format(folder=plan.folder, free=plan.free // 2**20, need=need // 2**20),
            translate("Server", "Free some space or choose another folder."),
        )


def install_packages(plan: Plan, python: Path, feedback: Feedback) -> None:
    """Install what `plan` locks, by hash, and torch by version, into the environment of `python`."""
    offline = ["--no-index", "--find-links", plan.wheels] if plan.wheels else []
    packages = [*INSTALL, "--require-hashes", "--no-deps", "-r", str(plan.lock), *offline]
    count = len(re.findall(r"^[\w.-]+==", plan.lock.read_text(encoding="utf-8"), re.MULTILINE))
    share = 40.0 if plan.tier == "full" else 85.0
    env = process.clean_environment(**uv.cache())
    process.run([str(python), *PIP, *packages], feedback, env, _counter(feedback, 3.0, share, count))
    if plan.tier == "full":
        feedback.progress(45, translate("Server", "Installing PyTorch"), 0)
        _install_torch(plan, python, offline, env, feedback)


def _install_torch(plan: Plan, python: Path, offline: List[str], env: Dict[str, str], feedback: Feedback) -> None:
    """Install torch: uv knows its builds; where pip has sources of its own, whoever set them decides."""
    wanted = ["-r", str(plan.torch)]
    managed = pip_config.names_a_source(pip_config.read(str(python)))
    on_line = _counter(feedback, 45.0, 90.0, 20)
    if offline or managed:
        alone = ["--no-deps"] if plan.build == "cpu" else []
        process.run([str(python), *PIP, *INSTALL, *alone, *wanted, *offline], feedback, env, on_line)
        return
    command = [uv.get(feedback), "pip", "install", "--python", str(python), "--torch-backend", plan.build, *wanted]
    process.run(command, feedback, uv.environment(str(python)), on_line)


def _counter(feedback: Feedback, start: float, end: float, count: int) -> Callable[[str], None]:
    """Return a line reader that turns pip's and uv's announcements of packages into progress."""
    seen: List[str] = []

    def on_line(line: str) -> None:
        found = re.match(r"\s*(?:Collecting|Downloading|Prepared|Installing)\s+(\S+)", line)
        if found:
            seen.append(found.group(1))
            percent = start + (end - start) * min(1.0, len(seen) / (2 * count))
            feedback.progress(percent, line.strip()[:100], 0)

    return on_line


def _put_in_place(partial: Path, final: Path) -> None:
    """Rename `partial` to `final`; a broken one of that name is moved aside first and then deleted."""
    aside = final.with_name(final.name + ".old")
    delete(aside)
    if final.exists():
        final.replace(aside)
    partial.replace(final)
    delete(aside)


def _forget_old() -> None:
    """Delete environments that are neither in use nor the one before, and leftovers of installations that died."""
    kept = {state.current().get(name, "") for name in ("environment", "previous")}
    for folder in state.environments_folder().glob("env-*"):
        if str(folder) not in kept:
            (folder / state.STAMP).unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)  # what is still held open goes the next time


def delete(folder: Path) -> None:
    """Delete a folder of ours. The stamp goes first, so that what a virus scanner keeps open never looks whole."""
    if folder.is_dir():
        (folder / state.STAMP).unlink(missing_ok=True)
        shutil.rmtree(folder)
