import json
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]
SCRIPTED = Path(__file__).with_name("scripted.py")


class Backend:
    """A server process with its token and an httpx client that carries it."""

    def __init__(self, data, *roots):
        self.data = data
        self.token = secrets.token_hex(32)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPTED), str(data), *map(str, roots)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={"PATH": "", "PYTHONPATH": str(ROOT)},
        )
        self.process.stdin.write(self.token.encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read().decode()
        self.handshake = json.loads(line)
        self.port = self.handshake["port"]
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
            trust_env=False,
        )

    def post_job(self, task, key="", **parameters):
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post("/jobs", json={"task": task, "parameters": parameters}, headers=headers)

    def wait(self, job_id, *statuses, seconds=20):
        statuses = statuses or ("successful", "failed", "dismissed")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.client.get(f"/jobs/{job_id}").json()
            if state["status"] in statuses:
                return state
            time.sleep(0.02)
        raise AssertionError(f"job stayed {state}")

    def open_session(self, model="tiny"):
        source = self.data / "image.tif"
        source.touch()
        return self.client.post("/sessions", json={"source": {"path": str(source)}, "model": model})

    def log(self):
        return (self.data / "logs" / "backend.log").read_text()

    def end(self):
        self.client.close()
        self.process.stdin.close()
        try:
            self.process.wait(15)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self.process.stderr.close()


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    """One process for a module's tests; none of them ends it."""
    started = Backend(tmp_path_factory.mktemp("data"))
    yield started
    started.end()


@pytest.fixture
def fresh(tmp_path):
    """Start a process of one's own: `fresh(*roots)`."""
    started = []

    def start(*roots):
        started.append(Backend(tmp_path / f"data{len(started)}", *roots))
        return started[-1]

    yield start
    for backend in started:
        backend.end()
