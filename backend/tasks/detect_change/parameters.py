"""What a person may set for a search for change, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.errors import BadInput
from backend.given import given
from backend.models.change_detector import ANY, BUILDING
from backend.protocol import codes
from backend.protocol.capabilities import Parameter
from backend.protocol.defaults import CHANGE_METHOD

DETECTOR, SEGMENTS, DISTANCE = METHODS = "detector", "segments", "distance"
MATCH, AS_IS = LIGHTS = "match", "none"
WHICH = ANY, BUILDING

DETECT_PARAMETERS = (
    Parameter(
        "method",
        "choice",
        CHANGE_METHOD,
        "Find change by",
        choices=METHODS,
        help="A network that learnt it, segments of both dates that are matched, or distances of embeddings.",
    ),
    Parameter(
        "only",
        "choice",
        ANY,
        "Which change",
        choices=WHICH,
        help="Any change, or buildings that come or go, which only a trained network tells.",
    ),
    Parameter(
        "threshold",
        "number",
        0.5,
        "Threshold",
        minimum=0.0,
        maximum=1.0,
        help="The probability from which a place counts as changed, in polygons and in the table of areas.",
    ),
    Parameter(
        "align", "boolean", True, "Align", help="Move the later picture where both show the same things side by side."
    ),
    Parameter(
        "normalise",
        "choice",
        MATCH,
        "Light",
        choices=LIGHTS,
        help="match brings the later picture to the light of the earlier one; none takes both as they are.",
    ),
    Parameter(
        "minimum",
        "number",
        16.0,
        "Smallest change",
        minimum=0.0,
        maximum=1e12,
        unit="m²",
        help="Smaller polygons are left out; in pixels where the ground size is unknown.",
    ),
)
"""What forms show. Beside these a request has the texts of `TEXTS`."""
TEXTS = ("area", "classes")


@dataclass(frozen=True)
class DetectParameters:
    """The values of one request.

    Attributes:
        method: `detector`, `segments` or `distance`.
        only: `any` or `building`; the latter by `detector` alone.
        threshold: probability from which a place counts as changed.
        align: whether a shift that all of the pictures tell is taken out.
        normalise: `match` or `none`.
        minimum: m² of a polygon, pixels where the ground size is unknown.
        area: as ground's, in the CRS of the picture before.
        classes: phrases for what there was and is, with semicolons between them; empty for none.
    """

    method: str = CHANGE_METHOD
    only: str = ANY
    threshold: float = 0.5
    align: bool = True
    normalise: str = MATCH
    minimum: float = 16.0
    area: str = ""
    classes: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> DetectParameters:
        """Return the parameters of a request.

        Raises:
            BadInput: PARAMETER_INVALID, saying which and what it may be.
        """
        asked = cls(**given(values, DETECT_PARAMETERS, TEXTS))
        if asked.only != ANY and asked.method != DETECTOR:
            detail = (
                f"The method {asked.method} knows no buildings; choose the method {DETECTOR}, or leave only at {ANY}."
            )
            raise BadInput(codes.PARAMETER_INVALID, detail)
        return asked
