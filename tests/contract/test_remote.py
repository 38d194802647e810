"""A backend on another machine: TLS with a certificate of its own, a token, pixels as uploads."""

import json
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest
from toposcope.backend.protocol.source import Source
from toposcope.plugin.client import calls, failures
from toposcope.plugin.client.authority import read_authority
from toposcope.plugin.client.blocking_client import BlockingClient
from toposcope.plugin.client.endpoint import parse_endpoint
from toposcope.plugin.client.failures import ClientError
from toposcope.plugin.settings import BACKEND_MODE, CA_FILE, REMOTE, REMOTE_URL, Settings
from toposcope.plugin.state.connection import Connection, State
from toposcope.plugin.state.session import SegmentSession, SessionState

from tests.contract.test_real_click import write_png
from tests.memory_store import MemoryStore

ROOT = Path(__file__).parents[2]
TOKEN = secrets.token_hex(32)
MIDDLE = (140, 100)


def make_certificate(folder):
    """The command of docs/remote.md, for this machine's own address."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return certificate, key


class Server:
    """`python -m backend serve` with TLS; `restart` keeps port, token and certificate, as an administrator would."""

    def __init__(self, python, home, certificate, key):
        self.home, self.certificate = home, certificate
        self._command = [str(python), "-m", "backend", "serve", "--tls-cert", str(certificate), "--tls-key", str(key)]
        self.port = 0
        self.start()

    def start(self):
        environment = {"PATH": "", "TOPOSCOPE_HOME": str(self.home), "TOPOSCOPE_TOKEN": TOKEN}
        self.process = subprocess.Popen(
            [*self._command, "--port", str(self.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        self.port = json.loads(self.process.stdout.readline())["port"]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    def uploads(self):
        return [path for path in self.home.glob("uploads/*/*") if not path.name.startswith(".")]


@pytest.fixture
def server(python, tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    (tmp_path / "home").mkdir()
    made = Server(python, tmp_path / "home", *make_certificate(tmp_path))
    yield made
    made.kill()


@pytest.fixture
def connect(server, application):
    """Return a function that makes a connection with the server's certificate, or with what it is given."""
    made = []

    def to(authority=str(server.certificate)):
        settings = Settings(MemoryStore())
        for setting, value in ((BACKEND_MODE, REMOTE), (REMOTE_URL, server.url), (CA_FILE, authority)):
            settings.set(setting, value)
        made.append(Connection(settings, lambda: TOKEN))
        return made[-1]

    yield to
    for connection in made:
        connection.stop()


@pytest.fixture
def session(connect):
    made = SegmentSession(connect())
    made.failures = []
    made.failed.connect(made.failures.append)
    yield made
    made.close()


@pytest.fixture
def field(tmp_path):
    path = tmp_path / "field.png"
    write_png(path)
    return path


@pytest.fixture
def opened(session, field, wait):
    session.open(Source(str(field)), "classic")
    wait(lambda: session.state is SessionState.READY or session.failures, 60)
    assert session.failures == []
    return session


def click(session, wait):
    session.clear()
    session.add_point(*MIDDLE)
    wait(lambda: session.answer is not None or session.failures, 60)
    return session.answer


def test_a_click_sends_the_pixels_once_and_its_end_deletes_them(opened, server, wait):
    assert click(opened, wait).polygons
    opened.open(opened.request.source, "classic", "cpu")
    assert click(opened, wait).polygons
    [upload] = server.uploads()
    opened.close()
    wait(lambda: server.uploads() == [])
    assert not upload.exists()


def test_the_next_image_takes_the_place_of_the_one_before(opened, server, tmp_path, wait):
    [before] = server.uploads()
    write_png(tmp_path / "next.png")
    opened.open(Source(str(tmp_path / "next.png")), "classic")
    wait(lambda: opened.state is SessionState.READY, 60)
    wait(lambda: not before.exists() and len(server.uploads()) == 1)


def test_unloading_right_after_deletes_them_too(connect, server, field, wait):
    connection = connect()
    session = SegmentSession(connection)
    session.open(Source(str(field)), "classic")
    wait(lambda: session.state is SessionState.READY, 60)
    session.close()
    connection.stop()
    wait(lambda: server.uploads() == [])


def test_after_the_server_was_killed_the_next_click_sends_them_again(opened, server, wait):
    assert click(opened, wait).polygons
    server.kill()
    server.start()
    opened.failures.clear()
    assert click(opened, wait) or click_again(opened, wait)
    assert len(server.uploads()) == 1


def click_again(session, wait):
    """A click while the server was away may fail; the one after may not."""
    session.failures.clear()
    return click(session, wait)


def test_a_new_connection_to_a_new_server_sends_them_again(opened, server, wait):
    server.kill()
    server.start()
    opened._connection.restart()
    wait(lambda: opened.state is SessionState.READY and opened._connection.ready, 60)
    assert opened.failures == []
    assert click(opened, wait).polygons


def test_an_image_that_changed_is_sent_again(opened, server, field, wait):
    [before] = server.uploads()
    field.write_bytes(field.read_bytes() + b"\0")
    opened.open(Source(str(field)), "classic")
    wait(lambda: opened.state is SessionState.READY, 60)
    wait(lambda: not before.exists() and len(server.uploads()) == 1)


def test_an_image_that_is_gone_is_said_in_one_sentence(session, tmp_path, wait):
    session.open(Source(str(tmp_path / "gone.tif")), "classic")
    wait(lambda: session.failures, 60)
    assert session.failures[0].code == failures.FILE_UNREADABLE
    assert session.state is SessionState.FAILED


@pytest.mark.parametrize("authority", ["", "other"])
def test_a_certificate_nobody_vouches_for_is_refused(connect, server, authority, tmp_path, wait):
    if authority:
        (tmp_path / "other").mkdir()
        authority = str(make_certificate(tmp_path / "other")[0])
    connection = connect(authority)
    connection.start()
    wait(lambda: connection.state is State.FAILED)
    assert connection.error.code == failures.TLS_FAILED
    endpoint = parse_endpoint(server.url, TOKEN, read_authority(Path(authority)) if authority else "")
    with pytest.raises(ClientError) as error:
        BlockingClient(endpoint).send(calls.capabilities())
    assert error.value.problem.code == failures.TLS_FAILED


def test_a_thread_without_qt_trusts_the_same_file(server):
    endpoint = parse_endpoint(server.url, TOKEN, read_authority(server.certificate))
    assert BlockingClient(endpoint).send(calls.capabilities()).models


@pytest.mark.parametrize("content", [b"", b"\xff no certificate", None])
def test_a_certificate_file_that_holds_none_is_said(connect, tmp_path, content):
    if content is not None:
        (tmp_path / "bad.pem").write_bytes(content)
    connection = connect(str(tmp_path / "bad.pem"))
    connection.start()
    assert connection.error.code == failures.AUTHORITY_UNREADABLE


def test_the_key_beside_a_certificate_is_not_kept(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    certificate, key = make_certificate(tmp_path)
    certificate.write_bytes(key.read_bytes() + certificate.read_bytes())
    assert "PRIVATE KEY" not in read_authority(certificate)
