"""One message at a time, and none that is not true any more."""

import pytest
from qgis.gui import QgsMessageBar
from toposcope.plugin.errors import UserError
from toposcope.plugin.gui.messages import MessageBridge


@pytest.fixture
def bar(qgis_app):
    return QgsMessageBar()


@pytest.fixture
def bridge(bar):
    return MessageBridge(bar)


def texts(bar):
    return [item.text() for item in bar.items()]


def test_a_newer_message_replaces_the_one_before(bar, bridge):
    bridge.notice("first")
    bridge.notice("second")
    assert texts(bar) == ["second"]


def test_an_error_says_what_to_do(bar, bridge):
    bridge.error(UserError("Title", "It broke.", "Mend it."))
    assert texts(bar) == ["It broke. Mend it."]


def test_an_error_goes_when_it_is_over_and_a_notice_stays(bar, bridge):
    bridge.error(UserError("Title", "It broke.", ""))
    bridge.error_is_over()
    assert texts(bar) == []
    bridge.notice("still true")
    bridge.error_is_over()
    assert texts(bar) == ["still true"]
