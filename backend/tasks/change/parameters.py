"""What a person may set for a change job, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.errors import BadInput
from backend.given import given
from backend.protocol import codes
from backend.protocol.capabilities import Parameter

ADD, REMOVE, MIX, SWAP, INSTANCES = EVENTS = ("add", "remove", "mix", "swap", "instances")
LEAST_SIDE = 64

CHANGE_PARAMETERS = (
    Parameter(
        "event",
        "choice",
        REMOVE,
        "What happens",
        choices=EVENTS,
        help="Objects come, go, or both; land cover becomes another; objects of a map that numbers them go.",
    ),
    Parameter("most", "integer", 5, "Objects at most", minimum=1, maximum=1000, help="That come, and that go."),
    Parameter("least", "integer", 1, "Objects at least", minimum=0, maximum=1000),
    Parameter(
        "share",
        "number",
        0.3,
        "Chance of each object",
        minimum=0.0,
        maximum=1.0,
        help="To become another class, or to go where objects are numbered.",
    ),
    Parameter(
        "margin",
        "number",
        0.0,
        "Painted around objects",
        minimum=0.0,
        maximum=50.0,
        unit="m",
        help="So far around what changes is painted too, so that shadows go and come with houses; 0 leaves it alone.",
    ),
    Parameter("count", "integer", 1, "Pairs", minimum=1, maximum=10_000),
    Parameter(
        "times", "integer", 2, "Times", minimum=2, maximum=20, help="Two make a pair, more a sequence of changes."
    ),
    Parameter(
        "side",
        "integer",
        0,
        "Side of a pair",
        minimum=0,
        maximum=4096,
        unit="px",
        help="Pairs are squares at places where there is something to change; 0 is the whole area.",
    ),
    Parameter("seed", "integer", 0, "Seed", minimum=0, maximum=2**31 - 1, help="The same seed makes the same pairs."),
    Parameter(
        "steps",
        "integer",
        12,
        "Steps",
        minimum=2,
        maximum=1000,
        help="More steps paint more carefully and take as much longer.",
    ),
    Parameter(
        "validation",
        "number",
        0.1,
        "Share for validation",
        minimum=0.0,
        maximum=1.0,
        help="Of the places of a data set; all pairs of a place go to one part of it.",
    ),
    Parameter("test", "number", 0.1, "Share for testing", minimum=0.0, maximum=1.0),
    Parameter(
        "metres",
        "number",
        0.0,
        "Pixel on the ground",
        minimum=0.0,
        maximum=1000.0,
        unit="m",
        help="Needed where the image has no georeference; 0 takes the georeference's.",
    ),
)
"""What forms show. Beside these a request has the texts of `TEXTS`."""
TEXTS = ("area", "class", "becomes", "column", "layer", "classes", "like", "table")


@dataclass(frozen=True)
class ChangeParameters:
    """The values of one request.

    Attributes:
        event: one of `EVENTS`.
        most, least: objects that come, and that go.
        share: the chance of each object of a swap, or of numbered ones.
        margin: metres on the ground around what changes that are painted with it.
        count: pairs; times: of each, from 2 on; side: of their squares in pixels, 0 for the whole area.
        validation, test: shares of the places of a data set.
        metres: side of a pixel on the ground; 0 is what the georeference says.
        area: as ground's.
        kind: the request's `class`: the name of what comes or goes.
        becomes: of `remove` and `mix`: the name of what is left where something goes; empty: what most around are.
        column, layer: where polygons say their classes; without a column all are of one class.
        classes: names of a raster's values, `1=building;2=road`, where the file does not say them.
        like: what of OpenEarthMap's classes each is like, `house=building;oak=tree`.
        table: what may become what in a swap, `field=house,wood;wood=field`; empty follows the published table.
    """

    event: str = REMOVE
    most: int = 5
    least: int = 1
    share: float = 0.3
    margin: float = 0.0
    count: int = 1
    times: int = 2
    side: int = 0
    seed: int = 0
    steps: int = 12
    validation: float = 0.1
    test: float = 0.1
    metres: float = 0.0
    area: str = ""
    kind: str = ""
    becomes: str = ""
    column: str = ""
    layer: str = ""
    classes: str = ""
    like: str = ""
    table: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> ChangeParameters:
        """Return the parameters of a request.

        Raises:
            BadInput: PARAMETER_INVALID, saying which and what it may be.
        """
        own = {
            name: value.strip() if name in TEXTS else value
            for name, value in given(values, CHANGE_PARAMETERS, TEXTS).items()
        }
        if "class" in own:
            own["kind"] = own.pop("class")
        found = cls(**own)
        found._check_together()
        return found

    def _check_together(self) -> None:
        if self.least > self.most:
            raise _wrong(f"From {self.least} to {self.most} objects is no range; give the smaller count as least.")
        if self.validation + self.test > 1:
            raise _wrong(f"{self.validation:g} for validation and {self.test:g} for testing are more than all places.")
        if self.event in (ADD, REMOVE, MIX) and not self.kind:
            raise _wrong("Say of which class objects come or go: class, such as building.")
        if 0 < self.side < LEAST_SIDE:
            raise _wrong(f"side is {self.side}; squares have {LEAST_SIDE} pixels a side at least, 0 is the whole area.")
        if self.table and self.event != SWAP:
            raise _wrong(f"A table says what becomes what in a swap, and the event is {self.event}; leave table out.")
        if self.becomes and self.event not in (REMOVE, MIX):
            detail = f"becomes says what is left of objects that a {REMOVE} or {MIX} takes away"
            raise _wrong(f"{detail}, and the event is {self.event}; leave becomes out.")


def pairs_of_text(text: str, what: str) -> list[tuple[str, str]]:
    """Return the two sides of each part of `a=b;c=d`. Raises PARAMETER_INVALID, calling the text `what`."""
    found = list[tuple[str, str]]()
    for part in filter(None, (part.strip() for part in text.split(";"))):
        left, equals, right = (side.strip() for side in part.partition("="))
        if not (left and equals and right):
            raise _wrong(f"{what} has {part!r:.60}; write parts as in {EXAMPLES[what]}.")
        if left in (one for one, _ in found):
            raise _wrong(f"{what} says {left!r:.60} twice; leave one out.")
        found.append((left, right))
    return found


EXAMPLES = {
    "classes": "1=building;2=road",
    "like": "house=building;oak=tree",
    "table": "field=house,wood;wood=field",
}


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, sentence)
