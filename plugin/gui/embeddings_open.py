"""The second part of the Embeddings page: which embeddings are asked, and what they are."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from qgis.PyQt.QtCore import QSignalBlocker, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...backend.protocol.asks import AskInfo
from .accessible import add_named_row
from .labels import text


class EmbeddingsOpen(QWidget):
    """`picked(path)` names a file of embeddings, empty for none."""

    picked = pyqtSignal(str)
    file_asked = pyqtSignal()
    zoom_asked = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._files = QComboBox()
        self._files.setObjectName("embeddings")
        self._files.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._browse = QToolButton()
        self._browse.setObjectName("openEmbeddings")
        self._browse.setText("…")
        self._browse.setAccessibleName(self.tr("Open a file of embeddings"))
        self._browse.setToolTip(
            self.tr("Open a file: embeddings made here, AlphaEarth, TESSERA, Major TOM or Clay (GeoTIFF, GeoParquet)")
        )
        self._about = QLabel()
        self._about.setObjectName("embeddingsAbout")
        self._about.setWordWrap(True)
        self._zoom = QPushButton(self.tr("Zoom to them"))
        self._zoom.setObjectName("zoomEmbeddings")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._files, 1)
        line.addWidget(self._browse)
        form = QFormLayout()
        add_named_row(form, self.tr("Embeddings"), row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self._about)
        column.addWidget(self._zoom)
        self._files.currentIndexChanged.connect(lambda _: self.picked.emit(self.path()))
        self._browse.clicked.connect(lambda _: self.file_asked.emit())
        self._zoom.clicked.connect(lambda _: self.zoom_asked.emit())
        self.set_files((), "")
        self.show_info(None, "")

    def path(self) -> str:
        """Return the file that is picked, empty for none."""
        return self._files.currentData() or ""

    def set_files(self, files: Sequence[Tuple[str, str]], current: str) -> None:
        """List files as (title, path) and show `current` as picked, without telling anybody."""
        blocker = QSignalBlocker(self._files)
        self._files.clear()
        self._files.addItem(self.tr("None") if files else self.tr("None yet: compute or open some"), "")
        for title, path in files:
            self._files.addItem(title, path)
        self._files.setCurrentIndex(max(0, self._files.findData(current)))
        blocker.unblock()

    def show_info(self, info: Optional[AskInfo], sentence: str) -> None:
        """Say what is open, or in a sentence why nothing is."""
        self._zoom.setEnabled(info is not None)
        self._about.setText(sentence if info is None else self._described(info))
        self._about.setVisible(bool(self._about.text()))

    def _described(self, info: AskInfo) -> str:
        parts = [info.model or self.tr("maker unknown"), self.tr("{width} numbers each").format(width=info.width)]
        if info.count:
            parts.append(self.tr("{count} places").format(count=f"{info.count:,}"))
        else:
            parts.append(self.tr("{columns} × {rows} blocks").format(columns=info.columns, rows=info.rows))
        phrases = self.tr("Phrases can be asked for.") if info.phrases else text(info.notice)
        return "\n".join(line for line in (" · ".join(parts), phrases) if line)
