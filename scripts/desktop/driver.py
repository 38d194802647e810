"""Runs inside QGIS (`--code`): plays a scene step by step on the event loop, with real mouse and keys.

A scene is a module in `scenes/` with `play(stage)`, a generator. It yields a number (wait so many milliseconds), or a
function (wait until it returns something true, at most 60 s or its attribute `patience_s`). What it says with
`stage.note` and `stage.check` goes into report.json.
"""

import importlib.util
import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QPoint, QProcess, QTimer
from qgis.utils import iface, plugins

OUT = Path(os.environ["TOPOSCOPE_OUT"])
ROOT = Path(os.environ["TOPOSCOPE_ROOT"])
WAIT_S = 60


class Stage:
    """What a scene acts on."""

    def __init__(self):
        self.iface, self.canvas, self.out, self.root = iface, iface.mapCanvas(), OUT, ROOT
        self.lines, self.ok, self.longest_stall_ms = [], True, 0.0
        self.keep_open = bool(os.environ["TOPOSCOPE_KEEP_OPEN"])
        self._last_beat = time.perf_counter()
        self._heart = QTimer(iface.mainWindow())
        self._heart.timeout.connect(self._beat)

    @property
    def plugin(self):
        """Return the loaded plugin object."""
        return plugins["toposcope"]

    def note(self, text):
        """Add a line to the report."""
        self.lines.append(text)

    def check(self, condition, text):
        """Add a line to the report that decides about success."""
        self.ok = self.ok and bool(condition)
        self.lines.append(("ok    " if condition else "FAIL  ") + text)

    def shot(self, name):
        """Save the main window as NAME.png."""
        iface.mainWindow().grab().save(str(OUT / f"{name}.png"))

    def screen(self, name):
        """Save the whole screen as NAME.png, with menus and the pointer's surroundings."""
        subprocess.run(["import", "-window", "root", str(OUT / f"{name}.png")], check=True)

    def mouse(self, map_point, *actions):
        """Move the real pointer to a place on the map, then e.g. `click 1`."""
        pixel = self.canvas.getCoordinateTransform().transform(map_point)
        place = self.canvas.viewport().mapToGlobal(QPoint(round(pixel.x()), round(pixel.y())))
        self.xdotool("mousemove", place.x(), place.y(), *actions)

    def tour(self, map_points, pause_s):
        """Let the real pointer visit places one after another, in one process beside us."""
        steps = []
        for map_point in map_points:
            pixel = self.canvas.getCoordinateTransform().transform(map_point)
            place = self.canvas.viewport().mapToGlobal(QPoint(round(pixel.x()), round(pixel.y())))
            steps += ["mousemove", place.x(), place.y(), "sleep", pause_s]
        self.xdotool(*steps)

    def draw(self, map_points):
        """Let the real pointer draw through places with the left button held."""
        steps = []
        for number, map_point in enumerate([*map_points, map_points[0]]):
            pixel = self.canvas.getCoordinateTransform().transform(map_point)
            place = self.canvas.viewport().mapToGlobal(QPoint(round(pixel.x()), round(pixel.y())))
            steps += ["mousemove", place.x(), place.y(), "sleep", 0.05]
            if number == 0:
                steps += ["mousedown", 1, "sleep", 0.05]
        self.xdotool(*steps, "mouseup", 1)

    def key(self, name):
        """Press a real key."""
        self.xdotool("key", name)

    def xdotool(self, *arguments):
        """Run xdotool beside us: the main thread must stay free to show that nothing else blocks it."""
        QProcess.startDetached("xdotool", [str(argument) for argument in arguments])

    def watch_stalls(self, on):
        """Measure the longest time the main thread did not answer while this is on."""
        if on:
            self.longest_stall_ms, self._last_beat = 0.0, time.perf_counter()
            self._heart.start(1)
        else:
            self._heart.stop()

    def _beat(self):
        now = time.perf_counter()
        self.longest_stall_ms = max(self.longest_stall_ms, (now - self._last_beat) * 1000)
        self._last_beat = now


class Player:
    """Advances the scene's generator whenever what it waits for has come."""

    def __init__(self, stage, steps):
        self.stage, self.steps = stage, steps
        self.wanted, self.deadline = None, 0.0

    def tick(self):
        """Go on if what is awaited has come."""
        if callable(self.wanted) and not self.wanted():
            if time.monotonic() < self.deadline:
                QTimer.singleShot(15, self.tick)
                return
            self.stage.check(False, f"waited in vain for {self.wanted.__name__} (line {self._line()})")
            self.end()
            return
        try:
            self.wanted = next(self.steps)
        except StopIteration:
            self.end()
        except Exception:
            self.stage.check(False, traceback.format_exc())
            self.end()
        else:
            patience = getattr(self.wanted, "patience_s", WAIT_S)
            self.deadline = time.monotonic() + patience
            QTimer.singleShot(15 if callable(self.wanted) else int(self.wanted), self.tick)

    def end(self):
        """Write the report and leave QGIS."""
        if not self.stage.ok:
            self.stage.shot("failure")
        report = {"ok": self.stage.ok, "lines": self.stage.lines}
        (OUT / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
        if not self.stage.keep_open:
            for layer in QgsProject.instance().mapLayers().values():
                if layer.isEditable():
                    layer.rollBack()  # QGIS would ask what to do with it, and wait
            QgsProject.instance().clear()
            QTimer.singleShot(300, iface.actionExit().trigger)

    def _line(self):
        return self.steps.gi_frame.f_lineno if self.steps.gi_frame else "?"


def _load(name):
    folder = ROOT / "scripts/desktop/scenes"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(f"scene_{name}", folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _start():
    if not os.environ["TOPOSCOPE_KEEP_OPEN"]:
        iface.mainWindow().setGeometry(0, 0, 1600, 1000)
    stage = Stage()
    driver = Player(stage, _load(os.environ["TOPOSCOPE_SCENE"]).play(stage))
    iface.mainWindow().toposcope_scene = driver  # keeps it alive
    QTimer.singleShot(500, driver.tick)


_start()
