"""The SYNTHETIC badge beside generated layers and groups in QGIS's layer tree."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, List

from qgis.core import QgsLayerTree, QgsLayerTreeNode, QgsMapLayer, QgsProject
from qgis.gui import QgsLayerTreeView, QgsLayerTreeViewIndicator
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtGui import QIcon

from ..gis.synthetic import is_synthetic, recognise, tell_in_legend

ICON = Path(__file__).parents[2] / "resources" / "icons" / "synthetic.svg"


class SyntheticBadges(QObject):
    """Follows the project: what is marked, or comes from a file that says so, has the badge."""

    def __init__(self, view: QgsLayerTreeView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._badge = QgsLayerTreeViewIndicator(self)
        self._badge.setIcon(QIcon(str(ICON)))
        self._badge.setToolTip(self.tr("SYNTHETIC: AI-generated, not an observation"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)
        project, root = QgsProject.instance(), QgsProject.instance().layerTreeRoot()
        project.layersAdded.connect(self._on_layers)
        project.readProject.connect(self._soon)
        root.addedChildren.connect(self._soon)
        root.customPropertyChanged.connect(self._soon)
        root.willRemoveChildren.connect(self._on_going)
        self._on_layers(list(project.mapLayers().values()))

    def refresh(self) -> None:
        """Give every node the badge it should have, and its legend what to say."""
        for node in _below(QgsProject.instance().layerTreeRoot()):
            if is_synthetic(node) and QgsLayerTree.isLayer(node) and tell_in_legend(node):
                self._view.layerTreeModel().refreshLayerLegend(node)
            shown = self._badge in self._view.indicators(node)
            if is_synthetic(node) and not shown:
                self._view.addIndicator(node, self._badge)
            elif shown and not is_synthetic(node):
                self._view.removeIndicator(node, self._badge)

    def close(self) -> None:
        """Take all badges away."""
        self._later.stop()
        project, root = QgsProject.instance(), QgsProject.instance().layerTreeRoot()
        project.layersAdded.disconnect(self._on_layers)
        project.readProject.disconnect(self._soon)
        root.addedChildren.disconnect(self._soon)
        root.customPropertyChanged.disconnect(self._soon)
        root.willRemoveChildren.disconnect(self._on_going)
        self._remove(root)

    def _on_layers(self, layers: List[QgsMapLayer]) -> None:
        recognise(layers)
        self._soon()

    def _soon(self, *_what: object) -> None:
        self._later.start(0)

    def _on_going(self, node: QgsLayerTreeNode, first: int, last: int) -> None:
        """The view knows nodes by address, where a new one may come to lie."""
        for child in node.children()[first : last + 1]:
            self._remove(child)

    def _remove(self, node: QgsLayerTreeNode) -> None:
        for one in (node, *_below(node)):
            if self._badge in self._view.indicators(one):
                self._view.removeIndicator(one, self._badge)


def _below(node: QgsLayerTreeNode) -> Iterator[QgsLayerTreeNode]:
    for child in node.children():
        yield child
        if not QgsLayerTree.isLayer(child):
            yield from _below(child)
