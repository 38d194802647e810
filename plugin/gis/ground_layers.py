"""A run's layers in the project: a group with objects, class map and, when asked for, the relevance of one phrase."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import List, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDataProvider,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)

from .class_map_style import apply_class_style
from .ground_run import GroundRun
from .heat_style import apply_heat_style
from .phrase_styles import apply_phrase_style
from .refused import Refused, tr
from .score_filter import show_from
from .thresholded import write_thresholded

KEY = "toposcope/ground"
PART = "toposcope/part"
LEAST = "toposcope/score"
"""The least score a class map shows."""
EVERYWHERE = "none"
"""The background of a class map in which every pixel has its best phrase, whatever the score."""
INSTANCES, CLASSES, RELEVANCE = "instances", "classes", "relevance"
KEYWORDS = ("AI-generated", "grounding", "Toposcope")


@dataclass(frozen=True)
class RunMark:
    """What the project remembers of a run, on its group: `image` is the id of the layer that was searched."""

    id: str
    folder: str
    image: str
    phrases: str
    model: str
    pixel: bool = False


def add_group(mark: RunMark, title: str) -> QgsLayerTreeGroup:
    """Return a new group at the top of the layer tree."""
    group = QgsProject.instance().layerTreeRoot().insertGroup(0, title)
    group.setCustomProperty(KEY, json.dumps(asdict(mark)))
    group.setExpanded(False)
    return group


def groups() -> List[QgsLayerTreeGroup]:
    """Return the groups of all runs in the project, from the top down."""
    return [group for group in QgsProject.instance().layerTreeRoot().findGroups(True) if group.customProperty(KEY)]


def mark_of(group: QgsLayerTreeGroup) -> RunMark:
    """Return what a run's group remembers."""
    return RunMark(**json.loads(group.customProperty(KEY)))


def folder_of(group: QgsLayerTreeGroup) -> Path:
    """Return where a run's files lie: where its layers are read from, which a project may have been moved with."""
    for layer in filter(None, (node.layer() for node in group.findLayers())):
        found = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
        if layer.customProperty(PART) and found:
            return Path(found).parent
    return Path(mark_of(group).folder)


def part(group: QgsLayerTreeGroup, name: str) -> Optional[QgsMapLayer]:
    """Return the layer of a run's part, None where there is none (any more)."""
    layers = (node.layer() for node in group.findLayers())
    return next((layer for layer in layers if layer is not None and layer.customProperty(PART) == name), None)


def add_run(group: QgsLayerTreeGroup, run: GroundRun) -> None:
    """Add the layers of a run to its group: objects above the class map.

    Raises:
        Refused: QGIS cannot read a file of the run.
    """
    if run.instances is not None:
        add_instances(group, run)
    if run.classes is not None:
        least = 0.0 if run.answer.background == EVERYWHERE else run.answer.threshold
        path = run.classes if run.best is None else write_thresholded(run.best, least)
        layer = _raster(path, tr("Class map"))
        apply_class_style(layer, run.answer.phrases)
        layer.setCustomProperty(LEAST, least)
        _add(group, layer, CLASSES)
    group.setExpanded(True)  # now that it has children: before, the view would not take it


def show_classes_from(layer: QgsRasterLayer, run: GroundRun, least: float) -> None:
    """Show a class map from this score on, where the run kept the scores.

    Raises:
        Refused: no file can be written beside the scores.
    """
    if run.best is not None:
        _read_from(layer, write_thresholded(run.best, least))
        layer.setCustomProperty(LEAST, least)


def add_instances(group: QgsLayerTreeGroup, run: GroundRun) -> QgsVectorLayer:
    """Add the polygons; those below the run's threshold are in the file and not shown."""
    layer = QgsVectorLayer(str(run.instances), tr("Objects"), "ogr")
    _valid(layer, run.instances)
    if mark_of(group).pixel:
        layer.setCrs(QgsCoordinateReferenceSystem())  # a GeoPackage has no "none": it says "undefined", which is one
    apply_phrase_style(layer, run.answer.phrases)
    show_from(layer, run.answer.threshold)
    _add(group, layer, INSTANCES)
    return layer


def _read_from(layer: QgsRasterLayer, path: Path) -> None:
    """Draw another file with the look the layer has."""
    renderer = layer.renderer().clone()
    layer.setDataSource(str(path), layer.name(), layer.providerType(), QgsDataProvider.ProviderOptions())
    layer.setRenderer(renderer)
    layer.triggerRepaint()


def show_relevance(group: QgsLayerTreeGroup, run: GroundRun, index: int) -> QgsRasterLayer:
    """Show how much the phrase with this index fits where, in a layer of its own below the others.

    Raises:
        Refused: QGIS cannot read the file.
    """
    phrase = next(one.phrase for one in run.answer.phrases if one.index == index)
    layer = part(group, RELEVANCE)
    if layer is None:
        layer = _raster(run.relevance, "")
        _add(group, layer, RELEVANCE)
    apply_heat_style(layer, index)
    layer.setName(tr("Relevance: {}").format(phrase))
    group.findLayer(layer.id()).setItemVisibilityChecked(True)
    return layer


def hide_relevance(group: QgsLayerTreeGroup) -> None:
    """Hide the relevance layer where there is one."""
    layer = part(group, RELEVANCE)
    if layer is not None:
        group.findLayer(layer.id()).setItemVisibilityChecked(False)


def _raster(path: Path, name: str) -> QgsRasterLayer:
    """Return a layer without a default look, for which QGIS would read through the pixels here and now."""
    options = QgsRasterLayer.LayerOptions(False)
    return _valid(QgsRasterLayer(str(path), name, "gdal", options), path)


def _add(group: QgsLayerTreeGroup, layer: QgsMapLayer, name: str) -> None:
    layer.setCustomProperty(PART, name)
    metadata = layer.metadata()
    metadata.setTitle(layer.name())
    metadata.setAbstract(tr("Found by phrases with Toposcope: {}").format(mark_of(group).phrases))
    metadata.setKeywords({"gmd:topicCategory": list(KEYWORDS)})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    group.addLayer(layer)


def _valid(layer: QgsMapLayer, path: Path) -> QgsMapLayer:
    if not layer.isValid():
        raise Refused(tr("QGIS cannot read “{}”; run it again.").format(path.name))
    return layer
