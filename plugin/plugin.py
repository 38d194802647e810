"""The composition root: everything long-lived is built, connected and taken down here, in this order."""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path
from typing import Any, List, Optional, Tuple

from qgis.core import Qgis, QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QLocale, QObject, QSettings, Qt, QTranslator
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QApplication, QFileDialog

from ..backend.protocol.jobs import JobState
from . import credentials, log
from .change.controller import TASKS as CHANGE_TASKS
from .change.controller import ChangeController
from .client.endpoint import Endpoint
from .embeddings.controller import TASKS as EMBEDDING_TASKS
from .embeddings.controller import EmbeddingsController
from .errors import UserError
from .generate.asked import TASK as GENERATE_TASK
from .generate.controller import GenerateController
from .gis.online import LayerRenderer
from .ground.asked import TASK as GROUND_TASK
from .ground.controller import GroundController
from .gui.change_page import ChangePage
from .gui.dock import ToposcopeDock
from .gui.embeddings_page import EmbeddingsPage
from .gui.generate_page import GeneratePage
from .gui.ground_page import GroundPage
from .gui.jobs_page import JobsPage
from .gui.licences import LicenceNotices
from .gui.messages import MessageBridge
from .gui.model_actions import ModelActions
from .gui.models_page import ModelsPage
from .gui.panel_width import PanelWidth
from .gui.places_page import PlacesPage
from .gui.segment_page import SegmentPage
from .gui.setup_actions import SetupActions
from .gui.setup_page import SetupPage
from .gui.status import status_text
from .gui.synthetic_badge import SyntheticBadges
from .map_tools.keys import KeyFilter
from .paths import RESOURCES, TRANSLATIONS
from .places.controller import PlacesController
from .places.question import TASK as PLACES_TASK
from .processing.provider import ToposcopeProvider
from .segment.controller import SegmentController
from .segment.source_opener import SourceOpener
from .server.text import use_english, use_translator
from .settings import LAST_MODEL, OUTLINE, REMOTE_URL, qgis_settings
from .state.backend import Backend
from .state.catalog import Catalog
from .state.connection import Connection, State
from .state.installation import Installation
from .state.jobs import JobList
from .state.session import SegmentSession

OWN_WORDS = (GROUND_TASK, PLACES_TASK, GENERATE_TASK, *CHANGE_TASKS, *EMBEDDING_TASKS)
"""Tasks whose pages tell what went wrong."""


class ToposcopePlugin(QObject):
    """The plugin as QGIS sees it. Without a desktop (`qgis_process`) only the Processing provider is built."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._iface = iface
        self._translator: Optional[QTranslator] = None
        self._provider: Optional[ToposcopeProvider] = None
        self._detach_log: List[object] = []
        self._scratch: Optional[tempfile.TemporaryDirectory] = None
        self._settings = qgis_settings()
        self.connection: Optional[Connection] = None
        self.installation: Optional[Installation] = None
        self.jobs: Optional[JobList] = None
        self.catalog: Optional[Catalog] = None
        self.session: Optional[SegmentSession] = None
        self.dock: Optional[ToposcopeDock] = None
        self.segment_page: Optional[SegmentPage] = None
        self.segment: Optional[SegmentController] = None
        self.ground_page: Optional[GroundPage] = None
        self.ground: Optional[GroundController] = None
        self.embeddings_page: Optional[EmbeddingsPage] = None
        self.embeddings: Optional[EmbeddingsController] = None
        self.places_page: Optional[PlacesPage] = None
        self.places: Optional[PlacesController] = None
        self.generate_page: Optional[GeneratePage] = None
        self.generate: Optional[GenerateController] = None
        self.change_page: Optional[ChangePage] = None
        self.change: Optional[ChangeController] = None
        self.show_action: Optional[QAction] = None
        self._load_translation()

    def initProcessing(self) -> None:
        """Register the Processing provider; `qgis_process` calls only this."""
        self._provider = ToposcopeProvider(self._endpoint, self._model_ids)
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Build everything. The panel stays closed and no process is started until somebody asks."""
        self.initProcessing()
        self._build_state()
        self._build_widgets()
        self._build_segment()
        self._build_ground()
        self._build_embeddings()
        self._build_others()
        self._build_actions()
        self._connect()
        self._on_catalog()
        self._on_connection()

    def unload(self) -> None:
        """Take everything down, in the reverse order of `initGui`."""
        self._iface.removePluginRasterMenu("Toposcope", self.show_action)
        self._iface.removeToolBarIcon(self.show_action)
        self._keys.stop()
        self._example_keys.stop()
        self._width.keep()
        self._badges.close()
        for controller in reversed(self._controllers()):
            controller.close()
        self.segment.close()
        self._renderer.close()
        self._messages.clear()
        self._iface.removeDockWidget(self.dock)
        if self.installation.running:
            self.installation.cancel()
        self.connection.stop()
        # Views go before what they show, and at once: left to Python's garbage collector, they would be told of
        # models that are half gone.
        for thing in (self.show_action, self.dock, self._keys, self._example_keys, self._setup, self._models):
            _delete(thing)
        for thing in (
            self._licences,
            self._badges,
            self.change,
            self.generate,
            self.places,
            self.embeddings,
            self.ground,
            self.segment,
            self.session,
        ):
            _delete(thing)
        for thing in (self._renderer, self._messages, self.catalog, self.jobs, self.installation, self.connection):
            _delete(thing)
        for detach in self._detach_log:
            detach()
        QgsApplication.processingRegistry().removeProvider(self._provider)
        self._scratch.cleanup()
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
        use_english()

    def _load_translation(self) -> None:
        chosen = (
            QSettings().value("locale/userLocale") if QSettings().value("locale/overrideFlag", False, bool) else None
        )
        translator = QTranslator(self)
        if translator.load(QLocale(str(chosen or QLocale.system().name())), "toposcope", "_", str(TRANSLATIONS)):
            QCoreApplication.installTranslator(translator)
            self._translator = translator
        use_translator(QCoreApplication.translate)

    def _endpoint(self) -> Optional[Endpoint]:
        """Return where Processing finds the running backend; called from its threads."""
        return self.connection.endpoint() if self.connection is not None else None

    def _server_token(self) -> str:
        """Return the token of the server the settings name."""
        return credentials.read(credentials.server(self._settings.get(REMOTE_URL)))

    def _model_ids(self, task: str) -> List[str]:
        """Return the models Processing offers for picking."""
        return [model.id for model in self.catalog.models(task) if model.installed] if self.catalog else []

    def _build_state(self) -> None:
        recent = log.RecentLines()
        self._detach_log = [log.attach(recent), log.attach(log.qgis_handler())]
        self._scratch = tempfile.TemporaryDirectory(prefix="toposcope-")
        self.connection = Connection(self._settings, self._server_token, parent=self)
        self.installation = Installation(self.connection, self)
        self.jobs = JobList(self.connection, recent.lines, _versions, self)
        self.catalog = Catalog(self.connection, self.jobs, self)
        self.session = SegmentSession(self.connection, self)

    def _build_widgets(self) -> None:
        window = self._iface.mainWindow()
        self._messages = MessageBridge(self._iface.messageBar(), self)
        self._setup_page = SetupPage()
        self.dock = ToposcopeDock(self._setup_page, window)
        self.segment_page = SegmentPage()
        self.ground_page = GroundPage()
        self.embeddings_page = EmbeddingsPage()
        self.places_page = PlacesPage()
        self.generate_page = GeneratePage()
        self.change_page = ChangePage()
        self._models_page = ModelsPage()
        self.dock.add_page(self.segment_page, self.tr("Segment"))
        self.dock.add_page(self.ground_page, self.tr("Ground"))
        self.dock.add_page(self.embeddings_page, self.tr("Embeddings"))
        self.dock.add_page(self.places_page, self.tr("Places"))
        self.dock.add_page(self.generate_page, self.tr("Generate"))
        self.dock.add_page(self.change_page, self.tr("Change"))
        self.dock.add_page(self._models_page, self.tr("Models"))
        self.dock.add_page(JobsPage(self.jobs), self.tr("Jobs"))
        self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.close()
        self._width = PanelWidth(self.dock, window, self._settings)
        self._setup = SetupActions(self._setup_page, self.installation, self.connection, self._settings, self)
        self._models = ModelActions(self.catalog, window, self)
        self._licences = LicenceNotices(self.catalog.model, self._settings, self)

    def _build_segment(self) -> None:
        self._renderer = LayerRenderer(Path(self._scratch.name), self)
        opener = SourceOpener(self._renderer, self)
        self.segment = SegmentController(
            self._iface.mapCanvas(), self.segment_page, self.session, opener, self._settings, self
        )
        self._keys = KeyFilter(self.segment.wants, self)
        self._keys.watch(self._iface.mainWindow())
        self._keys.watch(self.dock)
        self._keys.command.connect(self.segment.tool.command)

    def _build_ground(self) -> None:
        backend = Backend(self.connection, self.jobs, self.catalog)
        self.ground = GroundController(
            self._iface.mapCanvas(), self.ground_page, backend, self._settings, Path(self._scratch.name), self
        )

    def _build_embeddings(self) -> None:
        backend = Backend(self.connection, self.jobs, self.catalog)
        self.embeddings = EmbeddingsController(
            self._iface.mapCanvas(), self.embeddings_page, backend, self._settings, Path(self._scratch.name), self
        )
        self._example_keys = KeyFilter(self.embeddings.wants, self)
        self._example_keys.watch(self._iface.mainWindow())
        self._example_keys.watch(self.dock)
        self._example_keys.command.connect(self.embeddings.tool.command)

    def _build_others(self) -> None:
        backend = Backend(self.connection, self.jobs, self.catalog)
        canvas, settings, scratch = self._iface.mapCanvas(), self._settings, Path(self._scratch.name)
        self.places = PlacesController(canvas, self.places_page, backend, settings, scratch, self)
        self.generate = GenerateController(canvas, self.generate_page, backend, settings, scratch, self)
        self.change = ChangeController(canvas, self.change_page, backend, settings, scratch, self)
        self.change.draw_asked.connect(self._on_draw_asked)
        self._badges = SyntheticBadges(self._iface.layerTreeView(), self)

    def _controllers(self) -> Tuple[Any, ...]:
        """Return what is behind the pages with jobs; each has `show_backend`, `notice`, `failed` and `close`."""
        return self.ground, self.embeddings, self.places, self.generate, self.change

    def _build_actions(self) -> None:
        icon = QIcon(str(RESOURCES / "icons/toposcope.svg"))
        self.show_action = QAction(icon, "Toposcope", self._iface.mainWindow())
        self.show_action.setObjectName("toposcope")
        self.show_action.setCheckable(True)
        self.show_action.setToolTip(self.tr("Toposcope: click to segment"))
        self._iface.addToolBarIcon(self.show_action)
        self._iface.addPluginToRasterMenu("Toposcope", self.show_action)

    def _connect(self) -> None:
        self.show_action.toggled.connect(self._on_show)
        self.dock.closed.connect(self._on_closed)
        self.dock.restart_asked.connect(self.connection.restart)
        self.dock.setup_asked.connect(self._setup_page.ask_plan)
        self.connection.changed.connect(self._on_connection)
        self.connection.notice.connect(self._messages.notice)
        self.catalog.changed.connect(self._on_catalog)
        self.catalog.failed.connect(self._on_error)
        self.jobs.finished.connect(self._on_job_finished)
        self.session.failed.connect(self._on_session_failed)
        self.session.preview_changed.connect(self._on_preview)
        self.segment.refused.connect(self._messages.notice)
        self.segment_page.new_geopackage_asked.connect(self._ask_geopackage)
        for controller in self._controllers():
            controller.notice.connect(self._messages.notice)
            controller.failed.connect(self._on_error)
        self.ground.refine_asked.connect(self._on_refine)
        self._licences.notice.connect(self._messages.notice)
        pages = (
            self.segment_page,
            self.ground_page,
            self.embeddings_page.compute,
            self.places_page,
            self.generate_page,
            self.change_page.pairs,
            self.change_page.detect,
        )
        pickers = tuple(page.model for page in pages)
        for picker in pickers:
            picker.picked.connect(self._licences.tell)
        for page in (*pickers, self._models_page):
            page.download_asked.connect(self._models.download)
            page.import_asked.connect(self._models.import_file)
        self._models_page.remove_asked.connect(self._models.remove)
        self._models_page.token_asked.connect(self._models.ask_token)
        jobs_page = self.dock.findChild(JobsPage)
        jobs_page.cancel_asked.connect(self.jobs.cancel)
        jobs_page.report_asked.connect(lambda job: QApplication.clipboard().setText(self.jobs.report(job)))
        QgsProject.instance().layerWillBeRemoved.connect(self._renderer.forget)
        QgsProject.instance().layersRemoved.connect(self.session.free_others)

    def _on_show(self, shown: bool) -> None:
        self._width.keep()
        self.dock.setVisible(shown)
        if shown:
            self._width.restore()
            self.dock.raise_()
            self.connection.start()
            self.embeddings.set_shown(True)

    def _on_closed(self) -> None:
        """Follow the dock's own close button."""
        self._width.keep()
        self.show_action.setChecked(False)
        self.segment_page.set_tool_active(False)
        self.embeddings.set_shown(False)
        for controller in (self.ground, self.places, self.generate, self.change):
            controller.release()

    def _on_connection(self) -> None:
        state = self.connection.state
        self.dock.set_status(status_text(self.connection), state in (State.FAILED, State.BROKEN, State.READY))
        if state is State.NOT_INSTALLED:
            self.dock.show_setup(True)
        elif state is State.READY and not self.installation.running:
            self.dock.show_setup(False)
        for controller in self._controllers():
            controller.show_backend()

    def _on_catalog(self) -> None:
        self._models_page.set_models(self.catalog.models())
        for controller in self._controllers():
            controller.show_backend()
        if self.catalog.device is None:
            return
        self.segment_page.model.offer(self.catalog, "segment", self._settings.get(LAST_MODEL))
        parameters = self.catalog.parameters("segment", self.segment_page.model.model_id())
        self.segment_page.outline.set_parameters(parameters, self._settings.get(OUTLINE))

    def _on_draw_asked(self, layer: QgsVectorLayer) -> None:
        """Let QGIS's own tool draw polygons into a layer."""
        self._iface.setActiveLayer(layer)
        self._iface.actionAddFeature().trigger()

    def _on_job_finished(self, state: JobState) -> None:
        error = self.jobs.error(state.id)
        if error is not None and state.task not in OWN_WORDS:  # their pages say it
            self._on_error(error)

    def _on_session_failed(self, error: UserError) -> None:
        self.segment.show_error(error)
        self._on_error(error)

    def _on_refine(self, image: QgsRasterLayer, layer: QgsVectorLayer, feature: int, around: QgsRectangle) -> None:
        self.dock.show_page(self.segment_page)
        self._messages.notice(self.tr("Refine the object with clicks. Enter gives it the new shape, Esc leaves it."))
        self.segment.refine(image, layer, feature, around)

    def _on_preview(self, polygons: object, _response: object, _hover: bool) -> None:
        if polygons:
            self._messages.error_is_over()

    def _on_error(self, error: UserError) -> None:
        self._messages.error(error)

    def _ask_geopackage(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self.dock, self.tr("New GeoPackage"), "objects.gpkg", "GeoPackage (*.gpkg)"
        )
        if path:
            self.segment.new_geopackage(Path(path).with_suffix(".gpkg"))


def _versions() -> List[str]:
    return [f"QGIS {Qgis.QGIS_VERSION}", f"Python {platform.python_version()}", platform.platform()]


def _delete(thing: QObject) -> None:
    thing.deleteLater()
    QCoreApplication.sendPostedEvents(thing, QEvent.Type.DeferredDelete)
