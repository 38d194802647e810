"""Downloads by the real server from a hub on loopback that cuts, lies and offers more than the disk holds."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("huggingface_hub", reason="the Full tier is not installed")

MODEL, COMMIT = "sam-hq-vit-base", "c0ffee" * 6 + "abcd"
TENSORS = bytes(range(251)) * 12_000


class Hub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.cut, self.began = TENSORS, 0, threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, body):
        hub, large = self.server, self.path.endswith(".safetensors")
        content = hub.content if large else b"{}"
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        etag = hashlib.sha256(TENSORS).hexdigest() if large else "0" * 40
        part = content[start:]
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{etag}"', "Content-Length": str(len(part))}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            stop = max(0, hub.cut - start) if hub.cut and large else len(part)
            self.wfile.write(part[:stop])
            if stop < len(part):
                self.server.shutdown_request(self.request)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub():
    server = Hub()
    yield server
    server.shutdown()
    server.server_close()


def pull(served):
    message = {"revision": COMMIT}
    return served.wait(served.client.post(f"/models/{MODEL}/download", json=message).json()["id"])


def installed(served):
    models = served.client.get("/capabilities").json()["models"]
    return next(model for model in models if model["id"] == MODEL)["installed"]


def weights(served):
    return [name for name in served.left() if name.endswith(".safetensors")]


def test_half_a_download_a_wrong_checksum_and_a_good_one(fresh, hub, sentence):
    served = fresh(HF_ENDPOINT=f"http://127.0.0.1:{hub.server_port}")
    hub.cut = 1_000_000
    half = pull(served)["problem"]
    assert half["code"] == "download-failed"
    assert sentence(half["detail"])
    assert weights(served) == [f"models/{MODEL}.part/{COMMIT}/model.safetensors"]
    hub.cut, hub.content = 0, TENSORS[:-1] + b"!"
    wrong = pull(served)["problem"]
    assert wrong["code"] == "weights-mismatch"
    assert sentence(wrong["detail"])
    assert weights(served) == []
    assert not installed(served)
    hub.content = TENSORS
    assert pull(served)["status"] == "successful"
    assert weights(served) == [f"models/{MODEL}/model.safetensors"]


def test_killed_in_the_middle_it_resumes(fresh, hub):
    first = fresh(HF_ENDPOINT=f"http://127.0.0.1:{hub.server_port}")
    hub.cut = 1_000_000
    pull(first)
    first.process.kill()
    first.process.wait()
    hub.cut = 0
    second = fresh(HF_ENDPOINT=f"http://127.0.0.1:{hub.server_port}")
    assert not installed(second)
    assert pull(second)["status"] == "successful"


def test_a_disk_too_small(fresh, hub, small_disk, image, sentence):
    served = fresh(small_disk / "home", HF_ENDPOINT=f"http://127.0.0.1:{hub.server_port}")
    problem = pull(served)["problem"]
    assert problem["code"] == "disk-full"
    assert sentence(problem["detail"])
    assert weights(served) == []
    assert served.click(image).status_code == 200
