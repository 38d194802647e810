"""The real server process and the real command line, as a fault finds them."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
import rasterio

from backend.__main__ import main

ROOT = Path(__file__).parents[2]
LEFT, TOP, PIXEL = 500_000.0, 4_000_000.0, 0.5
ROOF = {"points": [{"x": LEFT + 75, "y": TOP - 65}]}
FINAL = ("successful", "failed", "dismissed")


class Served:
    """`python -m backend serve` in a data folder of its own, and a client with its token."""

    def __init__(self, home, before="", **environment):
        """`before` is a program that is put in front of the server's, to lie to it about the machine."""
        self.home, self.token = home, secrets.token_hex(32)
        program = (
            ["-c", f"{before}\nfrom backend.__main__ import main; main(['serve'])"]
            if before
            else ["-m", "backend", "serve"]
        )
        self.process = subprocess.Popen(
            [sys.executable, *program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
            env={"PATH": "", "PYTHONPATH": str(ROOT), "TOPOSCOPE_HOME": str(home), **environment},
        )  # fmt: skip
        self.process.stdin.write(self.token.encode() + b"\n")
        self.process.stdin.flush()
        self.port = json.loads(self.process.stdout.readline())["port"]
        headers = {"Authorization": f"Bearer {self.token}"}
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=60, trust_env=False
        )

    def open(self, path, model="classic", **source):
        """Return the answer to opening an image."""
        return self.client.post("/sessions", json={"source": {"path": str(path), **source}, "model": model})

    def predict(self, session, sequence=1, prompts=ROOF, **more):
        """Return the answer to a click."""
        message = {"prompts": prompts, "sequence": sequence, **more}
        return self.client.post(f"/sessions/{session}/predict", json=message)

    def click(self, path, prompts=ROOF, **source):
        """Open an image and click; return the answer that ended it, with the session closed again."""
        opened = self.open(path, **source)
        if opened.status_code != 201:
            return opened
        session = opened.json()["id"]
        answer = self.predict(session, prompts=prompts)
        self.client.delete(f"/sessions/{session}")
        return answer

    def job(self, path, prompts=(ROOF,), **more):
        """Run a segment job and return its last state."""
        message = {"task": "segment", "source": {"path": str(path)}, "prompts": list(prompts), **more}
        posted = self.client.post("/jobs", json=message)
        return self.wait(posted.json()["id"]) if posted.status_code == 201 else posted.json()

    def wait(self, job, statuses=FINAL, seconds=30):
        """Return a job's state once it is one of `statuses`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.client.get(f"/jobs/{job}").json()
            if state["status"] in statuses:
                return state
            time.sleep(0.02)
        raise AssertionError(f"the job stayed {state}")

    def left(self):
        """Return the files in the data folder that are neither logs nor locks."""
        kept = [path for path in self.home.rglob("*") if path.is_file() and path.name != ".held"]
        return sorted(str(path.relative_to(self.home)) for path in kept if "logs" not in path.parts)

    def end(self):
        """Close the pipe as QGIS does, and wait."""
        self.client.close()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            return self.process.wait(10)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


def one_sentence(text):
    """Return whether `text` is something to show to a person."""
    return 15 < len(text) < 400 and "\n" not in text and text[-1] == "." and "Traceback" not in text


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One server for a module's tests."""
    started = Served(tmp_path_factory.mktemp("home"))
    yield started
    started.end()


@pytest.fixture
def fresh(tmp_path):
    """Start servers of one's own: `fresh(home, before, **environment)`."""
    started = []

    def start(home=tmp_path / "home", before="", **environment):
        home.mkdir(exist_ok=True)
        started.append(Served(home, before, **environment))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.fixture
def command(tmp_path):
    """Run `python -m backend ...` and return exit code and what it said."""

    def run(*words, home=tmp_path / "home", **environment):
        done = subprocess.run(
            [sys.executable, "-m", "backend", *map(str, words)],
            cwd=ROOT, env={**os.environ, "TOPOSCOPE_HOME": str(home), **environment},
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


def pixels(bands=3, dtype="uint8", side=300):
    """Return a bright roof on dark ground."""
    image = np.full((bands, side, side), 40.0)
    image[:, 100:160, 100:200] = 200
    image += np.random.default_rng(0).normal(0, 4, image.shape)
    return image.astype(dtype)


def write(path, values, crs="EPSG:32611", **profile):
    """Write (bands, rows, columns) `values` as a GeoTIFF whose roof lies under `ROOF`."""
    bands, rows, columns = values.shape
    grid = {"width": columns, "height": rows, "transform": rasterio.Affine(PIXEL, 0, LEFT, 0, -PIXEL, TOP)}
    profile = {"driver": "GTiff", "count": bands, "dtype": values.dtype, "crs": crs, **grid, **profile}
    with rasterio.open(path, "w", **profile) as file:
        file.write(values)
    return path


@pytest.fixture(scope="session")
def image(tmp_path_factory):
    """The image every test may read and none changes."""
    return write(tmp_path_factory.mktemp("images") / "roof.tif", pixels())


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False)
        if os.name == "posix"
        else None
    )
    if made is None or made.returncode != 0:
        pytest.skip("mounting a small disk takes root on Linux")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(name="pixels")
def _pixels():
    return pixels


@pytest.fixture
def raster(tmp_path):
    """Write an array as a GeoTIFF of its own."""

    def make(values, **profile):
        return write(tmp_path / "source.tif", values, **profile)

    return make


@pytest.fixture
def sentence():
    """Tell whether a text is something to show to a person."""
    return one_sentence


@pytest.fixture
def segment(tmp_path_factory, monkeypatch, capsys):
    """Run `segment` in this process; return its exit code and what it said on stderr."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path_factory.mktemp("home")))

    def run(*words):
        code = main(["segment", *map(str, words)])
        return code, capsys.readouterr().err.strip()

    return run
