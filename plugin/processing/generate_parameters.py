"""The parameters of `toposcope:generate`. Names and values are stable: scripts hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ..gis.compat import SOURCE_POLYGON
from ..gis.source import Frame
from .parameters import (
    INPUT,
    LARGEST_SEED,
    OUTPUT,
    area_parameter,
    bands_parameter,
    choice,
    device_parameter,
    folded_away,
    model_parameter,
    number,
    whole,
)
from .text import tr

MASK, SCALE, SEED, STEPS, TILES = "MASK", "SCALE", "SEED", "STEPS", "TILES"
ETA, METRES, MERGE, CONSISTENT = "ETA", "METRES", "MERGE", "CONSISTENT"
SCALES = ("4", "16", "64")
ALL_TILES = ("none", "xyz", "mbtiles")
MERGES = ("crop", "average")


def parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return all of them; `models` are the ids to offer, others may be typed."""
    metres = number(METRES, tr("Pixel of the image on the ground (m; 0: as its georeference says)"), 0.0, (0, 1e6))
    eta = number(ETA, tr("Fresh noise at each step (0: DDIM)"), 0.0, (0, 1))
    consistent = QgsProcessingParameterBoolean(CONSISTENT, tr("Keep the image's colours"), True)
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image (none: Blue Marble, anywhere on earth)"), None, True),
        area_parameter(),
        QgsProcessingParameterFeatureSource(MASK, tr("Polygons to paint within"), [SOURCE_POLYGON], None, True),
        choice(SCALE, tr("Scale"), SCALES),
        whole(SEED, tr("Seed"), 0, (0, LARGEST_SEED)),
        whole(STEPS, tr("Steps"), 12, (5, 50)),
        model_parameter(models, DEFAULT_MODEL["generate"]),
        choice(TILES, tr("Map tiles"), ALL_TILES),
        *map(folded_away, (bands_parameter(), metres, eta, choice(MERGE, tr("Windows"), MERGES), consistent)),
        device_parameter(),
        QgsProcessingParameterRasterDestination(OUTPUT, tr("Generated imagery (synthetic)"), None, False, True),
    ]


def job_values(
    algorithm: QgsProcessingAlgorithm, values: Dict[str, Any], context: QgsProcessingContext
) -> Dict[str, Any]:
    """Return the parameters of the job, without base and area."""
    found: Dict[str, Any] = {
        name.lower(): algorithm.parameterAsString(values, name, context) for name in (SCALE, TILES, MERGE)
    }
    found.update({name.lower(): algorithm.parameterAsInt(values, name, context) for name in (SEED, STEPS)})
    found.update({name.lower(): algorithm.parameterAsDouble(values, name, context) for name in (ETA, METRES)})
    found["consistent"] = algorithm.parameterAsBoolean(values, CONSISTENT, context)
    return found


def earth_frame() -> Frame:
    """Return what coordinates on the Blue Marble mean."""
    return Frame(QgsCoordinateReferenceSystem("EPSG:4326"))
