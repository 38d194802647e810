"""What a click costs beyond the model: `QGIS's python tests/benchmarks/click.py --python BACKEND_PYTHON`.

One table, medians in ms. *Round trip*: from the prompt in the plugin's session to its answer, over QtNetwork, HTTP,
the real backend process and its polygon. *Alone*: the same encoder and decoder on the same crop and prompt in a process
of its own that does nothing else; the two take turns, so that what else the machine does hits both. *Overhead*: round
trip - alone. *Within*: round trip - what the backend itself measured around the decoder in that very call. Then
the longest stall of the main thread while the pointer moves.

Run it with QGIS's Python and pytest for Qt 5, with an environment that has PyQt6 for Qt 6. Models but `classic` are
full-size with random weights (`prepare.py`). It measures and never fails.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plugin_side import ROOT, WORK, connect, opened, run_until, stop
from qgis.PyQt.QtCore import QT_VERSION_STR, QCoreApplication, QTimer
from toposcope.backend.protocol.source import Source, Stretch

HERE = Path(__file__).parent
MODELS = ("classic", "sam2.1-tiny", "onnx-sam2.1-tiny", "sam-vit-base", "onnx-sam-vit-base")
COLUMNS = ("n", "round trip", "alone", "overhead", "ratio", "within", "outline", "corners")


class Alone:
    """A process that holds one model and does what it is told."""

    def __init__(self, python, model):
        command = [python, "-sP", str(HERE / "alone.py"), str(WORK / "image.tif"), model, str(WORK / "home")]
        self._child = subprocess.Popen(
            command, cwd=WORK / "root", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._child.stdout.readline().strip() != "ready":
            sys.exit(f"{model} could not be loaded.")

    def ms(self, what, place):
        """Return the milliseconds of `encode` or `decode`."""
        self._child.stdin.write(f"{what} {place[0]} {place[1]}\n")
        self._child.stdin.flush()
        return float(self._child.stdout.readline())

    def end(self):
        """Let it go."""
        self._child.communicate()


@dataclass
class Click:
    """One click, and the same work without anything around it, in ms."""

    trip: float
    alone: float
    answer: object


def click(session, place):
    """Return the round trip of one click in ms and its answer."""
    session.clear()
    x0, a, b, y0, d, e = session.info.transform
    x, y = x0 + a * place[0] + b * place[1], y0 + d * place[0] + e * place[1]
    started = time.perf_counter()
    session.add_point(x, y)
    run_until(lambda: session.answer is not None)
    return 1000 * (time.perf_counter() - started), session.answer


def warm(session, alone, places, count):
    """Click `count` times where everything is encoded."""
    for place in places:
        click(session, place)
        alone.ms("decode", place)
    asked = [places[k % len(places)] for k in range(count)]
    return [Click(*swap(click(session, place), alone.ms("decode", place))) for place in asked]


def cold(connection, model, alone, place, count):
    """Click `count` times on crops nobody has encoded: each time the image is shown a little differently."""
    clicks = []
    for k in range(count):
        stretch = (Stretch(0, 255 + 0.01 * (k + 1)),) * 3
        with opened(connection, Source(str(WORK / "image.tif"), stretch=stretch), model) as session:
            done = click(session, place)
        spent = alone.ms("encode", place) + alone.ms("decode", place)
        clicks.append(Click(*swap(done, spent)))
    return clicks


def swap(done, alone):
    return done[0], alone, done[1]


def row(clicks):
    """Return medians by column. Overheads are differences of pairs."""
    median = statistics.median
    trip, alone = median(c.trip for c in clicks), median(c.alone for c in clicks)
    within = median(c.trip - c.answer.encode_ms - c.answer.decode_ms for c in clicks)
    overhead = median(c.trip - c.alone for c in clicks)
    corners = median(sum(len(ring) for polygon in c.answer.polygons for ring in polygon) for c in clicks)
    figures = [trip, alone, overhead, trip / alone, within, median(c.answer.outline_ms for c in clicks)]
    shown = [f"{value:.2f}" if k == 3 else f"{value:.1f}" for k, value in enumerate(figures)]
    return [str(len(clicks)), *shown, f"{corners:.0f}"]


def hover_stall(session, place, seconds=3.0):
    """Return the longest pause between beats of a 5 ms timer while the pointer moves at 60 Hz, in ms."""
    session.clear()
    beats, moves = [], [0]
    x0, a, _, y0, _, e = session.info.transform

    def move():
        moves[0] += 1
        session.hover(x0 + a * (place[0] + moves[0] % 7), y0 + e * place[1])

    beat, pointer, end = QTimer(), QTimer(), time.monotonic() + seconds
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    pointer.timeout.connect(move)
    beat.start(5)
    pointer.start(16)
    run_until(lambda: time.monotonic() > end)
    return 1000 * max(b - a for a, b in zip(beats, beats[1:]))  # noqa: B905, RUF007 (Python 3.9)


def measure(connection, python, model, clicks, colds):
    """Return the rows of one model."""
    alone = Alone(python, model)
    places = json.loads((WORK / f"{model}.json").read_text())
    with opened(connection, Source(str(WORK / "image.tif")), model) as session:
        found = [("warm", *row(warm(session, alone, places, clicks)))]
        refusal = session.hover_refusal()
        stall = "no preview on a CPU" if refusal else f"{hover_stall(session, places[0]):.0f} ms"
    found.append(("cold", *row(cold(connection, model, alone, places[0], colds))))
    alone.end()
    return [(model, *line) for line in found], f"{model}: longest stall of the main thread while hovering: {stall}"


def table(rows):
    widths = [max(len(line[k]) for line in rows) for k in range(len(rows[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths)) for line in rows)  # noqa: B905


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="Python with the backend's packages")
    parser.add_argument("--image", type=Path, default=ROOT / "build/data/las_vegas.tif")
    parser.add_argument("--models", nargs="+", default=MODELS)
    parser.add_argument("--clicks", type=int, default=30)
    parser.add_argument("--cold", type=int, default=3)
    arguments = parser.parse_args()
    prepare = [arguments.python, "-sP", str(HERE / "prepare.py"), str(arguments.image), str(WORK), *arguments.models]
    subprocess.run(prepare, check=True)
    application = QCoreApplication([])
    print(f"Qt {QT_VERSION_STR}", flush=True)
    rows, notes = [("model", "", *COLUMNS)], []
    for model in arguments.models:
        connection = connect(arguments.python, WORK / "root")
        found, note = measure(connection, arguments.python, model, arguments.clicks, arguments.cold)
        stop(connection)
        rows += found
        notes.append(note)
        print(table(found), note, sep="\n", flush=True)
    print(table(rows), *notes, sep="\n")
    del application


if __name__ == "__main__":
    main()
