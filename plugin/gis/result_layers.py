"""New layers for results: in memory or in a GeoPackage, with style and history."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from .compat import MULTI_POLYGON
from .refused import Refused, tr
from .result import result_fields
from .styles import apply_segment_style

KEYWORDS = ("AI-generated", "segmentation", "Toposcope")


def new_memory_layer(name: str, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
    """Return an empty, styled result layer in memory; it is not added to the project."""
    layer = QgsVectorLayer("MultiPolygon", name, "memory")
    layer.setCrs(crs)
    layer.dataProvider().addAttributes(result_fields())
    layer.updateFields()
    return _dressed(layer)


def new_geopackage(path: Path, name: str, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
    """Return an empty, styled result layer in a GeoPackage: a new file, or a new table in one that exists.

    Raises:
        Refused: the table exists already or the place cannot be written.
    """
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = name
    actions, existed = QgsVectorFileWriter.ActionOnExistingFile, path.exists()
    options.actionOnExistingFile = actions.CreateOrOverwriteLayer if existed else actions.CreateOrOverwriteFile
    if existed and QgsVectorLayer(_uri(path, name), name, "ogr").isValid():
        raise Refused(tr("“{}” already holds a layer “{}”; choose another name.").format(path.name, name))
    fields = QgsFields()
    for field in result_fields():
        fields.append(field)
    context = QgsProject.instance().transformContext()
    writer = QgsVectorFileWriter.create(str(path), fields, MULTI_POLYGON, crs, context, options)
    failed = writer.hasError() != QgsVectorFileWriter.WriterError.NoError
    del writer  # closes the file
    draft = QgsVectorLayer(_uri(path, name), name, "ogr")
    if failed or not draft.isValid():
        del draft
        if not existed and path.parent.is_dir():
            path.unlink(missing_ok=True)
        raise Refused(tr("“{}” cannot be written; choose another folder.").format(path.name))
    _dressed(draft)
    draft.saveStyleToDatabase(name, "", True, "")
    draft.saveDefaultMetadata()
    # Saving style and metadata opens and closes the file beside the layer, which takes the layer's journal away:
    # what is used from here on has to be opened afterwards.
    del draft
    return QgsVectorLayer(_uri(path, name), name, "ogr")


def add_history(layer: QgsVectorLayer, line: str) -> None:
    """Note in the layer's metadata what was done, once per different line."""
    metadata = layer.metadata()
    if line not in metadata.history():
        metadata.addHistoryItem(line)
        layer.setMetadata(metadata)


def _dressed(layer: QgsVectorLayer) -> QgsVectorLayer:
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract(tr("Objects segmented with Toposcope; see the fields model, prompt and source."))
    metadata.setKeywords({"gmd:topicCategory": list(KEYWORDS)})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    apply_segment_style(layer)
    return layer


def _uri(path: Path, name: str) -> str:
    return f"{path}|layername={name}"
