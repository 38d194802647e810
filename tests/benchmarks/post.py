"""What a small POST costs, and the trap in it: `QGIS's python tests/benchmarks/post.py --python BACKEND_PYTHON`.

Qt 5 writes a POST's header and its body separately and leaves Nagle's algorithm on, so that on a connection used
before the body waits for the peer's delayed acknowledgement. The plugin asks for a connection of its own
(`close_after`), the backend for immediate acknowledgement (`PromptProtocol`): either one avoids the wait. Prints
medians in ms of the same POST, on a plain server and on the backend, without and with `close_after`, in turns.
"""

import argparse
import http.server
import json
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plugin_side import connect, run_until, stop
from qgis.PyQt.QtCore import QT_VERSION_STR, QCoreApplication
from qgis.PyQt.QtNetwork import QNetworkRequest
from toposcope.plugin.client.endpoint import parse_endpoint
from toposcope.plugin.client.requests import close_after, make_manager, make_request

BODY = json.dumps({"prompts": {"points": [{"x": 481.5, "y": 530.5}]}, "sequence": 1}).encode()
PATH = "/sessions/00000000000000000000000000000000/predict"


class Plain(http.server.BaseHTTPRequestHandler):
    """Answers like the backend does for a session that is not there, with the kernel's own timing."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self):
        """Read the body, answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Stay silent."""


def post(manager, endpoint, alone):
    """Return the milliseconds of one POST, on a connection of its own or on one that is kept."""
    request = make_request(endpoint, PATH, {"Content-Type": "application/json"}, 60)
    if alone:
        close_after(request)
    started = time.perf_counter()
    reply = manager.post(request, BODY)
    run_until(reply.isFinished)
    spent = 1000 * (time.perf_counter() - started)
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    if status != 404:
        sys.exit(f"The server answered {status}.")
    reply.deleteLater()
    return spent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="Python with the backend's packages")
    parser.add_argument("--posts", type=int, default=50)
    arguments = parser.parse_args()
    application = QCoreApplication([])
    plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Plain)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    connection = connect(arguments.python)
    connection.start()
    run_until(lambda: connection.ready)
    servers = {
        "plain server": parse_endpoint(f"http://127.0.0.1:{plain.server_address[1]}", "x" * 32),
        "backend": connection.endpoint(),
    }
    ways = [(name, alone) for name in servers for alone in (False, True)]
    managers = {way: make_manager(servers[way[0]], application) for way in ways}
    spent = {way: [] for way in ways}
    for _ in range(arguments.posts):
        for way in ways:
            spent[way].append(post(managers[way], servers[way[0]], way[1]))
    print(f"Qt {QT_VERSION_STR}, n={arguments.posts}")
    for (name, alone), values in spent.items():
        label = "a connection each" if alone else "kept connection"
        print(f"{name:<13} {label:<18} median {statistics.median(values):5.1f} ms")
    plain.shutdown()
    stop(connection)
    del application


if __name__ == "__main__":
    main()
