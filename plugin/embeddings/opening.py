"""The second part of the page: which embeddings are open, in step with the project's layers."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Tuple

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..errors import told_error
from ..gis.embedding_layers import add_embeddings, add_to, embeddings, group_of
from ..gis.extent_layer import extent_layer
from ..gis.refused import Refused
from ..gui.embedding_files import ask_embeddings
from ..gui.embeddings_more import CompareForm
from ..gui.embeddings_open import EmbeddingsOpen
from ..settings import DEVICE, Settings
from ..state.ask_link import AskLink, AskState
from ..state.connection import Connection
from .viewing import crs_of, extent_on_map, rectangle_of


class OpenController(QObject):
    """`changed` fires when other embeddings are open, or none; `notice(str)` is for the person."""

    changed = pyqtSignal()
    notice = pyqtSignal(str)

    def __init__(
        self,
        canvas: QgsMapCanvas,
        widget: EmbeddingsOpen,
        compare: CompareForm,
        connection: Connection,
        settings: Settings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._widget, self._compare, self._settings = canvas, widget, compare, settings
        self.link = AskLink(connection, self)
        self._path = ""
        self._new = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._list)
        root = QgsProject.instance().layerTreeRoot()
        for signal in (root.addedChildren, root.removedChildren, root.nameChanged, root.customPropertyChanged):
            signal.connect(self._later)
        self.link.changed.connect(self._on_link)
        widget.picked.connect(self.open)
        widget.file_asked.connect(self._on_file)
        widget.zoom_asked.connect(self._on_zoom)
        self._list()

    @property
    def path(self) -> Optional[Path]:
        """Return the file that is open, or is to be."""
        return Path(self._path) if self._path else None

    @property
    def title(self) -> str:
        """Return its name in the list."""
        return next((title for title, path in self._files() if path == self._path), Path(self._path).stem)

    def open(self, path: str) -> None:
        """Open a file of embeddings; empty closes the one that is open."""
        self._path = path
        self._list()
        if path:
            self.link.open(path, Path(path).name, self._settings.get(DEVICE))
        else:
            self.link.close()

    def open_file(self, path: Path) -> None:
        """Open a file that is not in the project; it gets a group there as soon as it is known what it is."""
        self._new = "" if group_of(path) else str(path)
        self.open(str(path))

    def close(self) -> None:
        """Let go of what is open."""
        self._soon.stop()
        self.blockSignals(True)
        self.link.close()

    def _files(self) -> List[Tuple[str, str]]:
        found = embeddings()
        if self._path and self._path not in [path for _title, path in found]:
            found.append((Path(self._path).name, self._path))
        return found

    def _later(self, *_arguments: object) -> None:
        self._soon.start(0)

    def _list(self) -> None:
        files = self._files()
        self._widget.set_files(files, self._path)
        self._compare.set_files([(title, path) for title, path in files if path != self._path])

    def _on_link(self) -> None:
        sentences = {
            AskState.CLOSED: "",
            AskState.WAITING: self.tr("Start the backend to open them."),
            AskState.OPENING: self.tr("Opening…"),
            AskState.READY: "",
            AskState.FAILED: told_error(self.link.problem).line if self.link.problem else "",
        }
        self._widget.show_info(self.link.info, sentences[self.link.state])
        if self.link.state is AskState.READY and self._new == self._path:
            self._new = ""
            self._add()
        self.changed.emit()

    def _add(self) -> None:
        """Put a file that was just opened into the project."""
        path = Path(self._path)
        try:
            title = self.tr("Embeddings – {name}").format(name=path.stem)
            group = add_embeddings(path, title)
            info = self.link.info
            if info is not None and not group.findLayers():
                name = self.tr("{count} places").format(count=f"{info.count:,}")
                add_to(group, extent_layer(rectangle_of(info.extent), crs_of(info), name), path.name)
        except Refused as error:
            self.notice.emit(str(error))

    def _on_file(self) -> None:
        path = ask_embeddings(self._widget)
        if path is not None:
            self.open_file(path)

    def _on_zoom(self) -> None:
        extent = None if self.link.info is None else extent_on_map(self.link.info, self._canvas)
        if extent is not None:
            self._canvas.setExtent(extent)
            self._canvas.refresh()
