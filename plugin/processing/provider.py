"""What Toposcope offers in the Processing toolbox, in models, in batch and in `qgis_process`. Needs no `iface`."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ...backend.protocol.defaults import DEFAULT_MODEL
from .algorithm import Models
from .backend import EndpointSource
from .classmap import ClassMapAlgorithm
from .ground import GroundAlgorithm
from .segment import SegmentAlgorithm

ICON = Path(__file__).parents[2] / "resources" / "icons" / "toposcope.svg"


def only_default() -> Sequence[str]:
    """Return the model that is always there."""
    return (DEFAULT_MODEL["segment"],)


def only_default_grounder() -> Sequence[str]:
    """Return the model for phrases that is always there."""
    return (DEFAULT_MODEL["ground"],)


class ToposcopeProvider(QgsProcessingProvider):
    """`endpoints` gives the running backend (any thread asks), `models` and `grounders` the ids to offer."""

    def __init__(
        self,
        endpoints: EndpointSource = lambda: None,
        models: Models = only_default,
        grounders: Models = only_default_grounder,
    ) -> None:
        super().__init__()
        self._endpoints, self._models, self._grounders = endpoints, models, grounders

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
        self.addAlgorithm(SegmentAlgorithm(self._endpoints, self._models))
        self.addAlgorithm(GroundAlgorithm(self._endpoints, self._grounders, self._models))
        self.addAlgorithm(ClassMapAlgorithm(self._endpoints, self._grounders))

    def supportedOutputRasterLayerExtensions(self) -> List[str]:
        """Return the formats of rasters: what the backend writes."""
        return ["tif"]
