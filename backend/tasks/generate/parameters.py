"""What a person may set for a generate job, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.given import given_with_model
from backend.protocol.capabilities import Parameter

SOURCE, EARTH = BASES = "source", "earth"
SCALES = "4", "16", "64"
CROP, AVERAGE = MERGES = "crop", "average"
NONE, XYZ, MBTILES = TILES = "none", "xyz", "mbtiles"

GENERATE_PARAMETERS = (
    Parameter(
        "base",
        "choice",
        SOURCE,
        "Begin with",
        choices=BASES,
        help="The source, or the Blue Marble that ships: any place on earth, from pixels of 15 km.",
    ),
    Parameter("scale", "choice", "4", "Scale", choices=SCALES, help="New pixels along the side of one of the source."),
    Parameter("seed", "integer", 0, "Seed", minimum=0, maximum=2**31 - 1, help="The same seed paints the same."),
    Parameter("steps", "integer", 12, "Steps", minimum=5, maximum=50, help="From noise to picture; more take longer."),
    Parameter(
        "eta",
        "number",
        0.0,
        "Fresh noise",
        minimum=0.0,
        maximum=1.0,
        help="How much noise is drawn anew at each step: 0 is DDIM, 1 is DDPM.",
    ),
    Parameter(
        "metres",
        "number",
        0.0,
        "Pixel on the ground",
        minimum=0.0,
        maximum=1e6,
        unit="m",
        help="Side of a source pixel; 0 takes it from the georeference, where there is one.",
    ),
    Parameter(
        "merge",
        "choice",
        CROP,
        "Windows",
        choices=MERGES,
        help="The middle of each is kept, or those that overlap are averaged at each step.",
    ),
    Parameter("tiles", "choice", NONE, "Map tiles", choices=TILES, help="The result also as tiles of web maps."),
    Parameter(
        "consistent",
        "boolean",
        True,
        "Keep the source's colours",
        help="Made smaller again, the result is the source; else the network may correct noise and damage.",
    ),
)
"""What forms show. Beside these a request has the texts of `TEXTS`."""
TEXTS = ("area",)


@dataclass(frozen=True)
class GenerateParameters:
    """The values of one request.

    Attributes:
        base: `source` or `earth`.
        scale: 4, 16 or 64.
        metres: side of a source pixel; 0 follows from the georeference.
        merge: `crop` or `average`, see `windows` and `average`.
        consistent: see `consistent`.
        area: as ground's: empty, `xmin,ymin,xmax,ymax` in the source's CRS, or a polygon as WKT or GeoJSON.
        of_model: the values of the model's own parameters.
    """

    base: str = SOURCE
    scale: int = 4
    seed: int = 0
    steps: int = 12
    eta: float = 0.0
    metres: float = 0.0
    merge: str = CROP
    tiles: str = NONE
    consistent: bool = True
    area: str = ""
    of_model: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, values: Mapping[str, Any], of_model: Sequence[Parameter] = ()) -> GenerateParameters:
        """Return the parameters of a request whose model has those of `of_model`, too.

        Raises:
            BadInput: PARAMETER_INVALID, saying which and what it may be.
        """
        own, its = given_with_model(values, GENERATE_PARAMETERS, of_model, TEXTS)
        if "scale" in own:
            own["scale"] = int(own["scale"])
        return cls(**own, of_model=its)
