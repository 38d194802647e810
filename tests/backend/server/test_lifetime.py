import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from backend.protocol import PROTOCOL_VERSION, VERSION
from backend.server import lifetime

ROOT = Path(__file__).parents[3]
SCRIPTED = Path(__file__).with_name("scripted.py")
PROMPT_EXIT_S = 8
"""Two seconds are promised; the machine that runs the tests may be busy."""


def test_the_handshake_is_one_line_and_the_server_listens_when_it_comes(fresh):
    backend = fresh()
    assert backend.handshake == {
        "port": backend.port,
        "pid": backend.process.pid,
        "protocol": PROTOCOL_VERSION,
        "version": VERSION,
    }
    with socket.create_connection(("127.0.0.1", backend.port), timeout=5):
        pass
    assert backend.process.stdout.read() == b""


def test_it_listens_on_loopback_only(backend):
    addresses = {c.laddr.ip for c in psutil.Process(backend.process.pid).net_connections() if c.status == "LISTEN"}
    assert addresses == {"127.0.0.1"}


def test_the_token_is_not_among_the_arguments_or_the_environment(backend):
    process = psutil.Process(backend.process.pid)
    assert backend.token not in " ".join(process.cmdline())
    assert backend.token not in str(process.environ())


@pytest.mark.parametrize("task", ["", "count", "stuck"])
def test_it_ends_soon_after_stdin_does(fresh, task):
    backend = fresh()
    if task:
        job = backend.post_job(task, pieces=10_000).json()
        backend.wait(job["id"], "running")
    with backend.client.stream("GET", "/events"):
        closed = time.monotonic()
        backend.process.stdin.close()
        backend.process.wait(PROMPT_EXIT_S)
    assert time.monotonic() - closed < PROMPT_EXIT_S
    assert not [path for path in (backend.data / "runs").glob("*") if any(path.iterdir())]


def test_a_signal_ends_it_cleanly(fresh):
    backend = fresh()
    job = backend.post_job("count", pieces=10_000).json()
    backend.wait(job["id"], "running")
    backend.process.send_signal(signal.SIGTERM)
    backend.process.wait(PROMPT_EXIT_S)
    assert list((backend.data / "runs").iterdir()) == []


def test_a_log_that_cannot_be_put_aside_is_gone_on_with(fresh, tmp_path):
    """On Windows another server that has it open is enough."""
    logs = tmp_path / "data0" / "logs"
    (logs / "backend.old.log").mkdir(parents=True)
    with (logs / "backend.log").open("wb") as log:
        log.truncate(lifetime.LOG_LIMIT + 1)
    backend = fresh()
    assert backend.data == tmp_path / "data0"
    assert backend.client.get("/capabilities").status_code == 200
    assert (logs / "backend.log").stat().st_size > lifetime.LOG_LIMIT


def test_it_ends_when_its_parent_is_killed(tmp_path):
    starter = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdin.write(b'x' * 40 + b'\\n'); child.stdin.flush()\n"
        "child.stdout.readline(); print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", starter, sys.executable, str(SCRIPTED), str(tmp_path)]
    environment = {"PATH": "", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as parent:
        server = psutil.Process(int(parent.stdout.readline()))
        os.kill(parent.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs([server], PROMPT_EXIT_S)
    assert not alive or alive[0].status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("token", ["", "short", "naïve" * 20])
def test_a_weak_token_is_refused(tmp_path, token):
    environment = {"PATH": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SCRIPTED), str(tmp_path)]
    done = subprocess.run(
        command, check=False, input=token.encode() + b"\n", capture_output=True, cwd=ROOT, env=environment, timeout=60
    )
    assert done.returncode != 0
    assert b"token must be" in done.stderr
    assert done.stdout == b""
