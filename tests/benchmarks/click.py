"""What a click costs beyond the model: `QGIS's python tests/benchmarks/click.py IMAGE X Y [--python BACKEND_PYTHON]`.

Prints medians in ms: the round trip as the plugin sees it, the share of encoder, decoder and outline as the backend
reports them, what is left (HTTP, JSON, queue), and the longest stall of the main thread while hovering. Run it with
QGIS's Python and pytest for Qt 5, with an environment that has PyQt6 for Qt 6. It measures and never fails.
"""

import argparse
import importlib.util
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


load("toposcope_qt_fixtures", ROOT / "tests/plugin/conftest.py")
load("toposcope_package", ROOT / "tests/conftest.py")

from qgis.PyQt.QtCore import QT_VERSION_STR, QCoreApplication, QEventLoop, QTimer  # noqa: E402
from toposcope.backend.protocol.source import Source  # noqa: E402
from toposcope.plugin.server import launcher  # noqa: E402
from toposcope.plugin.settings import MemoryStore, Settings  # noqa: E402
from toposcope.plugin.state.connection import Connection  # noqa: E402
from toposcope.plugin.state.session import SegmentSession, SessionState  # noqa: E402


def run_until(condition):
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def click(session, x, y):
    """Return the round trip of one click in ms and its answer."""
    session.clear()
    started = time.perf_counter()
    session.add_point(x, y)
    run_until(lambda: session.answer is not None)
    return 1000 * (time.perf_counter() - started), session.answer


def report(name, measured):
    trips = [trip for trip, _ in measured]
    parts = {part: [getattr(a, f"{part}_ms") for _, a in measured] for part in ("encode", "decode", "outline")}
    rest = [trip - a.encode_ms - a.decode_ms - a.outline_ms for trip, a in measured]
    shown = "  ".join(f"{part} {statistics.median(values):.1f}" for part, values in parts.items())
    median = statistics.median
    print(f"{name} (n={len(trips)}): round trip {median(trips):.1f}  {shown}  rest {median(rest):.1f}")


def hover_stall(session, x, y, seconds=3.0):
    """Return the longest pause between beats of a 5 ms timer while the pointer moves at 60 Hz, in ms."""
    session.clear()
    beats, moves = [], [0]

    def move():
        moves[0] += 1
        session.hover(x + moves[0] % 7, y)

    beat, pointer, end = QTimer(), QTimer(), time.monotonic() + seconds
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    pointer.timeout.connect(move)
    beat.start(5)
    pointer.start(16)
    run_until(lambda: time.monotonic() > end)
    return 1000 * max(b - a for a, b in zip(beats, beats[1:]))  # noqa: B905, RUF007 (Python 3.9)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image", type=Path)
    parser.add_argument("x", type=float)
    parser.add_argument("y", type=float)
    parser.add_argument("--python", default=sys.executable, help="Python with the backend's packages")
    parser.add_argument("--model", default="classic")
    parser.add_argument("--clicks", type=int, default=30)
    arguments = parser.parse_args()
    application = QCoreApplication([])
    connection = Connection(Settings(MemoryStore()), str, lambda done: launcher.start(Path(arguments.python), done))
    session = SegmentSession(connection)
    session.failed.connect(lambda error: sys.exit(f"{error.sentence} {error.detail}"))
    session.open(Source(str(arguments.image.absolute())), arguments.model)
    run_until(lambda: session.state is SessionState.READY)
    print(f"Qt {QT_VERSION_STR}, {arguments.model} on {session.info.device}")
    report("cold", [click(session, arguments.x, arguments.y)])
    report("warm", [click(session, arguments.x, arguments.y) for _ in range(arguments.clicks)])
    print(f"longest stall of the main thread while hovering: {hover_stall(session, arguments.x, arguments.y):.1f} ms")
    session.close()
    stopped = []
    connection.stop(stopped.append)
    run_until(lambda: stopped)
    del application


if __name__ == "__main__":
    main()
