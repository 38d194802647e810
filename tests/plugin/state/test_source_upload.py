"""What was sent to another machine stays there as long as anybody reads it."""

from types import SimpleNamespace

import pytest
from toposcope.plugin.state import source_upload
from toposcope.plugin.state.source_upload import SourceUpload


class There:
    """Takes files and numbers them."""

    endpoint = SimpleNamespace(loopback=False)

    def __init__(self):
        self.names = iter(("first", "second"))

    def upload(self, _path, done, _failed, _progress):
        done(next(self.names))


@pytest.fixture
def deleted(monkeypatch):
    """The paths of the requests that delete uploads."""
    paths = []
    monkeypatch.setattr(source_upload, "send_and_forget", lambda _endpoint, sent: paths.extend(c.path for c in sent))
    return paths


def test_an_upload_is_deleted_when_the_last_job_gives_it_back(tmp_path, deleted):
    path, there, upload = tmp_path / "vectors.tif", There(), SourceUpload()
    path.write_bytes(b"vectors")
    upload.send(str(path), there, lambda _id: None, None)
    assert [upload.lend(str(path), there) for _job in range(2)] == ["first", "first"]
    upload.send(str(path), there, lambda _id: None, None)
    upload.give_back("first")
    assert deleted == []
    upload.give_back("first")
    assert [one.rsplit("/", 1)[-1] for one in deleted] == ["first"]
    upload.release()
    assert [one.rsplit("/", 1)[-1] for one in deleted] == ["first", "second"]


def test_an_upload_given_back_while_it_is_open_stays(tmp_path, deleted):
    path, there, upload = tmp_path / "vectors.tif", There(), SourceUpload()
    path.write_bytes(b"vectors")
    upload.send(str(path), there, lambda _id: None, None)
    upload.give_back(upload.lend(str(path), there))
    assert deleted == []
    assert upload.kept(str(path), there) == "first"
