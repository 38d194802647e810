"""Downloads through the real hub client against a server on loopback that answers as the hub does."""

import hashlib
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("huggingface_hub", reason="the Full tier is not installed")

from huggingface_hub import constants

from backend.errors import BadInput, Cancelled, Unavailable
from backend.models import tiers, weights
from backend.models.spec import FULL, ModelSpec, WeightFile, Weights
from backend.models.weights_download import download
from backend.protocol import codes

COMMIT, TOKEN = "c0ffee" * 6 + "abcd", "hf_secret"
CONFIG, TENSORS = b'{"model_type": "x"}', bytes(range(251)) * 40_000


class Hub(ThreadingHTTPServer):
    """Serves one repository; small files by the hub, large ones by a redirect to a second host name (the CDN)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {"config.json": CONFIG, "model.safetensors": TENSORS}
        self.etag = hashlib.sha256(TENSORS).hexdigest()
        self.requests, self.gated, self.cut = [], False, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        hub, token = self.server, self.headers.get("Authorization", "")
        hub.requests.append((self.command, self.path, self.headers.get("Range", ""), token))
        found = re.fullmatch(rf"/(cdn|someone/thing/resolve)/{COMMIT}/(.+)", self.path)
        if not found or found[2] not in hub.files:
            return self.reply(404, {"X-Error-Code": "RevisionNotFound"})
        if hub.gated and found[1] != "cdn" and token != f"Bearer {TOKEN}":
            status, reason = (403, "GatedRepo") if token else (401, "GatedRepo")
            return self.reply(status, {"X-Error-Code": reason, "X-Error-Message": f"no access with {token}"})
        content, large = hub.files[found[2]], found[2].endswith(".safetensors")
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{hub.etag if large else "0" * 40}"'}
        if large and found[1] != "cdn":
            headers |= {"X-Linked-Etag": f'"{hub.etag}"', "X-Linked-Size": str(len(content))}
            return self.reply(
                302, headers | {"Location": f"http://localhost:{hub.server_port}/cdn/{COMMIT}/{found[2]}"}
            )
        return self.send(content, headers, body)

    def send(self, content, headers, body):
        start = int(re.fullmatch(r"bytes=(\d+)-", self.headers["Range"])[1]) if self.headers.get("Range") else 0
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        part = content[start:]
        self.reply(206 if start else 200, headers, len(part))
        if body and self.server.cut and len(part) > self.server.cut:
            self.wfile.write(part[: self.server.cut])
            self.server.shutdown_request(self.request)
        elif body:
            self.wfile.write(part)

    def reply(self, status, headers, length=0):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(monkeypatch):
    server = Hub()
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", server.url + "/{repo_id}/resolve/{revision}/{filename}"
    )
    yield server
    server.shutdown()
    server.server_close()


def spec(revision=COMMIT, pinned=True, gated=False):
    files = [WeightFile("config.json", len(CONFIG), ""), WeightFile("model.safetensors", len(TENSORS), "")]
    if pinned:
        wanted = (CONFIG, TENSORS)
        files = [replace(f, sha256=hashlib.sha256(c).hexdigest()) for f, c in zip(files, wanted, strict=True)]
    held = Weights(tuple(files), "MIT", "someone/thing", revision, gated)
    return ModelSpec("thing", "Thing", ("segment",), "a:b", FULL, 64, "slow", 1000, held, "MIT")


def test_a_whole_download_is_verified_and_put_in_place(hub, tmp_path):
    seen = []
    download(spec(), tmp_path, progress=lambda percent, message: seen.append((percent, message)))
    manifest = weights.verify(spec(), tmp_path)
    assert (manifest.revision, manifest.origin, manifest.pinned) == (COMMIT, "hub", True)
    assert (tmp_path / "thing" / "model.safetensors").read_bytes() == TENSORS
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]
    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert "MB/s" in seen[-1][1]


def test_an_interrupted_download_resumes(hub, tmp_path):
    def stop(percent, message):
        if percent > 40:
            raise Cancelled

    with pytest.raises(Cancelled):
        download(spec(), tmp_path, progress=stop)
    assert weights.installed(spec(), tmp_path) is None
    kept = next(tmp_path.rglob("model.safetensors")).stat().st_size
    assert 0 < kept < len(TENSORS)
    hub.requests.clear()
    download(spec(), tmp_path)
    assert [r[2] for r in hub.requests if r[0] == "GET" and "cdn" in r[1]] == [f"bytes={kept}-"]
    weights.verify(spec(), tmp_path)


def test_a_connection_that_drops_is_taken_up_again(hub, tmp_path):
    hub.cut = 6_000_000
    download(spec(), tmp_path)
    weights.verify(spec(), tmp_path)


def test_a_wrong_checksum_is_refused_and_the_file_deleted(hub, tmp_path):
    hub.files["model.safetensors"] = TENSORS[:-1] + b"!"
    with pytest.raises(Unavailable, match="sha256") as caught:
        download(spec(), tmp_path)
    assert caught.value.code == codes.WEIGHTS_MISMATCH
    assert not list(tmp_path.rglob("model.safetensors"))
    assert weights.installed(spec(), tmp_path) is None
    hub.files["model.safetensors"] = TENSORS
    download(spec(), tmp_path)
    weights.verify(spec(), tmp_path)


def test_another_file_on_the_hub_is_refused_before_it_is_fetched(hub, tmp_path):
    hub.etag = "0" * 64
    with pytest.raises(Unavailable) as caught:
        download(spec(), tmp_path)
    assert caught.value.code == codes.WEIGHTS_MISMATCH
    assert not [request for request in hub.requests if request[0] == "GET"]


@pytest.mark.parametrize("token", ["", "hf_wrong"])
def test_a_gated_repository_asks_for_a_token(hub, tmp_path, token):
    hub.gated = True
    with pytest.raises(Unavailable, match="licence") as caught:
        download(spec(gated=True), tmp_path, token=token)
    assert caught.value.code == codes.WEIGHTS_GATED
    assert token not in caught.value.detail or not token


def test_a_token_opens_it_and_goes_nowhere_else(hub, tmp_path, caplog):
    hub.gated = True
    caplog.set_level("DEBUG")
    download(spec(gated=True), tmp_path, token=TOKEN)
    assert all(not token for _, path, _, token in hub.requests if "/cdn/" in path)
    assert TOKEN not in caplog.text
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]


def test_an_unpinned_model_needs_a_commit_and_takes_the_hubs_checksums(hub, tmp_path):
    for revision in ("", "main", COMMIT[:12]):
        with pytest.raises(BadInput, match="40 hexadecimal"):
            download(spec("", pinned=False), tmp_path, revision=revision)
    download(spec("", pinned=False), tmp_path, revision=COMMIT)
    manifest = weights.verify(spec("", pinned=False), tmp_path)
    assert manifest.revision == COMMIT
    assert not manifest.pinned
    hub.files["model.safetensors"] = TENSORS[::-1]
    weights.remove(spec(), tmp_path)
    with pytest.raises(Unavailable) as caught:
        download(spec("", pinned=False), tmp_path, revision=COMMIT)
    assert caught.value.code == codes.WEIGHTS_MISMATCH


def test_a_pinned_model_takes_no_other_commit(hub, tmp_path):
    with pytest.raises(BadInput, match="pinned"):
        download(spec(), tmp_path, revision="a" * 40)


def test_no_network_says_what_to_do(hub, tmp_path):
    hub.shutdown()
    hub.server_close()
    with pytest.raises(Unavailable, match="import") as caught:
        download(spec(), tmp_path)
    assert caught.value.code == codes.DOWNLOAD_FAILED


def test_an_unknown_commit_fails_clearly(hub, tmp_path):
    with pytest.raises(Unavailable) as caught:
        download(spec("", pinned=False), tmp_path, revision="a" * 40)
    assert caught.value.code == codes.DOWNLOAD_FAILED


def test_a_full_disk_is_said_before_anything_is_fetched(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10}))
    with pytest.raises(Unavailable) as caught:
        download(spec(), tmp_path)
    assert caught.value.code == codes.DISK_FULL
    assert not [request for request in hub.requests if request[0] == "GET"]


def test_without_the_full_tier_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(tiers.PACKAGES, FULL, ("torch", "no_such_package"))
    with pytest.raises(Unavailable, match="no_such_package") as caught:
        download(spec(), tmp_path)
    assert caught.value.code == codes.TIER_MISSING
