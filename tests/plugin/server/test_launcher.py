"""The launcher against the real backend: handshake, log, stop, and what is said when it cannot start."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from toposcope.plugin.server import launcher, process
from toposcope.plugin.server.errors import ServerError

ROOT = Path(__file__).parents[3]
WRAPPER = ROOT / "build" / "python"


@pytest.fixture(scope="module")
def python():
    """Return an interpreter that can run the backend: this one, or the environment `make setup` made."""
    if importlib.util.find_spec("starlette") and importlib.util.find_spec("rasterio"):
        return Path(sys.executable)
    if not WRAPPER.exists():
        pytest.skip("no backend environment: run make setup")
    return Path(process.capture([str(WRAPPER), "-c", "import sys; print(sys.executable)"])[1])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path))
    return tmp_path


def ask(backend, token):
    request = urllib.request.Request(backend.url + "/capabilities", headers={"Authorization": f"Bearer {token}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, {}


def test_start_ask_stop(python, home, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("GDAL_DRIVER_PATH", "/nowhere")
    left = []
    backend = launcher.start(python, lambda *what: left.append(what))
    try:
        assert len(backend.token) == 64
        assert ask(backend, backend.token)[1]["protocol"] == backend.protocol
        assert ask(backend, "wrong")[0] == 401
        assert backend.poll() is None
        if sys.platform == "linux":
            assert backend.token not in Path(f"/proc/{backend.pid}/cmdline").read_text()
            assert backend.token not in Path(f"/proc/{backend.pid}/environ").read_text()
    finally:
        backend.stop()
    assert backend.poll() == 0
    assert left == [], "a stop that was asked for is no surprise"
    assert any("serving" in line for line in backend.last_lines())
    assert not [log for log in (home / "logs").iterdir() if backend.token in log.read_text()]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")
def test_an_unexpected_exit_is_reported(python, home):
    left, told = [], threading.Event()

    def on_exit(status, lines):
        left.append((status, lines))
        told.set()

    backend = launcher.start(python, on_exit)
    os.kill(backend.pid, signal.SIGKILL)
    assert told.wait(30)
    assert left[0][0] == -signal.SIGKILL
    backend.stop()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")
def test_the_backend_leaves_when_we_are_killed(python, home):
    script = (
        "import sys\nfrom pathlib import Path\nfrom plugin.server import launcher\n"
        "backend = launcher.start(Path(sys.argv[1]))\nprint(backend.pid, flush=True)\nsys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", script, str(python)], cwd=ROOT, **pipes) as owner:
        pid = int(owner.stdout.readline())
        owner.kill()
    end = time.monotonic() + 30
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_an_environment_without_the_packages(home, tmp_path):
    bare = tmp_path / "root" / "backend"
    bare.mkdir(parents=True)
    (bare / "__init__.py").touch()
    (bare / "__main__.py").write_text("import a_package_that_is_missing\n")
    with pytest.raises(ServerError) as caught:
        launcher.start(Path(sys.executable), root=bare.parent)
    assert caught.value.code == "module-missing"


@pytest.mark.parametrize("program", ["print('hello'); import time; time.sleep(600)", "print('{}', flush=True)", "pass"])
def test_a_program_that_never_announces_itself(home, tmp_path, program):
    silent = tmp_path / "root" / "backend"
    silent.mkdir(parents=True)
    (silent / "__init__.py").touch()
    (silent / "__main__.py").write_text(program)
    with pytest.raises(ServerError) as caught:
        launcher.start(Path(sys.executable), root=silent.parent, patience=2)
    assert caught.value.code == "backend-silent"


def test_no_interpreter(home, tmp_path):
    with pytest.raises(ServerError):
        launcher.start(tmp_path / "python")


def test_only_new_lines_of_a_log_are_read(tmp_path):
    from toposcope.plugin.server.log_file import lines_since, size_of

    log = tmp_path / "backend.log"
    assert lines_since(log, size_of(log)) == []
    log.write_text("old\n")
    before = size_of(log)
    with log.open("a") as file:
        file.write("new\n")
    assert lines_since(log, before) == ["new"]
    log.write_text("a\n")
    assert lines_since(log, before) == ["a"], "it began anew"


def test_the_log_stays_small(tmp_path, monkeypatch):
    from toposcope.plugin.server import log_file

    monkeypatch.setattr(log_file, "LARGEST", 1000)
    log = log_file.LogFile(tmp_path / "backend.log")
    for number in range(200):
        log.write(f"line {number}")
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backend.log", "backend.log.1"]
    assert "line 199" in (tmp_path / "backend.log").read_text()
    assert all(path.stat().st_size < 1100 for path in tmp_path.iterdir())
