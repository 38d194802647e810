"""The buttons that make layers of open embeddings: the answer kept, classes, clusters, change."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Optional
from uuid import uuid4

from qgis.core import QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...backend.protocol.jobs import JobState
from ...backend.protocol.source import Source
from ..gis.example_shapes import LABEL, write_examples
from ..gis.refused import Refused
from ..gui.embeddings_ask import CLASSES, PHRASE
from ..gui.embeddings_page import EmbeddingsPage
from ..map_tools.show_feature import show_feature
from ..settings import Settings
from ..state.backend import Backend
from .arrivals import Arrivals, ranked
from .asking import AskController
from .opening import OpenController
from .questions import label_of, shapes
from .vector_job import VectorJob

SEARCH, FEWSHOT, CLUSTER, COMPARE = "search", "fewshot", "cluster", "compare"


class TaskController(QObject):
    """`notice(str)` and `failed(UserError)` are for the person."""

    notice = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: EmbeddingsPage,
        opened: OpenController,
        asking: AskController,
        backend: Backend,
        settings: Settings,
        scratch: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._page, self._opened, self._asking = canvas, page, opened, asking
        self._backend, self._scratch = backend, scratch
        self._places = ""
        rows = {"keep": page.ask.job, CLUSTER: page.clusters.job, COMPARE: page.compare.job}
        self.jobs = {name: VectorJob(row, opened.link, backend, settings, self) for name, row in rows.items()}
        for job in self.jobs.values():
            job.notice.connect(self.notice)
            job.failed.connect(self.failed)
        for row, run in (
            (page.ask.job, self.keep),
            (page.clusters.job, self.cluster),
            (page.compare.job, self.compare),
        ):
            row.run_asked.connect(lambda run=run: self._try(run))
        page.ask.places.picked.connect(self._on_place)
        opened.changed.connect(self.show_backend)
        page.ask.mode_changed.connect(lambda _: self.show_backend())

    def show_backend(self) -> None:
        """Follow what the backend offers and what is open."""
        self.jobs["keep"].show_backend(FEWSHOT if self._asking.mode == CLASSES else SEARCH)
        for task in (CLUSTER, COMPARE):
            self.jobs[task].show_backend(task)
        catalog = self._backend.catalog
        if catalog.device is not None:
            self._page.clusters.set_parameters(catalog.parameters(CLUSTER))
            self._page.ask.set_ranking(catalog.parameters(SEARCH))

    def keep(self) -> None:
        """Make layers of the answer that lies over the map. Raises Refused."""
        if self._asking.mode == CLASSES:
            self._keep_classes()
        else:
            self._keep_similar()

    def cluster(self) -> None:
        """Divide the embeddings into clusters. Raises Refused."""
        arrivals = self._arrivals(self.tr("Clusters of embeddings, found with Toposcope"))

        def arrived(_state: JobState, folder: Path) -> str:
            arrivals.clusters(folder)
            return self.tr("Done.")

        self.jobs[CLUSTER].start(CLUSTER, self._title(self.tr("Clusters")), self._page.clusters.values(), {}, arrived)

    def compare(self) -> None:
        """Show what changed until another date. Raises Refused."""
        other, name = self._page.compare.path(), self._page.compare.title()
        if not other:
            raise Refused(self.tr("Compute or open the embeddings of another date first."))
        arrivals = self._arrivals(self.tr("Change between two dates, seen by embeddings with Toposcope"))

        def arrived(_state: JobState, folder: Path) -> str:
            arrivals.change(folder, name)
            return self.tr("Done.")

        others = {"after": Source(path=other, name=Path(other).name)}
        self.jobs[COMPARE].start(COMPARE, self._title(self.tr("Change")), {}, others, arrived)

    def close(self) -> None:
        """Stop what is under way."""
        for job in self.jobs.values():
            job.close()

    def _keep_similar(self) -> None:
        asking, overlay = self._asking, self._asking.overlay
        if overlay.heat is None:
            raise Refused(self.tr("Show examples or write a phrase first; the map shows what would be kept."))
        values: Dict[str, Any] = {**self._page.ask.ranking.values(), "threshold": overlay.threshold}
        others: Dict[str, Source] = {}
        if asking.mode == PHRASE:
            name = f"“{asking.asked_phrase}”"
            values["phrase"] = asking.asked_phrase
        else:
            name = self.tr("Like the examples ({count})").format(count=len(asking.showing.shown.shown))
            values["label"] = LABEL
            others["examples"] = self._examples({})
        arrivals, least = self._arrivals(self.tr("Found with Toposcope: {what}").format(what=name)), overlay.threshold

        def arrived(_state: JobState, folder: Path) -> str:
            places = arrivals.similarity(folder, name, least)
            self._list(places)
            self._hide_answer()
            return self.tr("Places found: {count}.").format(count=places.featureCount() if places is not None else 0)

        self.jobs["keep"].start(SEARCH, self._title(name), values, others, arrived)

    def _keep_classes(self) -> None:
        asking = self._asking
        if asking.overlay.classes is None:
            raise Refused(self.tr("Show examples of two classes first; the map shows what would be kept."))
        if asking.showing.saved:
            path = self._scratch / f"classifier-{uuid4().hex}.json"
            path.write_text(asking.showing.saved, encoding="utf-8")
            others = {"classifier": Source(path=str(path), name=path.name)}
        else:
            others = {"examples": self._examples({row.id: row.name for row in asking.showing.book.rows})}
        arrivals = self._arrivals(self.tr("Classes learnt from a few examples with Toposcope"))
        colours = asking.showing.book.colours()

        def arrived(_state: JobState, folder: Path) -> str:
            arrivals.classes(folder, colours)
            self._hide_answer()
            return self.tr("Done.")

        self.jobs["keep"].start(FEWSHOT, self._title(self.tr("Classes")), {}, others, arrived)

    def _examples(self, names: Dict[str, str]) -> Source:
        """Write what was shown for a job; kinds without a name keep their own."""
        info = self._opened.link.info
        shown = [] if info is None else shapes(self._asking.showing.shown.shown, info)
        rows = [(geometry, names.get(kind, kind), label_of(kind)) for kind, geometry in shown]
        path = write_examples(self._scratch / f"examples-{uuid4().hex}.gpkg", info.crs if info else "", rows)
        return Source(path=str(path), name=path.name)

    def _arrivals(self, about: str) -> Arrivals:
        path = self._opened.path
        if self._opened.link.info is None or path is None:
            raise Refused(self.tr("Open embeddings first."))
        return Arrivals(path, self._opened.title, about)

    def _title(self, what: str) -> str:
        return self.tr("{what} in {embeddings}").format(what=what, embeddings=self._opened.title)

    def _hide_answer(self) -> None:
        """The layers show now what lay over the map."""
        self._page.ask.overlay.set_shown(False)

    def _list(self, places: Optional[QgsVectorLayer]) -> None:
        self._places = "" if places is None else places.id()
        self._page.ask.places.set_places([] if places is None else ranked(places))

    def _on_place(self, feature: int) -> None:
        layer = QgsProject.instance().mapLayer(self._places)
        if layer is None:
            self.notice.emit(self.tr("These places are not in the project any more."))
            return
        try:
            show_feature(layer, feature, self._canvas)
        except Refused as error:
            self.notice.emit(str(error))

    def _try(self, run: Callable[[], None]) -> None:
        try:
            run()
        except Refused as error:
            self.notice.emit(str(error))
