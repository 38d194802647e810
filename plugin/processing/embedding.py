"""What the algorithms around embeddings share: the group, files of vectors, results put where they are wanted."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterator, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterVectorDestination,
    QgsRasterLayer,
)

from ...backend.protocol.jobs import JobState, Output
from ...backend.protocol.source import Source
from ..client.blocking_client import BlockingClient
from ..client.result_name import inside
from ..gis.compat import SOURCE_ANY
from ..gis.result_file import read_result
from .algorithm import JobAlgorithm
from .backend import EndpointSource, client
from .job import result_file, run_job
from .keeping import keep
from .parameters import EXTENT, OUTPUT
from .text import tr

VECTORS, TABLE = "VECTORS", "TABLE"


class EmbeddingAlgorithm(JobAlgorithm):
    """A job whose results are files. `prepareAlgorithm` of a subclass calls `prepare` with its request."""

    def __init__(self, endpoints: EndpointSource, models: Any = tuple) -> None:
        super().__init__(endpoints, models)
        self._scratch: Optional[tempfile.TemporaryDirectory] = None

    def group(self) -> str:
        """Return the group's name."""
        return tr("Embeddings")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "embeddings"

    def help_page(self) -> str:
        """Return the file of the longer help; a translation names its own."""
        return tr("embeddings.html")

    def scratch(self) -> Path:
        """Return a folder that lives as long as this run."""
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="toposcope-")
        return Path(self._scratch.name)

    @contextmanager
    def results(
        self, feedback: QgsProcessingFeedback, target: str = "", folder: bool = False
    ) -> Iterator[Optional[Results]]:
        """Run the job and give its results; None where the user cancelled.

        `target` is where its first file is wanted, with what belongs to it beside it, or the `folder` for all of them;
        empty: in the job's own folder.
        """
        try:
            with client(self._endpoints, self._reach) as backend:
                here = target if backend.endpoint.loopback else ""
                state = run_job(backend, replace(self._request, output=Output(path=here)), feedback)
                found = None if state is None else Results(backend, state, self.scratch())
                if found is not None and target and not here:
                    (found.fetch_into if folder else found.fetch_all)(Path(target))
                yield found
        finally:
            if self._scratch is not None:
                self._scratch.cleanup()


class Results:
    """The files a job left."""

    def __init__(self, backend: BlockingClient, state: JobState, folder: Path) -> None:
        self._backend, self._state, self._folder = backend, state, folder

    def path(self, ending: str) -> Optional[Path]:
        """Return the file whose name ends so, None where the job left none."""
        return result_file(self._backend, self._state, ending, self._folder)

    def keep(self, name: str, raster: str, table: str) -> Dict[str, str]:
        """Put `name`.tif of a raster, or `name`.gpkg of a table, where it is wanted, and say in which output.

        Raises:
            QgsProcessingException: that output was left out.
        """
        for output, ending, target in ((OUTPUT, "tif", raster), (TABLE, "gpkg", table)):
            path = self.path(f"{name}.{ending}")
            if path is not None:
                if not target:
                    raise QgsProcessingException(tr("Say where the result for a table of vectors goes."))
                names = self.path(f"{name}.tif.aux.xml")  # GDAL keeps the names of classes beside a GeoTIFF
                if names is not None:
                    keep(names, f"{target}.aux.xml")
                return {output: keep(path, target)}
        return {}

    def count(self, name: str) -> int:
        """Return the features of the result `name`.gpkg."""
        path = self.path(f"{name}.gpkg")
        return 0 if path is None else sum(1 for _ in read_result(path, False))

    def fetch_all(self, target: Path) -> None:
        """Bring every file from another machine: the first becomes `target`, what shares its name lies beside it."""
        stem = Path(self._state.results[0].name).stem
        for file in self._state.results:
            name = file.name.replace(stem, target.stem, 1) if file.name.startswith(stem) else file.name
            self._backend.fetch(self._state.id, file, target.with_name(name))

    def fetch_into(self, folder: Path) -> None:
        """Bring every file from another machine into a folder, with the sub-folders in their names."""
        for file in self._state.results:
            target = folder.joinpath(*inside(file.name))
            target.parent.mkdir(parents=True, exist_ok=True)
            self._backend.fetch(self._state.id, file, target)


def table_parameter(label: str) -> QgsProcessingParameterDefinition:
    """Return the output of what is made from a table of vectors; a raster has the other one."""
    return QgsProcessingParameterVectorDestination(TABLE, label, SOURCE_ANY, None, True, False)


def vectors_parameter() -> QgsProcessingParameterDefinition:
    """Return the parameter for a file of embeddings."""
    return QgsProcessingParameterFile(VECTORS, tr("Embeddings (raster or Parquet file)"))


def vectors_source(path: str) -> Source:
    """Return a file of embeddings as a source. Raises QgsProcessingException where there is none."""
    file = Path(path)
    if not path or not file.is_file():
        raise QgsProcessingException(tr("There is no file of embeddings “{}”; choose another.").format(file.name))
    return Source(path=str(file.absolute()), name=file.stem)


def area_of_vectors(
    algorithm: JobAlgorithm, parameters: Dict[str, Any], context: QgsProcessingContext, source: Source
) -> str:
    """Return the area as four numbers in the CRS of a raster of embeddings; empty where none is set."""
    if not parameters.get(EXTENT):
        return ""
    layer = QgsRasterLayer(source.path)
    if not layer.isValid():
        raise QgsProcessingException(tr("An area is for a raster of embeddings; leave it out for a table."))
    extent = algorithm.parameterAsExtent(parameters, EXTENT, context, layer.crs())
    return ",".join(repr(v) for v in (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()))
