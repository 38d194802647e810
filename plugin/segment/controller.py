"""Click to segment: page, tool and overlay on one side, session and layers on the other."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsMapLayer, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...backend.protocol.prompts import Prompts
from ..errors import UserError
from ..gis.refused import Refused
from ..gis.source import frame_of
from ..gis.transform import SourceTransform
from ..gui.segment_page import SegmentPage
from ..map_tools.keys import Command
from ..map_tools.overlay import PromptOverlay
from ..map_tools.prompt_tool import PromptTool
from ..map_tools.tool_input import ToolInput
from ..settings import DEVICE, HOVER, LAST_MODEL, OUTLINE, Settings
from ..state.session import SegmentSession, SessionState
from .acceptance import Acceptance
from .source_opener import Opened, SourceOpener

REST_MS = 300
"""The canvas rests this long before the place in view is encoded ahead of a click."""


class SegmentController(QObject):
    """Decides what clicks mean. `refused(str)` carries one sentence for the person."""

    refused = pyqtSignal(str)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        page: SegmentPage,
        session: SegmentSession,
        opener: SourceOpener,
        settings: Settings,
        parent: Optional[QObject] = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._page, self._session = canvas, page, session
        self._opener, self._settings = opener, settings
        self.overlay = PromptOverlay(canvas, self)
        self.tool = PromptTool(canvas, self.wants)
        self._input = ToolInput(canvas, self.tool, self)
        self._acceptance = Acceptance(page.target)
        self._layer: Optional[QgsRasterLayer] = None
        self._transform: Optional[SourceTransform] = None
        self._covered: Optional[QgsRectangle] = None
        self._accept_when_answered = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._connect()
        page.hover.setChecked(settings.get(HOVER))
        page.options.set_device(settings.get(DEVICE))

    @property
    def active(self) -> bool:
        """Return whether the map tool is on."""
        return self._input.in_use

    def wants(self, command: Command) -> bool:
        """Return whether a key means something to us now."""
        if not self.active:
            return False
        if command is Command.REDO:
            return self._session.can_redo
        if command is Command.ACCEPT:
            return self._session.answer is not None or self._session.busy
        return self._session.can_undo or (command is Command.CLEAR and not _empty(self._session.prompts))

    def refine(self, image: QgsRasterLayer, layer: QgsVectorLayer, feature_id: int, around: QgsRectangle) -> None:
        """Take over an object of `layer` with a box of the map: clicks refine it, accepting gives it the new shape."""
        self._page.source.setLayer(image)
        self._session.clear()
        self._acceptance.replace_next(layer, feature_id)
        self._page.set_tool_active(True)
        self._on_box(around)

    def close(self) -> None:
        """Switch the tool off and take everything off the canvas."""
        self._rest.stop()
        self._opener.cancel()
        self._input.use(False)
        self._canvas.extentsChanged.disconnect(self._rest.start)
        self._canvas.destinationCrsChanged.disconnect(self._on_map_crs)
        self._session.close()
        self.overlay.close()

    def _connect(self) -> None:
        page, session, tool = self._page, self._session, self.tool
        page.source_changed.connect(self._on_layer)
        page.model.picked.connect(self._on_model)
        page.tool_toggled.connect(self._input.use)
        page.hover_toggled.connect(self._on_hover_toggled)
        page.outline.changed.connect(self._on_outline)
        page.options.changed.connect(self._on_options)
        page.options.device_changed.connect(self._on_device)
        page.accept_asked.connect(self._accept)
        page.clear_asked.connect(self._clear)
        page.undo_asked.connect(session.undo)
        page.redo_asked.connect(session.redo)
        tool.point.connect(self._on_point)
        tool.box.connect(self._on_box)
        tool.hovered.connect(self._on_hover)
        tool.left.connect(session.end_hover)
        tool.command.connect(self._on_command)
        self._input.active.connect(self._on_active)
        session.preview_changed.connect(self._on_preview)
        session.prompts_changed.connect(self._on_prompts)
        session.busy_changed.connect(self._on_busy)
        session.state_changed.connect(self._on_state)
        self._canvas.extentsChanged.connect(self._rest.start)
        self._canvas.destinationCrsChanged.connect(self._on_map_crs)
        self._rest.timeout.connect(self._on_rest)

    def _on_active(self, active: bool) -> None:
        self._page.set_tool_active(active)
        if active:
            self._open_here()

    def _on_hover_toggled(self, on: bool) -> None:
        self._settings.set(HOVER, on)
        self._session.end_hover()

    def _on_outline(self) -> None:
        values = self._page.outline.values()
        self._settings.set(OUTLINE, values)
        self._session.set_parameters(values)

    def _on_layer(self, layer: Optional[QgsMapLayer]) -> None:
        if layer is self._layer:
            return
        self._layer = layer
        self._covered = None
        self._acceptance.add_next()
        self._session.leave()
        self._page.options.set_layer(layer)
        if self.active:
            self._open_here()

    def _on_options(self) -> None:
        if self.active:
            self._open_here()

    def _on_device(self, device: str) -> None:
        self._settings.set(DEVICE, device)
        self._on_options()

    def _on_model(self, model: str) -> None:
        self._settings.set(LAST_MODEL, model)
        if self.active:
            self._open_here()

    def _open_here(self) -> None:
        """Open the picked layer around the middle of the map."""
        if self._layer is None:
            self._page.set_status(self.tr("Choose an image first."))
            return
        self._open_at(self._canvas.center(), lambda: None)

    def _open_at(self, at: QgsPointXY, then) -> None:
        """Open the layer around a map position, unless what is open already covers it, then call `then`."""
        model = self._page.model.model()
        if model is None or not model.installed:
            self._page.set_status(self.tr("This model is not installed. Download it or choose another one."))
            return
        layer = self._layer
        try:
            self._transform = SourceTransform(
                frame_of(layer), self._canvas.mapSettings().destinationCrs(), QgsProject.instance().transformContext()
            )
            place = self._transform.layer_point(at)
            scale = self._transform.units_per_pixel(at, self._canvas.mapUnitsPerPixel())
        except Refused as error:
            self._refuse(str(error))
            return

        def opened(result: Opened) -> None:
            self._covered = result.extent
            if result.notice:
                self.refused.emit(result.notice)
            source = self._page.options.apply(result.source)
            request = self._session.request
            device = self._settings.get(DEVICE)
            if request is None or (request.source, request.model, request.device) != (source, model.id, device):
                self._session.set_parameters(self._page.outline.values())
                self._session.open(source, model.id, device, keep=result.extent is None)
            then()

        self._opener.request(layer, place, scale, opened, self._refuse)

    def _reaches(self, at: QgsPointXY) -> bool:
        """Return whether what is open covers a map position."""
        if self._session.state in (SessionState.CLOSED, SessionState.FAILED) or self._transform is None:
            return False
        return self._covered is None or self._covered.contains(self._transform.layer_point(at))

    def _holds_back(self) -> bool:
        """Return whether opening another part of a drawn layer would drop the prompts of the object under way."""
        going_on = self._session.state in (SessionState.OPENING, SessionState.READY)
        return going_on and self._covered is not None and not _empty(self._session.prompts)

    def _on_point(self, at: QgsPointXY, label: int) -> None:
        self._prompt(at, lambda: self._add_point(at, label))

    def _on_box(self, rectangle: QgsRectangle) -> None:
        self._prompt(rectangle.center(), lambda: self._set_box(rectangle))

    def _prompt(self, at: QgsPointXY, act) -> None:
        if self._layer is None:
            self._page.set_status(self.tr("Choose an image first."))
            return
        try:
            if self._reaches(at):
                act()
            elif self._holds_back():
                self._refuse(
                    self.tr(
                        "This place lies outside the part of the layer that was read for this object. "
                        "Accept the object or clear it, then click there."
                    )
                )
            else:
                self._open_at(at, act)
        except Refused as error:
            self._refuse(str(error))

    def _add_point(self, at: QgsPointXY, label: int) -> None:
        point = self._transform.point(at, label)
        self._session.add_point(point.x, point.y, point.label)

    def _set_box(self, rectangle: QgsRectangle) -> None:
        box = self._transform.box(rectangle)
        self._session.set_box(box.x0, box.y0, box.x1, box.y1)

    def _on_hover(self, at: QgsPointXY) -> None:
        if self._page.hover.isChecked() and self._session.state is SessionState.READY:
            try:
                if self._reaches(at) and self._inside(at):
                    point = self._transform.point(at)
                    self._session.hover(point.x, point.y)
                else:
                    self._session.end_hover()
            except Refused:
                self._session.end_hover()

    def _inside(self, at: QgsPointXY) -> bool:
        return self._layer.extent().contains(self._transform.layer_point(at))

    def _on_rest(self) -> None:
        """Encode what is in view ahead of a click."""
        if self.active and self._session.state is SessionState.READY and _empty(self._session.prompts):
            centre = self._canvas.center()
            try:
                if self._reaches(centre) and self._inside(centre):
                    point = self._transform.point(centre)
                    self._session.focus(point.x, point.y)
            except Refused:
                return

    def _on_map_crs(self) -> None:
        if self._transform is not None:
            crs = self._canvas.mapSettings().destinationCrs()
            self._transform = SourceTransform(self._transform.frame, crs, QgsProject.instance().transformContext())

    def _on_command(self, command: Command) -> None:
        actions = {
            Command.ACCEPT: self._accept,
            Command.UNDO: self._session.undo,
            Command.REDO: self._session.redo,
            Command.CLEAR: self._clear,
        }
        actions[command]()

    def _clear(self) -> None:
        self._acceptance.add_next()
        self._session.clear()

    def _on_preview(self, polygons, response, hover: bool) -> None:
        crs = self._transform.frame.crs if self._transform else QgsProject.instance().crs()
        geometry = self._transform.geometry(polygons) if polygons and self._transform else None
        if hover:
            self.overlay.set_hover(geometry, crs)
            return
        self.overlay.set_hover(None, crs)
        self.overlay.set_decided(geometry, crs)
        points = 0 if _empty(self._session.prompts) else 1
        self._page.show_result(response, points, self._session.can_redo)
        if self._accept_when_answered and polygons:
            QTimer.singleShot(0, self._accept)

    def _on_prompts(self, prompts: Prompts) -> None:
        self._accept_when_answered = False
        if self._transform is None:
            self.overlay.clear()
            return
        points, box = self._transform.shown(prompts)
        self.overlay.set_prompts(points, box, self._transform.frame.crs)
        self._page.show_result(self._session.answer, 0 if _empty(prompts) else 1, self._session.can_redo)
        if _empty(prompts):
            self._page.set_status(self._ready_text())

    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._page.set_status(self.tr("Working…"))

    def _on_state(self) -> None:
        texts = {
            SessionState.CLOSED: "",
            SessionState.OPENING: self.tr("Opening the image…"),
            SessionState.READY: self._ready_text(),
            SessionState.FAILED: self.tr("The image could not be opened. The next click tries again."),
        }
        if _empty(self._session.prompts):
            self._page.set_status(texts[self._session.state])
        if self._session.state is SessionState.READY:
            refusal = self._session.hover_refusal()
            self._page.hover.setEnabled(not refusal)
            self._page.hover.setToolTip(refusal)
            self._rest.start()

    def _ready_text(self) -> str:
        if self._session.state is not SessionState.READY:
            return ""
        return self._session.hover_refusal() or self.tr("Click an object.")

    def _accept(self) -> None:
        """Write the object into the target layer; the next one starts at once."""
        accepted = self._session.current_object()
        self._accept_when_answered = accepted is None and self._session.busy
        if accepted is None:
            return
        try:
            lacking = self._acceptance.write(accepted, self._transform, self._layer, self._page.model.model())
        except Refused as error:
            self._refuse(str(error))
            return
        self._session.clear()
        if lacking:
            self._refuse(lacking)

    def new_geopackage(self, path: Path) -> None:
        """Create a GeoPackage layer in the image's CRS and pick it."""
        try:
            self._acceptance.new_geopackage(path, self._layer)
        except Refused as error:
            self._refuse(str(error))

    def show_error(self, error: UserError) -> None:
        """Say on the page what went wrong."""
        self._page.set_status(error.line)

    def _refuse(self, sentence: str) -> None:
        self._page.set_status(sentence)
        self.refused.emit(sentence)


def _empty(prompts: Prompts) -> bool:
    return not prompts.points and prompts.box is None
