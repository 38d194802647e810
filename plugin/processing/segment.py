"""`toposcope:segment`: raster and prompt layer to polygons. Runs in a thread; the work is the backend's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsField,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)

from ...backend.protocol.jobs import JobRequest
from ..gis.compat import MULTI_POLYGON, text_field
from ..gis.refused import Refused
from ..gis.result import result_fields
from ..gis.styles import apply_segment_style
from . import segment_parameters as names
from .algorithm import JobAlgorithm
from .arrival import style_on_arrival
from .backend import client
from .job import result_file, run_job
from .objects import copy_objects
from .parameters import BANDS, DEVICE, INPUT, MODEL, OUTPUT
from .prompt_layer import read_prompts
from .text import tr


class SegmentAlgorithm(JobAlgorithm):
    """One object per prompt feature, or per value of the group field."""

    def name(self) -> str:
        """Return the stable id."""
        return "segment"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Segment objects from points or boxes")

    def group(self) -> str:
        """Return the group's name."""
        return tr("Segmentation")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "segmentation"

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("segment anything,SAM,outline,digitise,digitize,object,mask,vectorise,vectorize,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return names.help_text()

    def help_page(self) -> str:
        """Return the file of the longer help; a translation names its own."""
        return tr("segment.html")

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and output."""
        for parameter in names.parameters(self._models()):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        _layer, raster, self._frame = self.image(parameters, INPUT, context, BANDS)
        source = self.parameterAsSource(parameters, names.PROMPTS, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, names.PROMPTS))
        group = self.parameterAsString(parameters, names.GROUP, context)
        label = self.parameterAsString(parameters, names.LABEL, context)
        try:
            prompts = read_prompts(source, self._frame, group, label, context.transformContext())
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        return self.prepare(
            JobRequest(
                task="segment",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=raster,
                prompts=prompts,
                parameters=names.outline_values(self, parameters, context),
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and copy its polygons into the sink."""
        fields = _fields()
        sink, where = self.parameterAsSink(parameters, OUTPUT, context, fields, MULTI_POLYGON, self._frame.crs)
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        with client(self._endpoints, self._reach) as backend, tempfile.TemporaryDirectory() as folder:
            state = run_job(backend, self._request, feedback)
            if state is not None:
                path = result_file(backend, state, ".gpkg", Path(folder))
                copy_objects(path, self._frame.pixel, fields, sink, feedback)
        style_on_arrival(context, where, apply_segment_style)
        return {OUTPUT: where}


def _fields() -> QgsFields:
    fields = QgsFields()
    first: QgsField = text_field("object")
    for field in [first, *result_fields()]:
        fields.append(field)
    return fields
