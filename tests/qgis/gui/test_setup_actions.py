"""What the Setup page's dialogs do with their answers."""

import pytest
from qgis.PyQt.QtWidgets import QInputDialog
from toposcope.plugin import credentials
from toposcope.plugin.gui.setup_actions import SetupActions
from toposcope.plugin.gui.setup_page import SetupPage
from toposcope.plugin.settings import BACKEND_MODE, LOCAL, REMOTE, REMOTE_URL, Settings
from toposcope.plugin.state.connection import Connection, State
from toposcope.plugin.state.installation import Installation

from tests.memory_store import MemoryStore


@pytest.fixture
def kept(monkeypatch):
    tokens = {}
    monkeypatch.setattr(credentials, "write", lambda key, token: tokens.update({key: token}) is None)
    return tokens


@pytest.fixture
def asked(qgis_app, monkeypatch, tmp_path, kept):
    """Return `asked(*answers)`: presses "A server elsewhere", answers the dialogs; gives settings and connection."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    settings = Settings(MemoryStore())
    connection = Connection(settings, lambda: "t" * 40)
    page = SetupPage()
    SetupActions(page, Installation(connection, connection), connection, settings, connection)

    def ask(*answers):
        left = list(answers)
        monkeypatch.setattr(QInputDialog, "getText", lambda *_: left.pop(0))
        page.remote_asked.emit()
        return settings, connection

    yield ask
    connection.stop()


def test_address_and_token_lead_to_another_machine(asked, kept):
    settings, connection = asked((" https://gpu.invalid:8443 ", True), ("secret ", True))
    assert (settings.get(BACKEND_MODE), settings.get(REMOTE_URL)) == (REMOTE, "https://gpu.invalid:8443")
    assert list(kept.values()) == ["secret"]
    assert connection.state is not State.STOPPED


def test_who_gives_no_token_after_all_changes_nothing(asked, kept):
    settings, connection = asked(("https://gpu.invalid:8443", True), ("", False))
    assert (settings.get(BACKEND_MODE), settings.get(REMOTE_URL)) == (LOCAL, "")
    assert kept == {}
    assert connection.state is State.STOPPED
