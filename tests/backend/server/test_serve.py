"""`python -m backend serve` as it is: the real engine with the model that needs no download."""

import json
import secrets
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest
import rasterio

ROOT = Path(__file__).parents[3]
HEAVY = ("torch", "transformers", "onnxruntime", "skimage", "scipy", "huggingface_hub")


class Serve:
    def __init__(self, home, *arguments, options=(), token="", **environment):
        self.home = home
        home.mkdir(exist_ok=True)
        self.token = secrets.token_hex(32)
        self.errors = (home / "stderr").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, *options, "-m", "backend", "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            cwd=ROOT,
            env={"PATH": "", "TOPOSCOPE_HOME": str(home), **environment},
        )
        if "TOPOSCOPE_TOKEN" in environment:
            self.token = environment["TOPOSCOPE_TOKEN"]
        else:
            self.process.stdin.write(self.token.encode() + b"\n")
            self.process.stdin.flush()
        self.handshake = json.loads(self.process.stdout.readline())
        self.port = self.handshake["port"]

    def client(self, scheme="http", verify=True):
        return httpx.Client(
            base_url=f"{scheme}://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
            trust_env=False,
            verify=verify,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            stream.close()


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    with Serve(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A bright roof of 100 x 60 m on dark ground, UTM, 0.5 m pixels."""
    path = tmp_path_factory.mktemp("images") / "roof.tif"
    pixels = np.full((3, 600, 600), 40.0)
    pixels[:, 200:320, 200:400] = 200
    pixels += np.random.default_rng(0).normal(0, 4, pixels.shape)
    grid = {"width": 600, "height": 600, "transform": rasterio.Affine(0.5, 0, 500_000, 0, -0.5, 4_000_000)}
    with rasterio.open(path, "w", driver="GTiff", count=3, dtype="uint8", crs="EPSG:32611", **grid) as file:
        file.write(pixels.clip(0, 255).astype(np.uint8))
    return path


ROOF = {"points": [{"x": 500_150.0, "y": 3_999_870.0}]}


def wait(client, job):
    with client.stream("GET", "/events", headers={"Last-Event-ID": "0"}) as stream:
        for line in stream.iter_lines():
            state = json.loads(line[6:]).get("job", {}) if line.startswith("data: ") else {}
            if state.get("id") == job and state["status"] in ("successful", "failed", "dismissed"):
                return state
    raise AssertionError("the stream ended")


def test_nothing_heavy_is_imported_before_a_model_needs_it(tmp_path):
    with Serve(tmp_path, options=("-X", "importtime")) as started:
        assert started.client().get("/capabilities").status_code == 200
        started.process.stdin.close()
        started.process.wait(10)
        told = (tmp_path / "stderr").read_text() + (tmp_path / "logs" / "backend.log").read_text()
    imported = {
        line.split("|")[-1].strip().split(".")[0] for line in told.splitlines() if line.startswith("import time")
    }
    assert "starlette" in imported
    assert imported.isdisjoint(HEAVY)


def test_capabilities_describe_task_model_and_machine(serve):
    told = serve.client().get("/capabilities").json()
    assert told["protocol"] == serve.handshake["protocol"]
    assert told["device"]["kind"] in ("cpu", "cuda")
    tasks = {task["id"]: task for task in told["tasks"]}
    models = {model["id"]: model for model in told["models"]}
    assert all(models[task["default_model"]]["installed"] for task in tasks.values() if task["default_model"])
    assert "outline" in [parameter["name"] for parameter in tasks["segment"]["parameters"]]
    assert min(told["disk_free"], told["memory_total"], told["memory_free"]) > 0


def test_a_click_on_a_roof_gives_its_polygon(serve, image):
    client = serve.client()
    session = client.post("/sessions", json={"source": {"path": str(image)}, "model": "classic"}).json()
    first = client.post(f"/sessions/{session['id']}/predict", json={"prompts": ROOF, "sequence": 1}).json()
    assert first["area_m2"] == pytest.approx(6000, rel=0.05)
    xs, ys = zip(*first["polygons"][0][0], strict=True)
    assert (min(xs), max(xs)) == pytest.approx((500_100, 500_200), abs=2)
    assert (min(ys), max(ys)) == pytest.approx((3_999_840, 3_999_900), abs=2)
    again = client.post(f"/sessions/{session['id']}/predict", json={"prompts": ROOF, "sequence": 2}).json()
    assert "encode_ms" not in again


def test_a_raster_deleted_under_us_is_said_and_the_next_image_works(serve, image, tmp_path):
    client, copy = serve.client(), tmp_path / "copy.tif"
    shutil.copy(image, copy)
    sessions = []
    for path in (copy, image):
        answer = client.post("/sessions", json={"source": {"path": str(path)}, "model": "classic"})
        sessions.append(answer.json()["id"])
    copy.unlink()
    answers = [client.post(f"/sessions/{one}/predict", json={"prompts": ROOF, "sequence": 1}) for one in sessions]
    assert answers[0].json()["code"] == "source-missing"
    assert answers[1].status_code == 200


def test_embeddings_outlive_their_session(serve, image):
    client = serve.client()
    for _ in range(2):
        session = client.post("/sessions", json={"source": {"path": str(image)}, "model": "classic"}).json()["id"]
        answer = client.post(f"/sessions/{session}/predict", json={"prompts": ROOF, "sequence": 1}).json()
        client.delete(f"/sessions/{session}")
    assert "encode_ms" not in answer
    client.post("/models/unload", json={})
    session = client.post("/sessions", json={"source": {"path": str(image)}, "model": "classic"}).json()["id"]
    assert client.post(f"/sessions/{session}/predict", json={"prompts": ROOF, "sequence": 1}).json()["encode_ms"] > 0


def test_a_job_writes_where_it_was_told(serve, image, tmp_path):
    client, target = serve.client(), tmp_path / "roofs.gpkg"
    message = {"task": "segment", "source": {"path": str(image)}, "prompts": [ROOF], "output": {"path": str(target)}}
    job = client.post("/jobs", json=message).json()["id"]
    state = wait(client, job)
    assert state["status"] == "successful"
    assert [file["name"] for file in state["results"]] == ["roofs.gpkg", "roofs.run.json"]
    assert client.get(f"/jobs/{job}/files/roofs.gpkg").content == target.read_bytes()
    assert not (serve.home / "runs" / job).exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model": "sam2.1-tiny"}, "model-not-installed"),
        ({"model": "none"}, "model-unknown"),
        ({"model": "geoembed"}, "model-unknown"),
        ({"prompts": []}, "prompt-invalid"),
        ({"parameters": {"outline": "curly"}}, "parameter-invalid"),
        ({"task": "paint"}, "bad-request"),
        ({"source": None}, "bad-request"),
    ],
)
def test_what_cannot_work_is_refused_before_it_is_a_job(serve, image, change, code):
    message = {"task": "segment", "source": {"path": str(image)}, "prompts": [ROOF], **change}
    assert serve.client().post("/jobs", json=message).json()["code"] == code


def test_a_model_that_cannot_segment_opens_no_session(serve, image):
    answer = serve.client().post("/sessions", json={"source": {"path": str(image)}, "model": "geoembed"}).json()
    assert (answer["code"], answer["detail"]) == ("model-unknown", "GeoEmbed v3 cannot segment; choose another model.")


def test_a_prompt_outside_fails_the_job_with_its_sentence(serve, image):
    outside = {"points": [{"x": 0.0, "y": 0.0}]}
    message = {"task": "segment", "source": {"path": str(image)}, "prompts": [outside]}
    client = serve.client()
    state = wait(client, client.post("/jobs", json=message).json()["id"])
    assert state["problem"]["code"] == "prompt-outside"


def test_weights_that_are_none_are_refused(serve, tmp_path):
    (tmp_path / "model.pt").write_bytes(b"pickle")
    client = serve.client()
    job = client.post("/models/sam2.1-tiny/import", json={"path": str(tmp_path / "model.pt")}).json()["id"]
    assert wait(client, job)["problem"]["code"] == "weights-refused"
    assert client.delete("/models/sam2.1-tiny").json()["code"] == "model-not-installed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "0.0.0.0"), "needs --tls-cert"),
        (("--host", "192.0.2.1"), "needs --tls-cert"),
        (("--host", "0.0.0.0", "--tls-cert", "c.pem"), "needs --tls-cert and --tls-key"),
        (("--tls-cert", "missing.pem", "--tls-key", "missing.pem"), "cannot be read"),
        (("--tls-cert", "missing.pem"), "needs --tls-cert and --tls-key"),
        (("--allow-host", "gpü.example"), "xn--"),
        (("--port", "99999"), "from 0 to 65535"),
    ],
)
def test_what_cannot_be_served_is_said(tmp_path, arguments, words):
    done = subprocess.run(
        [sys.executable, "-m", "backend", "serve", *arguments],
        check=False,
        input=b"x" * 40 + b"\n",
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "", "TOPOSCOPE_HOME": str(tmp_path)},
        timeout=60,
    )
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert done.stdout == b""


def test_a_data_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "backend", "serve"],
        check=False,
        input=b"x" * 40 + b"\n",
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "", "TOPOSCOPE_HOME": str(tmp_path / "file")},
        timeout=60,
    )
    assert done.returncode == 1
    assert "another data folder" in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_port_that_is_taken_is_said(serve, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "backend", "serve", "--port", str(serve.port)],
        check=False,
        input=b"x" * 40 + b"\n",
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "", "TOPOSCOPE_HOME": str(tmp_path)},
        timeout=60,
    )
    assert done.returncode == 1
    assert "choose another port" in done.stderr.decode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_a_remote_server_speaks_tls_and_outlives_its_stdin(tmp_path, image):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=gpu.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    token = secrets.token_hex(32)
    arguments = ["--tls-cert", str(certificate), "--tls-key", str(key), "--allow-host", "GPU.example"]
    with Serve(tmp_path / "home", *arguments, TOPOSCOPE_TOKEN=token) as started:
        started.process.stdin.close()
        client = started.client("https", ssl.create_default_context(cafile=certificate))
        assert client.get("/capabilities").status_code == 200
        named = client.get("/capabilities", headers={"Host": f"gpu.example:{started.port}"})
        assert named.status_code == 200
        source = {"path": str(image)}
        refused = client.post("/sessions", json={"source": source, "model": "classic"})
        assert refused.json()["code"] == "source-refused"
        octets = {"Content-Type": "application/octet-stream"}
        upload = client.post("/uploads", content=image.read_bytes(), headers=octets).json()["id"]
        session = client.post("/sessions", json={"source": {"upload": upload}, "model": "classic"}).json()["id"]
        answer = client.post(f"/sessions/{session}/predict", json={"prompts": ROOF, "sequence": 1}).json()
        assert answer["area_m2"] == pytest.approx(6000, rel=0.05)
