"""What Toposcope offers in the Processing toolbox, in models, in batch and in `qgis_process`. Needs no `iface`."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List, Sequence

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ...backend.protocol.defaults import DEFAULT_MODEL
from .algorithm import Models
from .backend import EndpointSource
from .changepairs import ChangePairsAlgorithm
from .classmap import ClassMapAlgorithm
from .cluster import ClusterAlgorithm
from .compare import CompareAlgorithm
from .detectchange import DetectChangeAlgorithm
from .embed import EmbedAlgorithm
from .embedchips import EmbedChipsAlgorithm
from .fewshot import FewShotAlgorithm
from .generate import GenerateAlgorithm
from .ground import GroundAlgorithm
from .locate import LocateAlgorithm
from .search import SearchAlgorithm
from .segment import SegmentAlgorithm

ICON = Path(__file__).parents[2] / "resources" / "icons" / "toposcope.svg"


ModelsOf = Callable[[str], Sequence[str]]


def only_default(task: str) -> Sequence[str]:
    """Return the model of a task that is always there."""
    return (DEFAULT_MODEL[task],) if task in DEFAULT_MODEL else ()


class ToposcopeProvider(QgsProcessingProvider):
    """`endpoints` gives the running backend (any thread asks), `models` the ids to offer for a task."""

    def __init__(self, endpoints: EndpointSource = lambda: None, models: ModelsOf = only_default) -> None:
        super().__init__()
        self._endpoints, self._models = endpoints, models

    def id(self) -> str:
        """Return the stable id."""
        return "toposcope"

    def name(self) -> str:
        """Return the name in the toolbox."""
        return "Toposcope"

    def icon(self) -> QIcon:
        """Return the plugin's icon."""
        return QIcon(str(ICON)) if ICON.is_file() else super().icon()

    def loadAlgorithms(self) -> None:
        """Add our algorithms."""
        segmenters, grounders = self._for("segment"), self._for("ground")
        self.addAlgorithm(SegmentAlgorithm(self._endpoints, segmenters))
        self.addAlgorithm(GroundAlgorithm(self._endpoints, grounders, segmenters))
        self.addAlgorithm(ClassMapAlgorithm(self._endpoints, grounders))
        for algorithm in (EmbedAlgorithm, EmbedChipsAlgorithm):
            self.addAlgorithm(algorithm(self._endpoints, self._for("embed")))
        for algorithm in (SearchAlgorithm, FewShotAlgorithm, ClusterAlgorithm, CompareAlgorithm):
            self.addAlgorithm(algorithm(self._endpoints))
        self.addAlgorithm(LocateAlgorithm(self._endpoints, self._for("locate")))
        self.addAlgorithm(GenerateAlgorithm(self._endpoints, self._for("generate")))
        self.addAlgorithm(ChangePairsAlgorithm(self._endpoints, self._for("change")))
        self.addAlgorithm(DetectChangeAlgorithm(self._endpoints, self._change_finders))

    def _for(self, task: str) -> Models:
        return lambda: self._models(task)

    def _change_finders(self) -> Sequence[str]:
        """Return the models of all methods that find change."""
        return list(dict.fromkeys([*self._models("detect-change"), *self._models("embed"), *self._models("segment")]))

    def supportedOutputRasterLayerExtensions(self) -> List[str]:
        """Return the formats of rasters: what the backend writes."""
        return ["tif"]
