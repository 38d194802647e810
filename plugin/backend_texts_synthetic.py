"""What the backend says of imagery that it makes, and of change: a part of `backend_texts`."""

from __future__ import annotations

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

CHANGING = (
    QT_TRANSLATE_NOOP(
        "Backend",
        "Finds change between two dates, of buildings and of anything else, offline; trained on made pairs alone.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Which change"),
    QT_TRANSLATE_NOOP("Backend", "Any change, or buildings that come or go, which only a trained network tells."),
    QT_TRANSLATE_NOOP("Backend", "Pair {number} of {count}"),
    QT_TRANSLATE_NOOP("Backend", "Places with something to change: {number} of {count}"),
    QT_TRANSLATE_NOOP("Backend", "Make change pairs"),
    QT_TRANSLATE_NOOP("Backend", "What happens"),
    QT_TRANSLATE_NOOP(
        "Backend", "Objects come, go, or both; land cover becomes another; objects of a map that numbers them go."
    ),
    QT_TRANSLATE_NOOP("Backend", "Objects at most"),
    QT_TRANSLATE_NOOP("Backend", "That come, and that go."),
    QT_TRANSLATE_NOOP("Backend", "Objects at least"),
    QT_TRANSLATE_NOOP("Backend", "Chance of each object"),
    QT_TRANSLATE_NOOP("Backend", "To become another class, or to go where objects are numbered."),
    QT_TRANSLATE_NOOP("Backend", "Painted around objects"),
    QT_TRANSLATE_NOOP(
        "Backend",
        "So far around what changes is painted too, so that shadows go and come with houses; 0 leaves it alone.",
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "A margin of {margin} is less than a pixel, {side}: nothing is painted around what changes."
    ),
    QT_TRANSLATE_NOOP("Backend", "Pairs"),
    QT_TRANSLATE_NOOP("Backend", "Times"),
    QT_TRANSLATE_NOOP("Backend", "Two make a pair, more a sequence of changes."),
    QT_TRANSLATE_NOOP("Backend", "Side of a pair"),
    QT_TRANSLATE_NOOP(
        "Backend", "Pairs are squares at places where there is something to change; 0 is the whole area."
    ),
    QT_TRANSLATE_NOOP("Backend", "The same seed makes the same pairs."),
    QT_TRANSLATE_NOOP("Backend", "Steps"),
    QT_TRANSLATE_NOOP("Backend", "More steps paint more carefully and take as much longer."),
    QT_TRANSLATE_NOOP("Backend", "Share for validation"),
    QT_TRANSLATE_NOOP("Backend", "Of the places of a data set; all pairs of a place go to one part of it."),
    QT_TRANSLATE_NOOP("Backend", "Share for testing"),
    QT_TRANSLATE_NOOP("Backend", "Pixel on the ground"),
    QT_TRANSLATE_NOOP("Backend", "Needed where the image has no georeference; 0 takes the georeference's."),
    QT_TRANSLATE_NOOP(
        "Backend", "Finds change between two dates, trained on made pairs alone; import a converted checkpoint."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "Paints what changed into a picture, offline; small and quick, so from near it is rough."
    ),
    QT_TRANSLATE_NOOP(
        "Backend",
        "Paints what changed into a picture, from maps of classes before and after; import a converted checkpoint.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Pictures as latents and back, for Changen2."),
)
GENERATING = (
    QT_TRANSLATE_NOOP("Backend", "Generate imagery"),
    QT_TRANSLATE_NOOP("Backend", "Begin with"),
    QT_TRANSLATE_NOOP(
        "Backend", "The source, or the Blue Marble that ships: any place on earth, from pixels of 15 km."
    ),
    QT_TRANSLATE_NOOP("Backend", "Scale"),
    QT_TRANSLATE_NOOP("Backend", "New pixels along the side of one of the source."),
    QT_TRANSLATE_NOOP("Backend", "The same seed paints the same."),
    QT_TRANSLATE_NOOP("Backend", "From noise to picture; more take longer."),
    QT_TRANSLATE_NOOP("Backend", "Fresh noise"),
    QT_TRANSLATE_NOOP("Backend", "How much noise is drawn anew at each step: 0 is DDIM, 1 is DDPM."),
    QT_TRANSLATE_NOOP("Backend", "Side of a source pixel; 0 takes it from the georeference, where there is one."),
    QT_TRANSLATE_NOOP("Backend", "Windows"),
    QT_TRANSLATE_NOOP("Backend", "The middle of each is kept, or those that overlap are averaged at each step."),
    QT_TRANSLATE_NOOP("Backend", "Map tiles"),
    QT_TRANSLATE_NOOP("Backend", "The result also as tiles of web maps."),
    QT_TRANSLATE_NOOP("Backend", "Keep the source's colours"),
    QT_TRANSLATE_NOOP(
        "Backend", "Made smaller again, the result is the source; else the network may correct noise and damage."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "Paints what coarse imagery may look like from nearer, offline: plausible texture, no new facts."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "MetaEarth's network in any size; import a checkpoint in the layout that docs/generation.md tells."
    ),
    QT_TRANSLATE_NOOP("Backend", "Level ×{scale}: piece {number} of {count}"),
)
