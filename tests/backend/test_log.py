import io
import logging

import pytest

from backend import log


@pytest.fixture(autouse=True)
def restored():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc123secret",
        "token hf_secretsecret",
        "GET /x?token=secret&y=1",
        "https://user:secret@example.org/wms",
    ],
)
def test_secrets_are_taken_out(text):
    stream = io.StringIO()
    log.set_up(stream).info(text)
    assert "secret" not in stream.getvalue()
    assert "info" in stream.getvalue()


def test_tracebacks_lose_theirs_too():
    stream = io.StringIO()
    logger = log.set_up(stream)
    try:
        raise ValueError("Bearer " + "abc123sec" + "ret")
    except ValueError:
        logger.exception("failed")
    assert "ValueError" in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_other_libraries_are_heard_from_warnings_on():
    stream = io.StringIO()
    log.set_up(stream)
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("trouble")
    assert stream.getvalue().count("\n") == 1
    assert "trouble" in stream.getvalue()
