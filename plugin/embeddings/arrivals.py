"""What jobs about embeddings left in a folder becomes layers, styled and named, in the embeddings' group."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureRequest,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsRasterBandStats,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ..gis.category_style import apply_categories, apply_vector_categories, categories_of
from ..gis.embedding_layers import add_embeddings, add_to, group_of, raster_layer, vector_layer
from ..gis.refused import tr
from ..gis.similarity_style import apply_places_style, apply_similarity_style
from ..gui import labels

RANK, SCORE, AREA = "rank", "score", "area_m2"
CLASS, CLUSTER = "class", "group"
SIMILARITY, PLACES = "similarity.tif", "places.gpkg"
CLASSES, CONFIDENCE, CLASS_TABLE = "classes.tif", "confidence.tif", "classes.gpkg"
CLUSTERS, CLUSTER_TABLE, COLOURS = "clusters.tif", "clusters.gpkg", "colours.tif"
CHANGE = "change.tif"


class Arrivals:
    """Adds the layers of one job to the group of the embeddings it was about."""

    def __init__(self, vectors: Path, title: str, about: str) -> None:
        """Name the embeddings by file and `title`; `about` is what the layers' metadata say."""
        self._vectors, self._title, self._about = vectors, title, about

    def similarity(self, folder: Path, name: str, least: float) -> Optional[QgsVectorLayer]:
        """Add likeness and the ranked places, and return the places."""
        if (folder / SIMILARITY).is_file():
            heat = raster_layer(folder / SIMILARITY, name)
            high = _range(heat)[1]
            apply_similarity_style(heat, least, max(high, least + 1e-6))
            self._add(heat)
        if not (folder / PLACES).is_file():
            return None
        places = vector_layer(folder / PLACES, tr("Places: {name}").format(name=name))
        apply_places_style(places, RANK)
        self._add(places)
        return places

    def classes(self, folder: Path, colours: Dict[str, QColor]) -> None:
        """Add the class map and below it how sure it is."""
        if (folder / CONFIDENCE).is_file():
            sure = raster_layer(folder / CONFIDENCE, tr("Confidence"))
            apply_similarity_style(sure, *_range(sure))
            self._group().findLayer(self._add(sure)).setItemVisibilityChecked(False)
        if (folder / CLASSES).is_file():
            layer = raster_layer(folder / CLASSES, tr("Classes"))
            apply_categories(layer, categories_of(folder / CLASSES), colours)
            self._add(layer)
        self._table(folder / CLASS_TABLE, tr("Classes"), CLASS)

    def clusters(self, folder: Path) -> None:
        """Add the clusters and, where they were asked for, the false colours."""
        if (folder / COLOURS).is_file():
            self._group().findLayer(
                self._add(raster_layer(folder / COLOURS, tr("False colour of the clusters")))
            ).setItemVisibilityChecked(False)
        if (folder / CLUSTERS).is_file():
            layer = raster_layer(folder / CLUSTERS, tr("Clusters"))
            apply_categories(layer, categories_of(folder / CLUSTERS), {})
            self._add(layer)
        self._table(folder / CLUSTER_TABLE, tr("Clusters"), CLUSTER)

    def change(self, folder: Path, other: str) -> None:
        """Add how much changed until another date."""
        layer = raster_layer(folder / CHANGE, tr("Change until {other}").format(other=other))
        low, high = _range(layer)
        apply_similarity_style(layer, low + (high - low) / 4, high)
        self._add(layer)

    def _table(self, path: Path, name: str, field: str) -> None:
        if path.is_file():
            layer = vector_layer(path, name)
            if layer.fields().lookupField(field) >= 0:
                apply_vector_categories(layer, field)
            self._add(layer)

    def _add(self, layer: QgsMapLayer) -> str:
        add_to(self._group(), layer, self._about)
        return layer.id()

    def _group(self) -> QgsLayerTreeGroup:
        group = group_of(self._vectors)
        return add_embeddings(self._vectors, self._title) if group is None else group


def ranked(layer: QgsVectorLayer) -> List[Tuple[int, str]]:
    """Return feature and text of each place, best first."""
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    names = {name: layer.fields().lookupField(name) for name in (RANK, SCORE, AREA)}

    def value(feature: QgsFeature, name: str) -> Any:
        found = feature.attribute(names[name]) if names[name] >= 0 else None
        return None if found == NULL else found

    features = sorted(layer.getFeatures(request), key=lambda one: (value(one, RANK) or 0, one.id()))
    texts = []
    for number, feature in enumerate(features, start=1):
        score, area = value(feature, SCORE), value(feature, AREA)
        parts = [f"{number}", "" if score is None else f"{score:.2f}", labels.area(area) if area else ""]
        texts.append((feature.id(), " · ".join(part for part in parts if part)))
    return texts


def _range(layer: QgsRasterLayer) -> Tuple[float, float]:
    """Return lowest and highest value, as a sample or the file's statistics say."""
    kinds = QgsRasterBandStats.Stats.Min | QgsRasterBandStats.Stats.Max
    found = layer.dataProvider().bandStatistics(1, kinds, layer.extent(), 250_000)
    return found.minimumValue, found.maximumValue
