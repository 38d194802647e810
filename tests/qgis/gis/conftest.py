"""A map tile server on loopback that answers late, badly or not at all when told to."""

import struct
import threading
import time
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


def png(red, green, blue, side=256):
    """Return a plain opaque tile."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class TileServer:
    """`fail(z, x, y, nth)` says whether the nth request of a tile is refused; `delay` holds every answer back."""

    def __init__(self):
        self.fail = lambda z, x, y, nth: False
        self.delay = 0.0
        self.asked = Counter()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                z, x, y = (int(part) for part in self.path.strip("/").split(".")[0].split("/"))
                outer.asked[(z, x, y)] += 1
                time.sleep(outer.delay)
                bad = outer.fail(z, x, y, outer.asked[(z, x, y)])
                body = b"" if bad else png(x % 256, y % 256, z * 10)
                self.send_response(404 if bad else 200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def uri(self):
        port = self._server.server_address[1]
        return f"type=xyz&url=http://127.0.0.1:{port}/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmin=0&zmax=18"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server():
    made = TileServer()
    yield made
    made.close()
