"""OpenEarthMap's classes (Xia et al., WACV 2023), in which Changen2's models see land cover."""

from __future__ import annotations

UNKNOWN, BARE, RANGE, DEVELOPED, ROAD, TREE, WATER, AGRICULTURE, BUILDING = range(9)
NAMES = (
    "unknown", "bare land", "rangeland", "developed space", "road", "tree", "water", "agriculture land", "building",
)  # fmt: skip
COLOURS = (
    "#000000", "#800000", "#00FF24", "#949494", "#FFFFFF", "#226126", "#0045FF", "#4BB549", "#DE1F07",
)  # fmt: skip
