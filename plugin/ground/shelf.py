"""The runs in the project, read from its layer tree: so they are there again when the project is opened."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from qgis.core import QgsLayerTreeGroup, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..gis.ground_layers import RunMark, folder_of, groups, mark_of
from ..gis.ground_run import GroundRun, read_run
from ..gis.score_tally import ScoreTally, read_tally
from ..state.background import Background


class RunShelf(QObject):
    """`changed` fires when runs come, go, are renamed or another one is picked, and when the picked one is read.

    `counted` follows once it is known how much area each phrase of a run has from any score on.
    """

    changed = pyqtSignal()
    counted = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._current = ""
        self._runs: Dict[str, GroundRun] = {}
        self._reading: Dict[str, str] = {}
        self._tallies: Dict[str, Optional[ScoreTally]] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        root = QgsProject.instance().layerTreeRoot()
        for signal in (root.addedChildren, root.removedChildren, root.nameChanged, root.customPropertyChanged):
            signal.connect(self._later)
        QgsProject.instance().readProject.connect(self._on_project)

    def titles(self) -> List[Tuple[str, str]]:
        """Return (id, title) of every run, from the top of the layer tree down."""
        return [(mark_of(group).id, group.name()) for group in groups()]

    @property
    def group(self) -> Optional[QgsLayerTreeGroup]:
        """Return the picked run's group; ask anew each time, the user may remove it."""
        return next((group for group in groups() if mark_of(group).id == self._current), None)

    @property
    def mark(self) -> Optional[RunMark]:
        """Return what the project remembers of the picked run."""
        group = self.group
        return None if group is None else mark_of(group)

    @property
    def run(self) -> Optional[GroundRun]:
        """Return the picked run, None until it is read."""
        return self._runs.get(self._current)

    @property
    def tally(self) -> Optional[ScoreTally]:
        """Return how much area the picked run's phrases have from any score on, None until and unless it is known."""
        return self._tallies.get(self._current)

    @property
    def problem(self) -> str:
        """Return why the picked run cannot be read, empty while nothing is wrong."""
        return self._reading.get(self._current, "")

    def put(self, mark: RunMark, run: GroundRun) -> None:
        """Take a run that was just read, and pick it."""
        self._runs[mark.id] = run
        self.pick(mark.id)

    def pick(self, run: str) -> None:
        """Pick a run by its id."""
        self._current = run
        self._look()

    def _on_project(self, *_document: object) -> None:
        """Read anew what a project that was opened holds: its files may have moved with it."""
        self._runs, self._reading, self._tallies = {}, {}, {}
        self._look()

    def _later(self, *_arguments: object) -> None:
        self._soon.start(0)

    def _look(self) -> None:
        there = [run for run, _ in self.titles()]
        if self._current not in there:
            self._current = there[0] if there else ""
        mark = self.mark
        if mark is not None and mark.id not in self._runs and mark.id not in self._reading and self._has_layers():
            self._read(mark)
        self._count()
        self.changed.emit()

    def _has_layers(self) -> bool:
        """Return whether the picked run's layers are there: the layer tree is, while a project is still being read."""
        return all(node.layer() is not None for node in self.group.findLayers())

    def _count(self) -> None:
        """Begin to add up the picked run's scores, once."""
        mark, run = self.mark, self.run
        if mark is None or run is None or run.best is None or mark.id in self._tallies:
            return
        self._tallies[mark.id] = None
        best, phrases, placed = run.best, len(run.answer.phrases), not mark.pixel

        def done(tally: ScoreTally) -> None:
            self._tallies[mark.id] = tally
            self.counted.emit()

        def failed(_error: Exception) -> None:
            """Leave the areas as the run told them."""

        Background(lambda: read_tally(best, phrases, placed), done, failed, self)

    def _read(self, mark: RunMark) -> None:
        self._reading[mark.id] = ""
        folder = folder_of(self.group)

        def done(run: GroundRun) -> None:
            self._reading.pop(mark.id, None)
            self._runs[mark.id] = run
            self._look()

        def failed(error: Exception) -> None:
            self._reading[mark.id] = str(error)
            self.changed.emit()

        Background(lambda: read_run(folder, mark.pixel), done, failed, self)
