"""The Embeddings page: compute them, open them, ask them."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from .embeddings_ask import EmbeddingsAsk
from .embeddings_compute import EmbeddingsCompute
from .embeddings_more import ClusterForm, CompareForm
from .embeddings_open import EmbeddingsOpen

MARGINS = (4, 4, 4, 4)
"""Pixels around a part: the page fits into a panel of 320."""


class EmbeddingsPage(QWidget):
    """Parts under each other, each of which can be folded away."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.compute = EmbeddingsCompute()
        self.opened = EmbeddingsOpen()
        self.ask = EmbeddingsAsk()
        self.clusters = ClusterForm()
        self.compare = CompareForm()
        column = QVBoxLayout(self)
        for name, title, part, folded in (
            ("embeddingsCompute", self.tr("Compute"), self.compute, False),
            ("embeddingsOpen", self.tr("Open"), self.opened, False),
            ("embeddingsAsk", self.tr("Ask"), self.ask, False),
            ("embeddingsClusters", self.tr("Clusters"), self.clusters, True),
            ("embeddingsCompare", self.tr("Change between two dates"), self.compare, True),
        ):
            group = QgsCollapsibleGroupBox(title)
            group.setObjectName(name)
            inside = QVBoxLayout(group)
            inside.setContentsMargins(*MARGINS)
            inside.addWidget(part)
            group.setCollapsed(folded)
            column.addWidget(group)
        column.addStretch(1)
