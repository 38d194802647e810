"""What a grounding job answers: the content of its `answer.json`, one object whatever the granularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

from .prompts import Box

IMAGE, REGION, PIXEL = GRANULARITIES = "image", "region", "pixel"
INSTANCES, CLASSMAP = "instances", "classmap"


@dataclass(frozen=True)
class RankedPhrase:
    """How much of the area one phrase names.

    Attributes:
        index: its value in `classes.tif` and its band in `scores.tif`, from 1.
        colour: `#rrggbb`, as in the colour table of `classes.tif`.
        share: 0 to 1, of the area's pixels that are data.
        area_m2: 0 where the ground size is unknown.
        confidence: mean score where it is the answer; 0 where it is nowhere.
        best: its highest score anywhere in the area.
        count: instances; 0 for a class map.
    """

    phrase: str
    index: int
    colour: str
    share: float = 0.0
    area_m2: float = 0.0
    confidence: float = 0.0
    best: float = 0.0
    count: int = 0


@dataclass(frozen=True)
class GroundedItem:
    """One instance to zoom to. `id` is that of the feature in `instances.gpkg`; `box` is in the source's CRS."""

    id: str
    phrase: str
    score: float
    box: Box
    area_m2: float = 0.0


@dataclass(frozen=True)
class GroundedAnswer:
    """The answer to phrases over an area.

    Attributes:
        granularity: `image`, `region` or `pixel`: how closely it was looked at.
        caption: one or two English sentences, for reading.
        phrases: largest share (instances: best score) first.
        items: best score first, at most 1000; `item_count` says how many there are.
        threshold: the score from which a place or an object counts.
        background: `auto` or `none`.
        area: what was looked at, in the source's CRS.
        pixels_read: pixels the model was fed in all looks.
        pixels_naive: what reading everything closely would have fed.
        looked: where it was most relevant and hence looked at closely, in the source's CRS, the most so first, at most
            20; empty where everything was.
    """

    granularity: str
    caption: str
    phrases: Tuple[RankedPhrase, ...]
    threshold: float
    background: str
    area: Box
    crs: str = ""
    items: Tuple[GroundedItem, ...] = ()
    item_count: int = 0
    pixels_read: int = 0
    pixels_naive: int = 0
    looked: Tuple[Box, ...] = ()
