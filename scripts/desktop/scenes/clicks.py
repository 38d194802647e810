"""Is the main thread ever away? The same tour of the pointer with QGIS's own tools and with ours, in turns.

QGIS itself, and whatever else the machine does, stalls now and then; only the difference between the tools is ours.
The pan tool does nothing on a move; the identify tool is what people otherwise have in hand. The watch begins once
xdotool runs: starting a process from one as large as QGIS takes 100 ms by itself.
"""

import time

import acts
from qgis.PyQt.QtCore import QPoint, QTimer
from qgis.utils import iface

ROUNDS = 4
CLICKS = 20
PAUSE_S = 0.03
MOVES = 120
LIMIT_MS = 50


def play(stage):
    """Move, and click, with each tool in turn."""
    image = acts.load(stage.root / "build/data/las_vegas.tif", "Las Vegas")
    yield from acts.settled(stage)
    acts.look_at(stage, image, 480, 530, 260)
    yield from acts.drawn(stage)
    yield from acts.open_panel(stage)
    yield from acts.choose(stage, image)
    yield from acts.hover(stage, image, 481, 530)
    tools = {
        "pan": iface.actionPan().trigger,
        "identify": iface.actionIdentify().trigger,
        "ours": lambda: stage.plugin.segment_page.set_tool_active(True),
    }
    moving = {name: [] for name in tools}
    answers, session = [], stage.plugin.session

    def note(polygons, _response, hovering):
        if polygons:
            answers.append(hovering)

    session.preview_changed.connect(note)
    for _ in range(ROUNDS):
        for name, switch_on in tools.items():
            switch_on()
            yield 300
            yield from ready(stage, name)
            moving[name] += yield from tour(stage, image)
    stage.note(f"{answers.count(True)} previews")
    answers.clear()
    pauses = yield from clicks(stage, image)
    session.preview_changed.disconnect(note)
    for name, found in moving.items():
        stage.note(f"moving, {name:<8}: {told(found)}")
    stage.note(f"clicking, ours  : {told(pauses)}; {answers.count(False)} objects")


def ready(stage, name):
    """Wait until our tool has an open image."""

    def session_open():
        return name != "ours" or stage.plugin.session.state.value == "ready"

    yield session_open


def tour(stage, image):
    """Move the pointer over many places at 33 Hz; return the pauses of the main thread in ms."""
    places = [acts.place(image, 420 + 12 * (i % 11), 470 + 10 * (i // 11)) for i in range(MOVES)]
    stage.tour(places, PAUSE_S)
    beats = Beats()
    yield int(1000 * MOVES * PAUSE_S) + 500
    return beats.end()


def clicks(stage, image):
    """Click object after object with the real mouse; return the pauses of the main thread in ms."""
    steps = []
    for k in range(CLICKS):
        pixel = stage.canvas.getCoordinateTransform().transform(
            acts.place(image, 440 + 10 * (k % 7), 500 + 9 * (k // 7))
        )
        at = stage.canvas.viewport().mapToGlobal(QPoint(round(pixel.x()), round(pixel.y())))
        steps += ["mousemove", at.x(), at.y(), "sleep", 0.1, "click", 1, "sleep", 0.4, "key", "Escape", "sleep", 0.1]
    stage.xdotool(*steps)
    beats = Beats()
    yield 600 * CLICKS + 500
    return beats.end()


class Beats:
    """A timer of 1 ms; the pauses between its beats are when the main thread did something else."""

    def __init__(self):
        self._at = [time.perf_counter()]
        self._timer = QTimer(iface.mainWindow())
        self._timer.timeout.connect(lambda: self._at.append(time.perf_counter()))
        self._timer.start(1)

    def end(self):
        """Stop, and return the pauses in ms."""
        self._timer.stop()
        return [1000 * (b - a) for a, b in zip(self._at, self._at[1:])]  # noqa: B905 (Python 3.9)


def told(pauses):
    """Return the longest pauses in a sentence."""
    ordered = sorted(pauses)
    longest = ", ".join(f"{pause:.0f}" for pause in ordered[:-6:-1])
    over = sum(pause > LIMIT_MS for pause in ordered)
    high = ordered[int(0.999 * len(ordered))]
    return f"n={len(ordered)}, 99.9 % under {high:.0f} ms, {over} over {LIMIT_MS} ms; longest {longest} ms"
