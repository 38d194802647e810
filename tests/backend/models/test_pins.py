"""`scripts/pin_models.py` against a server on loopback that answers as the hub does."""

import hashlib
import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("huggingface_hub", reason="the Full tier is not installed")

from huggingface_hub import constants

from backend.models.catalog import BUILT_IN

COMMIT, CONFIG = "c0ffee" * 6 + "abcd", b'{"model_type": "x"}'
SCRIPT = Path(__file__).parents[3] / "scripts" / "pin_models.py"
TINY = BUILT_IN.get("sam2.1-tiny")


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        info = self.path.startswith(f"/api/models/{TINY.weights.repo}")
        body = json.dumps(self.server.info).encode() if info else CONFIG
        self.send_response(200)
        headers = {"X-Repo-Commit": COMMIT, "ETag": '"0000"', "Content-Length": str(len(body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(monkeypatch, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    large = {"rfilename": "model.safetensors", "size": 9, "blobId": "1", "lfs": {"sha256": "a" * 64, "size": 9}}
    large["lfs"]["pointerSize"] = 100
    small = {"rfilename": "config.json", "size": len(CONFIG), "blobId": "2"}
    server.info = {"id": TINY.weights.repo, "modelId": TINY.weights.repo, "sha": COMMIT, "siblings": [large, small]}
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(constants, "ENDPOINT", url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("pin_models", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_pin_has_commit_sizes_and_checksums(hub, script, tmp_path):
    found = script.pin(TINY)
    assert found == {
        "revision": COMMIT,
        "files": [
            {"name": "config.json", "size": len(CONFIG), "sha256": hashlib.sha256(CONFIG).hexdigest()},
            {"name": "model.safetensors", "size": 9, "sha256": "a" * 64},
        ],
    }


def test_a_repository_without_the_files_is_named(hub, script):
    hub.info["siblings"] = hub.info["siblings"][:1]
    with pytest.raises(SystemExit, match=r"config\.json"):
        script.pin(TINY)


def test_checking_passes_over_what_is_not_known(script):
    found = {"revision": COMMIT, "files": [{"name": "a", "size": 3, "sha256": "b" * 64}]}
    assert script._agrees({"revision": COMMIT, "files": [{"name": "a", "size": 0, "sha256": ""}]}, found)
    assert not script._agrees({"revision": COMMIT, "files": [{"name": "a", "size": 4, "sha256": ""}]}, found)
    assert not script._agrees({"revision": "d" * 40, "files": []}, found)
