"""The parameters of `toposcope:generate`. Names and values are stable: scripts hold them."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ..gis.compat import SOURCE_POLYGON
from ..gis.source import Frame
from .embedding import device_parameter, folded_away, model_parameter
from .ground_parameters import choice
from .text import tr

INPUT, BANDS, EXTENT, MASK, MODEL, DEVICE = "INPUT", "BANDS", "EXTENT", "MASK", "MODEL", "DEVICE"
SCALE, SEED, STEPS, TILES, OUTPUT = "SCALE", "SEED", "STEPS", "TILES", "OUTPUT"
ETA, METRES, MERGE, CONSISTENT = "ETA", "METRES", "MERGE", "CONSISTENT"
SCALES = ("4", "16", "64")
ALL_TILES = ("none", "xyz", "mbtiles")
MERGES = ("crop", "average")
LARGEST_SEED = 2**31 - 1


def parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    """Return all of them; `models` are the ids to offer, others may be typed."""
    integer, number = QgsProcessingParameterNumber.Type.Integer, QgsProcessingParameterNumber.Type.Double
    bands = QgsProcessingParameterBand(
        BANDS, tr("Bands to read (one or three; none: as the layer is shown)"), None, INPUT, True, True
    )
    metres = QgsProcessingParameterNumber(
        METRES, tr("Pixel of the image on the ground (m; 0: as its georeference says)"), number, 0.0, False, 0, 1e6
    )
    eta = QgsProcessingParameterNumber(ETA, tr("Fresh noise at each step (0: DDIM)"), number, 0.0, False, 0, 1)
    consistent = QgsProcessingParameterBoolean(CONSISTENT, tr("Keep the image's colours"), True)
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image (none: Blue Marble, anywhere on earth)"), None, True),
        QgsProcessingParameterExtent(EXTENT, tr("Area (none: all)"), None, True),
        QgsProcessingParameterFeatureSource(MASK, tr("Polygons to paint within"), [SOURCE_POLYGON], None, True),
        choice(SCALE, tr("Scale"), SCALES),
        QgsProcessingParameterNumber(SEED, tr("Seed"), integer, 0, False, 0, LARGEST_SEED),
        QgsProcessingParameterNumber(STEPS, tr("Steps"), integer, 12, False, 5, 50),
        model_parameter(models, DEFAULT_MODEL["generate"]),
        choice(TILES, tr("Map tiles"), ALL_TILES),
        *map(folded_away, (bands, metres, eta, choice(MERGE, tr("Windows"), MERGES), consistent)),
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
