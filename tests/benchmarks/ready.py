"""How soon the backend answers: `QGIS's python tests/benchmarks/ready.py --python BACKEND_PYTHON`.

Starts the backend as the panel does and prints medians in ms: until the process announced its port, and until the
answer to `GET /capabilities` was read. The first start, which may find a cold disk, is printed by itself.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plugin_side import connect, run_until, stop
from qgis.PyQt.QtCore import QCoreApplication


def start(python):
    """Return milliseconds until the port was known, and until the backend was ready."""
    connection = connect(python)
    started = time.perf_counter()
    connection.start()
    run_until(lambda: connection.client is not None or connection.error)
    announced = time.perf_counter()
    run_until(lambda: connection.ready or connection.error)
    ready = time.perf_counter()
    if connection.error:
        sys.exit(connection.error.sentence)
    stop(connection)
    return 1000 * (announced - started), 1000 * (ready - started)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="Python with the backend's packages")
    parser.add_argument("--starts", type=int, default=10)
    arguments = parser.parse_args()
    application = QCoreApplication([])
    times = [start(arguments.python) for _ in range(arguments.starts + 1)]
    print(f"first start: announced {times[0][0]:.0f}, ready {times[0][1]:.0f}")
    announced, ready = (statistics.median(column) for column in zip(*times[1:]))  # noqa: B905 (Python 3.9)
    print(
        f"n={arguments.starts}: announced {announced:.0f}, ready {ready:.0f}, most {max(r for _, r in times[1:]):.0f}"
    )
    del application


if __name__ == "__main__":
    main()
