"""Features of a layer, whatever provider it has, as a file that the backend reads."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeatureSink,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsVectorFileWriter,
)

from ...backend.protocol.source import Source
from .text import tr


def written(
    features: QgsProcessingFeatureSource, context: QgsCoordinateTransformContext, folder: Path, name: str
) -> Source:
    """Return `features` as a GeoPackage in `folder`, in their own CRS. Main thread: it reads a layer.

    Raises:
        QgsProcessingException: it cannot be written.
    """
    path = folder / f"{name}.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    options.layerOptions = ["FID=toposcope_fid"]  # a field of the layer's own may be called fid
    writer = QgsVectorFileWriter.create(
        str(path), features.fields(), features.wkbType(), features.sourceCrs(), context, options
    )
    for feature in features.getFeatures():
        writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
    failed = writer.errorMessage()
    del writer  # closes the file
    if failed:
        raise QgsProcessingException(tr("“{}” cannot be handed to the backend: {}").format(name, failed))
    return Source(path=str(path), name=features.sourceName())
