"""The objects of a job into the output a user chose."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsFeature, QgsFeatureSink, QgsFields, QgsProcessingException, QgsProcessingFeedback

from ..gis.result_file import read_result
from .text import tr


def copy_objects(
    path: Path, flip: bool, fields: QgsFields, sink: QgsFeatureSink, feedback: QgsProcessingFeedback
) -> int:
    """Copy the objects of a job's GeoPackage into a sink with these fields and return how many there were.

    Raises:
        Refused: the file cannot be read.
        QgsProcessingException: the output took one not.
    """
    names, count = fields.names(), 0
    for geometry, values in read_result(path, flip):
        if feedback.isCanceled():
            return count
        feature = QgsFeature(fields)
        feature.setGeometry(geometry)
        feature.setAttributes([values.get(name) for name in names])
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException(tr("The output layer did not take an object; check its place and space."))
        count += 1
    return count
