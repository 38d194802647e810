"""What a command says while it runs: lines on a screen, nothing to a program."""

import pytest

from backend.commands.progress import Progress


@pytest.mark.parametrize("screen", [True, False])
def test_a_screen_is_told_now_and_then(capsys, monkeypatch, screen):
    monkeypatch.setattr("sys.stderr.isatty", lambda: screen)
    progress = Progress()
    for percent in (1.0, 5.0, 6.0, 9.9, 10.0, 100.0):
        progress(percent, "Painting")
    said = "5 % Painting\n10 % Painting\n100 % Painting\n" if screen else ""
    assert capsys.readouterr() == ("", said)
