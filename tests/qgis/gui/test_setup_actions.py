"""What the Setup page's dialogs do with their answers."""

import shutil
import subprocess

import pytest
from qgis.PyQt.QtWidgets import QFileDialog, QInputDialog, QLabel, QMessageBox
from toposcope.plugin import credentials
from toposcope.plugin.gui.setup_actions import SetupActions
from toposcope.plugin.gui.setup_page import SetupPage
from toposcope.plugin.settings import BACKEND_MODE, CA_FILE, LOCAL, REMOTE, REMOTE_URL, Settings
from toposcope.plugin.state.connection import Connection, State
from toposcope.plugin.state.installation import Installation

from tests.memory_store import MemoryStore


@pytest.fixture
def kept(monkeypatch):
    tokens = {}
    monkeypatch.setattr(credentials, "write", lambda key, token: tokens.update({key: token}) is None)
    return tokens


@pytest.fixture
def certificate(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl")
    made = tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gpu.invalid"]
    subprocess.run([*command, "-keyout", str(tmp_path / "key.pem"), "-out", str(made)], check=True, capture_output=True)
    return made


@pytest.fixture
def asked(qgis_app, monkeypatch, tmp_path, kept):
    """Return `asked(*answers)`: presses "A server elsewhere", answers the dialogs; gives settings and connection."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    settings = Settings(MemoryStore())
    connection = Connection(settings, lambda: "t" * 40)
    page = SetupPage()
    SetupActions(page, Installation(connection, connection), connection, settings, connection)

    def ask(*answers, certificate=None):
        left = list(answers)
        own = QMessageBox.StandardButton.No if certificate is None else QMessageBox.StandardButton.Yes
        monkeypatch.setattr(QInputDialog, "getText", lambda *_: left.pop(0))
        monkeypatch.setattr(QMessageBox, "question", lambda *_: own)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (certificate, ""))
        page.remote_asked.emit()
        return settings, connection

    ask.problem = page.findChild(QLabel, "setupProblem").text

    yield ask
    connection.stop()


def test_address_and_token_lead_to_another_machine(asked, kept):
    settings, connection = asked((" https://gpu.invalid:8443 ", True), ("secret ", True))
    assert (settings.get(BACKEND_MODE), settings.get(REMOTE_URL)) == (REMOTE, "https://gpu.invalid:8443")
    assert kept == {"toposcope/server/gpu.invalid:8443": "secret"}
    assert settings.get(CA_FILE) == ""
    assert connection.state is not State.STOPPED


def test_who_gives_no_token_after_all_changes_nothing(asked, kept):
    settings, connection = asked(("https://gpu.invalid:8443", True), ("", False))
    assert (settings.get(BACKEND_MODE), settings.get(REMOTE_URL)) == (LOCAL, "")
    assert kept == {}
    assert connection.state is State.STOPPED


def test_a_certificate_of_its_own_is_asked_for(asked, kept, certificate):
    settings, _ = asked(("https://gpu.invalid:8443", True), ("secret", True), certificate=str(certificate))
    assert settings.get(CA_FILE) == str(certificate)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_is_none_changes_nothing(asked, kept, tmp_path, content):
    if content:
        (tmp_path / "bad.pem").write_text(content)
    settings, _ = asked(
        ("https://gpu.invalid:8443", True), ("secret", True), certificate=str(tmp_path / "bad.pem") if content else ""
    )
    assert (settings.get(BACKEND_MODE), settings.get(CA_FILE), kept) == (LOCAL, "", {})
    assert ("certificate" in asked.problem()) == bool(content)


def test_a_token_that_is_not_kept_is_said(asked, monkeypatch):
    monkeypatch.setattr(credentials, "write", lambda *_: False)
    settings, _ = asked(("https://gpu.invalid:8443", True), ("secret", True))
    assert settings.get(BACKEND_MODE) == LOCAL
    assert "did not take the token" in asked.problem()


def test_an_address_that_is_none_is_said_before_a_token_is_asked(asked, kept):
    settings, _ = asked(("http://gpu.invalid:8443", True))
    assert (settings.get(REMOTE_URL), kept) == ("", {})
    assert "https://host:port" in asked.problem()


def test_a_token_never_goes_to_another_address():
    keys = {credentials.server(f"https://{address}") for address in ("a.example", "a.example:444", "b.example")}
    assert len(keys) == 3
    assert credentials.server("https://A.example/") == credentials.server("https://a.example:443")
