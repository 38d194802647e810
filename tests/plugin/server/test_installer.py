"""Real environments from one tiny wheel: built beside, proved, switched; killed, cancelled, broken, repaired."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from toposcope.plugin.server import installer, manage, paths, process, state
from toposcope.plugin.server.errors import InstallCancelled, ServerError

ROOT = Path(__file__).parents[3]
KILLED = """
import os, signal, sys
from pathlib import Path
from plugin.server import installer, plan, process
python, requirements, wheels = sys.argv[1:]
def log(line):
    if "tiny" in line:
        os.kill(os.getpid(), signal.SIGKILL)
chosen = plan.make_plan("core", "cpu", python, requirements=Path(requirements), wheels=wheels)
installer.install(chosen, process.Feedback(log=log))
"""


def value(python):
    return process.capture([str(python), "-c", "import tiny; print(tiny.VALUE)"])


def test_install_proves_and_switches(world):
    steps = []
    plan = world.plan()
    python = installer.install(plan, process.Feedback(lambda percent, *_: steps.append(percent)))
    assert value(python) == (0, "42")
    assert state.backend_python() == python
    assert state.stamp(plan.environment)["facts"] == {"value": 42}
    assert steps == sorted(steps)
    assert steps[-1] == 100
    assert [p.name for p in Path(plan.folder).iterdir()] == [plan.name]
    made = plan.environment.stat().st_ino
    installer.install(plan, process.Feedback())
    assert plan.environment.stat().st_ino == made, "a verified environment is built only once"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_a_killed_installation_is_not_taken_for_whole_and_the_next_one_works(world):
    plan = world.plan()
    command = [sys.executable, "-c", KILLED, world.python, str(world.requirements), str(world.wheels)]
    killed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (partial,) = Path(plan.folder).glob("*.partial")
    assert state.stamp(partial)["state"] == "incomplete"
    assert not state.is_ready(partial)
    with pytest.raises(ServerError) as caught:
        state.backend_python()
    assert caught.value.code == "not-installed"
    assert value(installer.install(plan, process.Feedback())) == (0, "42")
    assert not state.is_ready(partial)


def test_a_failed_proof_leaves_the_old_environment_in_use(world):
    before = installer.install(world.plan(), process.Feedback())
    world.requirements.joinpath("core-cpu.txt").write_text(
        world.requirements.joinpath("core-cpu.txt").read_text() + "# another version\n"
    )
    world.requirements.joinpath("probe_core.py").write_text("import missing_module")
    with pytest.raises(ServerError) as caught:
        installer.install(world.plan(), process.Feedback())
    assert caught.value.code == "module-missing"
    assert state.backend_python() == before
    assert value(before) == (0, "42")
    assert list(before.parents[2].iterdir()) == [before.parents[1]], "what failed gives its room back"


def test_a_file_where_the_data_folder_should_be(world):
    plan = world.plan()
    world.home.write_text("in the way")
    with pytest.raises(ServerError) as caught:
        installer.install(plan, process.Feedback())
    assert caught.value.code == "permission"


def test_a_wheel_that_differs_from_the_lock_is_refused(world):
    plan = world.plan()
    lock = world.requirements / "core-cpu.txt"
    lock.write_text(lock.read_text().replace("sha256:", "sha256:0000")[: -len("0000\n")] + "\n")
    with pytest.raises(ServerError) as caught:
        installer.install(plan, process.Feedback())
    assert caught.value.code == "hash-mismatch"


def test_cancel_changes_nothing(world):
    feedback = process.Feedback(lambda *_: feedback.cancel())
    with pytest.raises(InstallCancelled):
        installer.install(world.plan(), feedback)
    assert state.current() == {}


def test_repair_roll_back_move_and_remove(world, tmp_path):
    first = world.plan()
    python = installer.install(first, process.Feedback())
    next(first.environment.rglob("tiny/__init__.py")).unlink()
    with pytest.raises(ServerError):
        manage.check(process.Feedback())
    installer.install(first, process.Feedback(), again=True)
    assert manage.check(process.Feedback()) == {"value": 42}

    lock = world.requirements / "core-cpu.txt"
    lock.write_text(lock.read_text() + "# another version\n")
    second = world.plan()
    assert installer.install(second, process.Feedback()) != python
    assert installer.roll_back() == python
    assert state.current()["previous"] == str(second.environment)

    moved = manage.move(tmp_path / "else where", process.Feedback())
    assert value(moved) == (0, "42")
    assert not first.environment.exists()
    assert state.environments_folder() == tmp_path / "else where"
    assert manage.where()["size"] > 0

    manage.remove(process.Feedback())
    assert not list((tmp_path / "else where").iterdir())
    assert state.current() == {}


def test_too_little_room_is_said_before_anything_is_made(world):
    import dataclasses

    plan = dataclasses.replace(world.plan(), free=1)
    with pytest.raises(ServerError) as caught:
        installer.install(plan, process.Feedback())
    assert caught.value.code == "no-space"
    assert not Path(plan.folder).exists()


def test_two_installations_at_once(world):
    holder = "import sys; from plugin.server import state\nwith state.exclusive():\n print('held', flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", holder], cwd=ROOT, **pipes) as other:
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(ServerError) as caught:
            installer.install(world.plan(), process.Feedback())
        other.stdin.close()
    assert caught.value.code == "busy"


def test_a_python_of_ones_own_is_proved_first(world):
    with pytest.raises(ServerError) as caught:
        installer.use_python(str(world.home / "no python"), process.Feedback())
    assert caught.value.code
    assert state.current() == {}


@pytest.mark.skipif(os.name == "nt", reason="process groups are POSIX")
def test_cancel_ends_grandchildren(world):
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\ntime.sleep(600)"
    )
    seen = []

    def log(line):
        seen.append(int(line))
        feedback.cancel()

    feedback = process.Feedback(log=log)
    with pytest.raises(InstallCancelled):
        process.run([world.python, "-c", script], feedback)
    end = time.monotonic() + 30
    while alive(seen[0]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(seen[0])


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_the_interpreter_of_an_environment(tmp_path):
    assert paths.interpreter(tmp_path).parent.parent == tmp_path
