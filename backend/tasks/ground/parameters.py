"""What a person may set for a grounding job, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.geo.outline import OUTLINE_PARAMETERS, OutlineParameters
from backend.given import given
from backend.models.switches import REFINE, SWITCHES, THRESHOLD
from backend.protocol.capabilities import Parameter
from backend.protocol.ground import CLASSMAP, GRANULARITIES, INSTANCES
from backend.tasks.ground_policy.resolution import COVERAGES, FULL

AUTO, NONE = "auto", "none"
ANSWERS = (AUTO, INSTANCES, CLASSMAP)
BACKGROUNDS = (AUTO, NONE)

OWN_PARAMETERS = (
    Parameter(
        "answer",
        "choice",
        AUTO,
        "Answer",
        choices=ANSWERS,
        help="Objects one by one, a phrase for every pixel, or both as far as the phrases call for them.",
    ),
    Parameter(
        "granularity",
        "choice",
        AUTO,
        "Look at",
        choices=(AUTO, *GRANULARITIES),
        help="The whole from afar, regions, or every pixel; auto decides by the phrases.",
    ),
    Parameter(
        "coverage",
        "choice",
        FULL,
        "Read closely",
        choices=COVERAGES,
        help="Everything, or what a quick look from further away finds relevant to the phrases.",
    ),
    Parameter(
        "background",
        "choice",
        AUTO,
        "Background",
        choices=BACKGROUNDS,
        help="auto leaves out what no phrase names; none gives every pixel its best phrase.",
    ),
    THRESHOLD,
    *SWITCHES,
    REFINE,
)
GROUND_PARAMETERS = (*OWN_PARAMETERS, *OUTLINE_PARAMETERS)
"""What forms show. Beside these a request has the texts of `TEXTS`."""
TEXTS = ("phrases", "example", "area", "segmenter")


@dataclass(frozen=True)
class GroundParameters:
    """The values of one request.

    Attributes:
        phrases: as the person wrote them, with semicolons between them.
        example: a polygon around a thing to look for, as WKT or GeoJSON in the source's CRS; counts as a phrase more.
        area: empty for the whole source, `xmin,ymin,xmax,ymax` in its CRS, or a polygon as WKT or GeoJSON.
        segmenter: id of the model that outlines what a detector boxes; empty for the best that is installed.
        upsample, remove_bias, decoder, finest: how a model reads phrases, see `backend.models.switches`; a model's own
            defaults are in its spec.
        refine: whether the segmenter draws the things anew that a score map tells.
    """

    phrases: str = ""
    example: str = ""
    area: str = ""
    segmenter: str = ""
    answer: str = AUTO
    granularity: str = AUTO
    coverage: str = FULL
    background: str = AUTO
    threshold: float = 0.5
    upsample: bool = False
    remove_bias: bool = False
    decoder: str = AUTO
    finest: bool = False
    refine: bool = False
    outline: OutlineParameters = field(default_factory=OutlineParameters)

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> GroundParameters:
        """Return the parameters of a request.

        Raises:
            BadInput: PARAMETER_INVALID, saying which and what it may be.
        """
        found = given(values, GROUND_PARAMETERS, TEXTS)
        own = {name: found[name] for name in (*TEXTS, *(spec.name for spec in OWN_PARAMETERS)) if name in found}
        return cls(**own, outline=OutlineParameters.parse(values))
