import sys

import pytest
from toposcope.plugin.server import log_file
from toposcope.plugin.server.log_file import LogFile


def test_a_full_file_is_kept_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(log_file, "LARGEST", 10)
    log = LogFile(tmp_path / "logs" / "a.log")
    for line in ("first", "second", "third"):
        log.write(line)
    log.close()
    assert log.path.read_text().endswith(" third\n")
    assert (tmp_path / "logs" / "a.log.1").read_text().endswith(" second\n")


def test_a_file_that_cannot_be_put_aside_goes_on(tmp_path, monkeypatch):
    """On Windows another QGIS that has it open is enough."""
    monkeypatch.setattr(log_file, "LARGEST", 10)
    (tmp_path / "a.log.1").mkdir()
    log = LogFile(tmp_path / "a.log")
    for line in ("first", "second", "third"):
        log.write(line)
    log.close()
    assert [line.split()[-1] for line in log.path.read_text().splitlines()] == ["first", "second", "third"]


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_does_not_stop_what_is_logged(tmp_path):
    (tmp_path / "a.log").symlink_to("/dev/full")
    log = LogFile(tmp_path / "a.log")
    log.write("lost")
    log.close()
