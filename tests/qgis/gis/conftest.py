"""A map tile server on loopback that answers late, badly or not at all when told to."""

import struct
import threading
import time
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

CAPABILITIES = """<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>t</Title><OnlineResource xlink:href="http://127.0.0.1:PORT/wms"/></Service>
<Capability><Request>
<GetCapabilities><Format>text/xml</Format><DCPType><HTTP><Get><OnlineResource xlink:href="http://127.0.0.1:PORT/wms?"/>
</Get></HTTP></DCPType></GetCapabilities>
<GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource xlink:href="http://127.0.0.1:PORT/wms?"/>
</Get></HTTP></DCPType></GetMap></Request><Exception><Format>XML</Format></Exception>
<Layer><Title>root</Title><CRS>EPSG:32611</CRS>
<Layer><Name>map</Name><Title>map</Title><CRS>EPSG:32611</CRS>
<EX_GeographicBoundingBox><westBoundLongitude>-117</westBoundLongitude><eastBoundLongitude>-116.98</eastBoundLongitude>
<southBoundLatitude>36.14</southBoundLatitude><northBoundLatitude>36.16</northBoundLatitude></EX_GeographicBoundingBox>
<BoundingBox CRS="EPSG:32611" minx="500000" miny="4000000" maxx="501024" maxy="4001024"/></Layer></Layer></Capability>
</WMS_Capabilities>"""


def png(red, green, blue, side=256, height=0):
    """Return a plain opaque tile."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    height = height or side
    rows = (b"\0" + bytes((red, green, blue)) * side) * height
    head = struct.pack(">IIBBBBB", side, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class TileServer:
    """`fail(z, x, y, nth)` says whether the nth request of a tile is refused; `delay` holds every answer back."""

    def __init__(self):
        self.fail = lambda z, x, y, nth: False
        self.delay = 0.0
        self.asked = Counter()
        self.maps = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith("/wms"):
                    self.answer(outer.wms(parse_qs(urlsplit(self.path).query)))
                    return
                z, x, y = (int(part) for part in self.path.strip("/").split(".")[0].split("/"))
                outer.asked[(z, x, y)] += 1
                time.sleep(outer.delay)
                bad = outer.fail(z, x, y, outer.asked[(z, x, y)])
                body = b"" if bad else png(x % 256, y % 256, z * 10)
                self.answer((404 if bad else 200, "image/png", body))

            def answer(self, said):
                status, kind, body = said
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wms(self, query):
        """Answer a WMS request: what the service has, or a grey map."""
        asked = {key.upper(): values[0] for key, values in query.items()}
        if asked["REQUEST"] == "GetCapabilities":
            return 200, "text/xml", CAPABILITIES.replace("PORT", str(self._server.server_address[1])).encode()
        self.maps.append(asked)
        return 200, "image/png", png(90, 90, 90, int(asked["WIDTH"]), int(asked["HEIGHT"]))

    @property
    def wms_uri(self):
        port = self._server.server_address[1]
        return f"crs=EPSG:32611&format=image/png&layers=map&styles=&url=http://127.0.0.1:{port}/wms"

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
