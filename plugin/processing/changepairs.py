"""`toposcope:changepairs`: labelled pairs before and after changes that did not happen. The work is the backend's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ...backend.protocol.jobs import JobRequest
from ...backend.protocol.source import Source
from ..gis.change_labels import COLUMN as CLASS_FIELD
from ..gis.change_labels import (
    gdal_source,
    is_plain_file,
    raster_classes,
    turned_polygons,
    write_raster_labels,
)
from ..gis.compat import SOURCE_POLYGON, SOURCE_RASTER
from ..gis.example_shapes import write_examples
from ..gis.kinds import local_path
from ..gis.refused import Refused
from ..gis.source import Frame
from .changing import ChangeAlgorithm
from .layer_file import written
from .parameters import (
    DEVICE,
    INPUT,
    LARGEST_SEED,
    MODEL,
    OUTPUT,
    area_parameter,
    choice,
    device_parameter,
    folded_away,
    model_parameter,
    number,
    whole,
)
from .text import tr

LABELS, COLUMN = "LABELS", "COLUMN"
EVENT, CLASS, BECOMES, LIKE, TABLE = "EVENT", "CLASS", "BECOMES", "LIKE", "TABLE"
MOST, LEAST, COUNT, TIMES, SIDE, SEED, STEPS = "MOST", "LEAST", "COUNT", "TIMES", "SIDE", "SEED", "STEPS"
SHARE, MARGIN, VALIDATION, TEST, METRES = "SHARE", "MARGIN", "VALIDATION", "TEST", "METRES"
EVENTS = ("remove", "add", "mix", "swap", "instances")
TEXTS, WHOLE = (CLASS, BECOMES, LIKE, TABLE), (MOST, LEAST, COUNT, TIMES, SIDE, SEED, STEPS)
NUMBERS = (SHARE, MARGIN, VALIDATION, TEST, METRES)


class ChangePairsAlgorithm(ChangeAlgorithm):
    """Makes pictures that nobody took, with what changed in them."""

    def name(self) -> str:
        """Return the stable id."""
        return "changepairs"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Make change pairs (synthetic)")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("Changen2,diffusion,synthetic,training data,change detection,bitemporal,data set,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Lets something happen on a map of classes, and paints it into the image: pairs of pictures before and "
            "after with the mask of what changed and the labels of both. The pictures after are synthetic and say so "
            "in the files; where the mask is 0 they have the image's own pixels, bit by bit.\n\n"
            "Labels: a raster of classes on the image's grid, such as a class map of Ground, or polygons with a column "
            "of classes.\n\n"
            "Remove, add, mix: objects of a class go, come, or both. Swap: land cover becomes another, by the "
            "published table of transitions or one of your own (field=house,wood;wood=field). Instances: objects of a "
            "map that numbers them go.\n\n"
            "Painted around objects: so far around what changes is painted too, so that shadows go and come with "
            "houses. In the mask of changes these pixels are 255, neither changed nor unchanged.\n\n"
            "What classes look like: where names do not say it (chalet=building;orchard rows=tree).\n\n"
            "Result: a folder, new or empty. Of several pairs it is a data set: a folder a pair, lists for training, "
            "validation and testing by place, and a STAC catalogue. A run that is stopped goes on where it was when "
            "it is started again. The same seed makes the same pairs."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and the folder."""
        for parameter in _parameters(self._models()):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        image, source, frame = self.image(parameters, INPUT, context)
        values: Dict[str, Any] = {"event": self.parameterAsString(parameters, EVENT, context)}
        values.update({name.lower(): self.parameterAsInt(parameters, name, context) for name in WHOLE})
        values.update({name.lower(): self.parameterAsDouble(parameters, name, context) for name in NUMBERS})
        for name in TEXTS:
            text = self.parameterAsString(parameters, name, context).strip()
            values.update({name.lower(): text} if text else {})
        values["area"] = self.area(parameters, context, image, frame)
        self._labels, said = self._read_labels(parameters, context, image, frame)
        return self.prepare(
            JobRequest(
                task="change",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=source,
                parameters={**values, **said},
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job into the folder wanted."""
        target = self.parameterAsString(parameters, OUTPUT, context)
        try:
            self._request = replace(self._request, others={"labels": self._labels()})
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        with self.results(feedback, target, folder=True) as found:
            return {} if found is None else {OUTPUT: target}

    def _read_labels(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, image: QgsRasterLayer, frame: Frame
    ) -> Tuple[Callable[[], Source], Dict[str, str]]:
        """Return what gives the file of labels, in any thread, and what of them the request says."""
        layer: QgsMapLayer = self.parameterAsLayer(parameters, LABELS, context)
        if isinstance(layer, QgsRasterLayer):
            names = ";".join(f"{value}={name}" for value, name in raster_classes(layer))
            return self._raster(layer, image, frame), {"classes": names} if names else {}
        features = self.parameterAsSource(parameters, LABELS, context)
        if features is None:
            raise QgsProcessingException(tr("There are no labels; choose a raster of classes, or polygons."))
        column = self.parameterAsString(parameters, COLUMN, context).strip() or CLASS_FIELD
        if features.fields().lookupField(column) < 0:
            text = tr("“{}” has no column “{}”; name the one of its classes.")
            raise QgsProcessingException(text.format(features.sourceName(), column))
        if frame.pixel:
            path = self.scratch() / "labels.gpkg"
            write_examples(path, "", turned_polygons(features.getFeatures(), column))
            return lambda: Source(path=str(path), name=features.sourceName()), {"column": CLASS_FIELD}
        source = written(features, context.transformContext(), self.scratch(), "labels")
        return lambda: source, {"column": column}

    def _raster(self, layer: QgsRasterLayer, image: QgsRasterLayer, frame: Frame) -> Callable[[], Source]:
        name, path = layer.name(), local_path(layer)
        if is_plain_file(layer):
            return lambda: Source(path=str(path), name=name)
        try:
            source, crs = gdal_source(layer)
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        size = (image.width(), image.height()) if frame.pixel else None
        target: Path = self.scratch() / "labels.tif"
        return lambda: Source(path=str(write_raster_labels(source, crs, target, size)), name=name)


def _parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    kinds = [SOURCE_RASTER, SOURCE_POLYGON]
    text = QgsProcessingParameterString
    becomes = text(BECOMES, tr("What goes becomes (none: what lies around it)"), None, False, True)
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterMapLayer(LABELS, tr("Labels: a raster of classes, or polygons"), None, False, kinds),
        text(COLUMN, tr("Column of the polygons' classes"), CLASS_FIELD, False, True),
        choice(EVENT, tr("What happens"), EVENTS),
        text(CLASS, tr("Class of what comes or goes"), None, False, True),
        becomes,
        whole(MOST, tr("Objects at most"), 5, (1, 1000)),
        whole(LEAST, tr("Objects at least"), 1, (0, 1000)),
        number(SHARE, tr("Chance of each object (swap, instances)"), 0.3, (0, 1)),
        number(MARGIN, tr("Painted around objects (m; 0: nothing)"), 0.0, (0, 50)),
        whole(COUNT, tr("Pairs"), 1, (1, 10_000)),
        whole(TIMES, tr("Times (two make a pair, more a sequence)"), 2, (2, 20)),
        whole(SIDE, tr("Side of a pair in pixels (0: the whole area)"), 0, (0, 4096)),
        whole(SEED, tr("Seed"), 0, (0, LARGEST_SEED)),
        whole(STEPS, tr("Steps"), 12, (2, 1000)),
        area_parameter(),
        model_parameter(models, DEFAULT_MODEL["change"]),
        *map(folded_away, (
            text(LIKE, tr("What classes look like (chalet=building; …)"), None, False, True),
            text(TABLE, tr("What may become what in a swap (none: as published)"), None, False, True),
            number(VALIDATION, tr("Share for validation"), 0.1, (0, 1)),
            number(TEST, tr("Share for testing"), 0.1, (0, 1)),
            number(METRES, tr("Pixel on the ground (m; 0: as the georeference says)"), 0.0, (0, 1000)),
        )),
        device_parameter(),
        QgsProcessingParameterFolderDestination(OUTPUT, tr("Folder of the pairs (synthetic)")),
    ]  # fmt: skip
