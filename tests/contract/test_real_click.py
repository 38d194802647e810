"""A click through everything that is ours: the real server, the model that comes along, the plugin's session."""

import struct
import zlib

import pytest
from toposcope.backend.protocol.source import Source
from toposcope.plugin.server import launcher
from toposcope.plugin.settings import Settings
from toposcope.plugin.state.connection import Connection
from toposcope.plugin.state.session import SegmentSession

from tests.memory_store import MemoryStore

WIDTH, HEIGHT = 320, 240
LEFT, TOP, RIGHT, BOTTOM = 100, 60, 180, 140


def write_png(path):
    """Write a grey field with one bright rectangle, a little texture everywhere."""

    def pixel(x, y):
        inside = LEFT <= x < RIGHT and TOP <= y < BOTTOM
        return (200 if inside else 60) + (x * 7 + y * 13) % 11

    rows = b"".join(b"\0" + bytes(pixel(x, y) for x in range(WIDTH)) for y in range(HEIGHT))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    data = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (*chunks, (b"IEND", b""))
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)


@pytest.fixture
def session(python, tmp_path, monkeypatch, application):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    connection = Connection(Settings(MemoryStore()), str, lambda on_exit: launcher.start(python, on_exit))
    made = SegmentSession(connection)
    made.failures = []
    made.failed.connect(made.failures.append)
    yield made
    made.close()
    connection.stop()


def test_the_bright_rectangle_is_found(session, tmp_path, wait):
    path = tmp_path / "field.png"
    write_png(path)
    session.open(Source(str(path)), "classic")
    middle = ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2)
    session.add_point(*middle)
    wait(lambda: session.answer is not None or session.failures, 120)
    assert session.failures == []
    ring = session.answer.polygons[0][0]
    xs, ys = [x for x, _ in ring], [abs(y) for _, y in ring]
    assert abs(min(xs) - LEFT) < 8
    assert abs(max(xs) - RIGHT) < 8
    assert abs(min(ys) - TOP) < 8
    assert abs(max(ys) - BOTTOM) < 8
    session.add_point(10, 10, 0)
    wait(lambda: session.answer is not None or session.failures, 120)
    assert session.failures == []
    assert session.take().polygons
