"""The backend speaks English: what it sends to be read by a person is put into the user's language here.

A `{name}` in a text stands for whatever the backend fills in there. `tests/backend/test_texts.py` holds this table to
what the backend says.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Tuple

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from .backend_texts_synthetic import CHANGING, GENERATING

PARAMETERS = (
    QT_TRANSLATE_NOOP("Backend", "Outline"),
    QT_TRANSLATE_NOOP("Backend", "exact follows pixel edges; orthogonal suits buildings, circle tanks and silos."),
    QT_TRANSLATE_NOOP("Backend", "Smallest part or hole"),
    QT_TRANSLATE_NOOP(
        "Backend", "Smaller parts are left out and smaller holes filled; in pixels where the ground size is unknown."
    ),
    QT_TRANSLATE_NOOP("Backend", "Fill holes"),
    QT_TRANSLATE_NOOP("Backend", "Keep the largest part only"),
    QT_TRANSLATE_NOOP("Backend", "Simplify"),
    QT_TRANSLATE_NOOP("Backend", "How far a smooth outline may move to save corners."),
    QT_TRANSLATE_NOOP("Backend", "Answer"),
    QT_TRANSLATE_NOOP(
        "Backend", "Objects one by one, a phrase for every pixel, or both as far as the phrases call for them."
    ),
    QT_TRANSLATE_NOOP("Backend", "Look at"),
    QT_TRANSLATE_NOOP("Backend", "The whole from afar, regions, or every pixel; auto decides by the phrases."),
    QT_TRANSLATE_NOOP("Backend", "Read closely"),
    QT_TRANSLATE_NOOP("Backend", "Everything, or what a quick look from further away finds relevant to the phrases."),
    QT_TRANSLATE_NOOP("Backend", "Background"),
    QT_TRANSLATE_NOOP("Backend", "auto leaves out what no phrase names; none gives every pixel its best phrase."),
    QT_TRANSLATE_NOOP("Backend", "Threshold"),
    QT_TRANSLATE_NOOP("Backend", "The score from which a place or an object counts."),
    QT_TRANSLATE_NOOP("Backend", "Degrees"),
    QT_TRANSLATE_NOOP("Backend", "Finer waves follow finer detail."),
    QT_TRANSLATE_NOOP("Backend", "Sharpen along edges"),
    QT_TRANSLATE_NOOP("Backend", "Features are brought to finer resolution, guided by the image; takes longer."),
    QT_TRANSLATE_NOOP("Backend", "Take out what all places share"),
    QT_TRANSLATE_NOOP(
        "Backend",
        "A part of what the whole image has in common is taken out of every place before phrases are compared.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Decoder"),
    QT_TRANSLATE_NOOP("Backend", "As finely as published"),
    QT_TRANSLATE_NOOP("Backend", "Every pixel has features of its own; takes many times longer."),
    QT_TRANSLATE_NOOP(
        "Backend", "What answers phrases: features compared with text, or a decoder of its own where the model has one."
    ),
    QT_TRANSLATE_NOOP("Backend", "Find change by"),
    QT_TRANSLATE_NOOP(
        "Backend",
        "A network that learnt it, segments of both dates that are matched, or distances of embeddings.",
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "The probability from which a place counts as changed, in polygons and in the table of areas."
    ),
    QT_TRANSLATE_NOOP("Backend", "Align"),
    QT_TRANSLATE_NOOP("Backend", "Move the later picture where both show the same things side by side."),
    QT_TRANSLATE_NOOP("Backend", "Light"),
    QT_TRANSLATE_NOOP(
        "Backend", "match brings the later picture to the light of the earlier one; none takes both as they are."
    ),
    QT_TRANSLATE_NOOP("Backend", "Smallest change"),
    QT_TRANSLATE_NOOP("Backend", "Smaller polygons are left out; in pixels where the ground size is unknown."),
    QT_TRANSLATE_NOOP("Backend", "Draw things anew"),
    QT_TRANSLATE_NOOP(
        "Backend",
        "The segmentation model is clicked in each thing and draws it; outlines are better, each takes a moment.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Cell"),
    QT_TRANSLATE_NOOP("Backend", "Side of a raster's cell."),
    QT_TRANSLATE_NOOP("Backend", "A byte a number"),
    QT_TRANSLATE_NOOP("Backend", "A quarter of the size, as AlphaEarth stores vectors."),
    QT_TRANSLATE_NOOP("Backend", "Predict by"),
    QT_TRANSLATE_NOOP("Backend", "Ridge regression, or the mean of the places whose vectors are most alike."),
    QT_TRANSLATE_NOOP("Backend", "Numbers are codes"),
    QT_TRANSLATE_NOOP("Backend", "The column's numbers are codes of classes."),
    QT_TRANSLATE_NOOP("Backend", "Not farther than"),
    QT_TRANSLATE_NOOP("Backend", "From a place where the column is known; 0 predicts everywhere."),
    QT_TRANSLATE_NOOP("Backend", "Blocks held out"),
    QT_TRANSLATE_NOOP(
        "Backend", "Side of the blocks that the honest score holds out whole; 0 finds one that fits the places."
    ),
)
MODELS = (
    QT_TRANSLATE_NOOP(
        "Backend", "What places look like from above, learnt from free maps of the world; works offline at once."
    ),
    QT_TRANSLATE_NOOP("Backend", "Numbers in a vector"),
    QT_TRANSLATE_NOOP("Backend", "More tell finer differences apart."),
    QT_TRANSLATE_NOOP("Backend", "Kernels"),
    QT_TRANSLATE_NOOP("Backend", "Patches of the image itself, as MOSAIKS has them, or random numbers."),
    QT_TRANSLATE_NOOP("Backend", "Seed"),
    QT_TRANSLATE_NOOP("Backend", "The same seed gives the same vectors."),
    QT_TRANSLATE_NOOP(
        "Backend",
        "Colours and textures of the image itself, any number of bands; nothing to download, learnt in seconds.",
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "Vectors of any picture, learnt without labels: for likeness, clusters and few examples."
    ),
    QT_TRANSLATE_NOOP("Backend", "Vectors of any picture that English phrases can be compared with."),
    QT_TRANSLATE_NOOP("Backend", "Vectors of any picture that phrases in many languages can be compared with."),
    QT_TRANSLATE_NOOP(
        "Backend", "Vectors of Sentinel data in all bands; import a checkpoint, converted as in docs/embedders.md."
    ),
    QT_TRANSLATE_NOOP("Backend", "disputed: no licence in its repository, Apache-2.0 on mirrors"),
    QT_TRANSLATE_NOOP("Backend", "cc (unspecific)"),
    QT_TRANSLATE_NOOP("Backend", "Segment objects"),
    QT_TRANSLATE_NOOP("Backend", "Find by phrases"),
    QT_TRANSLATE_NOOP("Backend", "Describe places"),
    QT_TRANSLATE_NOOP("Backend", "Mini Places (compact, offline)"),
    QT_TRANSLATE_NOOP("Backend", "Classic (no training)"),
    QT_TRANSLATE_NOOP("Backend", "Colour, texture and edges; works on any image with no download."),
    QT_TRANSLATE_NOOP("Backend", "Mini (compact, offline)"),
    QT_TRANSLATE_NOOP(
        "Backend", "Works offline from the first click. For better outlines download a hub model on the Models page."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "Vectors of aerial imagery of 0.1 to 0.15 m; import the file that the recipe in docs/mini.md makes."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "Class maps of any phrase in English, without training; install SimFeatUp too for sharp edges."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "CLIP of remote sensing; import a converted checkpoint. Its licence is unclear: check it first."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "Sharpens SegEarth-OV's maps along edges; import the file that docs/segearth.md describes."
    ),
    QT_TRANSLATE_NOOP(
        "Backend",
        "Sharpens Mini's answers to phrases along edges; one ships, import another in its place (docs/segearth.md).",
    ),
    QT_TRANSLATE_NOOP("Backend", "Finds what English phrases name, as boxes; an installed segmenter outlines them."),
    QT_TRANSLATE_NOOP(
        "Backend", "Finds and outlines what short English phrases name; installed and removed with the SAM 3 tracker."
    ),
    QT_TRANSLATE_NOOP("Backend", "Position on the globe, nothing learnt: the yardstick of location encoders."),
    QT_TRANSLATE_NOOP("Backend", "Places as satellites see them; import a checkpoint, converted as in docs/places.md."),
    QT_TRANSLATE_NOOP("Backend", "Places as photographs show them; import the file made as docs/places.md says."),
    QT_TRANSLATE_NOOP("Backend", "The {tier} tier is not installed ({packages} missing); {way}."),
    QT_TRANSLATE_NOOP("Backend", "install the Full tier in Toposcope's installation panel"),
    QT_TRANSLATE_NOOP("Backend", "repair the installation"),
    QT_TRANSLATE_NOOP("Backend", "{title} runs on the CPU only."),
    QT_TRANSLATE_NOOP("Backend", "{title} is installed; its files are the ones the catalogue knows."),
    QT_TRANSLATE_NOOP(
        "Backend", "{title} is installed; not every checksum was known beforehand, the files' own were recorded."
    ),
)
OUTLINES = (
    QT_TRANSLATE_NOOP("Backend", "The orthogonal outline does not fit this shape; the smooth one is shown."),
    QT_TRANSLATE_NOOP("Backend", "The rectangle outline does not fit this shape; the smooth one is shown."),
    QT_TRANSLATE_NOOP("Backend", "The circle outline does not fit this shape; the smooth one is shown."),
    QT_TRANSLATE_NOOP("Backend", "Nothing was found here; try another place or add a point."),
    QT_TRANSLATE_NOOP("Backend", "Nothing was found; no polygon was made."),
    QT_TRANSLATE_NOOP("Backend", "It goes on beyond the part that was looked at; use a box around it to get it whole."),
)
DEVICE = (
    QT_TRANSLATE_NOOP("Backend", "No NVIDIA driver with a GPU was found."),
    QT_TRANSLATE_NOOP("Backend", "Install the driver from NVIDIA if this machine has such a GPU."),
    QT_TRANSLATE_NOOP("Backend", "The installed PyTorch is a build for the CPU."),
    QT_TRANSLATE_NOOP("Backend", "Install the Full tier's CUDA variant."),
    QT_TRANSLATE_NOOP("Backend", "PyTorch for CUDA {version} cannot use the NVIDIA driver."),
    QT_TRANSLATE_NOOP("Backend", "Update the driver."),
    QT_TRANSLATE_NOOP("Backend", "The installed onnxruntime is a build for the CPU."),
    QT_TRANSLATE_NOOP("Backend", "Install the Core tier's CUDA variant."),
    QT_TRANSLATE_NOOP("Backend", "onnxruntime could not load its CUDA libraries."),
    QT_TRANSLATE_NOOP("Backend", "Install the Core tier's CUDA variant again."),
    QT_TRANSLATE_NOOP("Backend", "{name} returned a wrong product of two matrices."),
    QT_TRANSLATE_NOOP("Backend", "Restart it."),
    QT_TRANSLATE_NOOP("Backend", "A first calculation on {name} failed ({reason})."),
    QT_TRANSLATE_NOOP("Backend", "Update the NVIDIA driver, or install the variant made for this GPU."),
    QT_TRANSLATE_NOOP("Backend", "The CPU is used."),
    QT_TRANSLATE_NOOP("Backend", "The memory of {name} ran out; {title} now runs on the CPU, which is slower."),
    QT_TRANSLATE_NOOP("Backend", "Close other programs that use the GPU, or choose a smaller model."),
)
GROUNDING = (
    QT_TRANSLATE_NOOP(
        "Backend", "The phrases have {count} characters; at most {most} are read, a few words name a thing."
    ),
    QT_TRANSLATE_NOOP("Backend", "There is no phrase; write what to look for, such as 'building; lake'."),
    QT_TRANSLATE_NOOP("Backend", "{count} phrases are too many; give at most {most}."),
    QT_TRANSLATE_NOOP("Backend", "The phrase {phrase} has {count} characters; say it in at most {most}."),
    QT_TRANSLATE_NOOP("Backend", "The phrases have {count} words between commas; give at most {most}."),
    QT_TRANSLATE_NOOP("Backend", "The phrase {phrase} holds characters that are no text."),
    QT_TRANSLATE_NOOP("Backend", "The phrase {phrase} holds no word; write what to look for."),
    QT_TRANSLATE_NOOP("Backend", "The phrase {phrase} is {count} characters long; give at most {most}."),
    QT_TRANSLATE_NOOP("Backend", "{phrase} has letters in {script} script; write the phrase in English or Chinese."),
    QT_TRANSLATE_NOOP(
        "Backend", "{parts} in {phrase} is not understood; name it with another Chinese word, or in English."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "The phrase {phrase} names nothing; write what to look for, as 游泳池 or “swimming pool”."
    ),
    QT_TRANSLATE_NOOP("Backend", "{title} is not installed, so edges are coarse; import it."),
    QT_TRANSLATE_NOOP("Backend", "{title} has no pixel decoder here; choose the decoder auto or text."),
    QT_TRANSLATE_NOOP(
        "Backend", "The pixel decoder takes no upsample or remove_bias; leave them off, or choose the decoder text."
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "{title} finds objects and has no features to sharpen; leave upsample and remove_bias off."
    ),
    QT_TRANSLATE_NOOP("Backend", "{title} works at one resolution only; leave finest off."),
    QT_TRANSLATE_NOOP("Backend", "There is no upsampler for the features of {title}; leave upsample off."),
    QT_TRANSLATE_NOOP("Backend", "{phrase} is not English; write the phrase in English or Chinese."),
    QT_TRANSLATE_NOOP(
        "Backend",
        "{words} may not be known to the model; where nothing fits, say it in other words, in English or Chinese.",
    ),
    QT_TRANSLATE_NOOP("Backend", "The example is too large; draw it around one thing."),
    QT_TRANSLATE_NOOP("Backend", "The example holds {way}."),
    QT_TRANSLATE_NOOP("Backend", "the middle of no cell of {count} pixels a side; draw a larger one"),
    QT_TRANSLATE_NOOP("Backend", "all there is to compare it with; draw a smaller one"),
    QT_TRANSLATE_NOOP("Backend", "The area holds not one pixel's centre; draw a larger one."),
    QT_TRANSLATE_NOOP(
        "Backend", "An example shows what it is like from close by only; choose coverage full or leave the example out."
    ),
)
SEARCHING = (
    QT_TRANSLATE_NOOP("Backend", "Search embeddings"),
    QT_TRANSLATE_NOOP("Backend", "Most places"),
    QT_TRANSLATE_NOOP("Backend", "The best of them are kept."),
    QT_TRANSLATE_NOOP("Backend", "Distance between places (m)"),
    QT_TRANSLATE_NOOP("Backend", "Of places that are closer to each other only the best is kept."),
    QT_TRANSLATE_NOOP("Backend", "{count} of {all} examples lie outside {name} or on no data."),
    QT_TRANSLATE_NOOP(
        "Backend",
        "There are more regions than can be ranked at a time; the best {count} were. Raise the threshold.",
    ),
    QT_TRANSLATE_NOOP(
        "Backend",
        "There are {count} vectors; with faiss installed the search would be quicker. Every one was compared.",
    ),
    QT_TRANSLATE_NOOP(
        "Backend",
        "{name} was made by {model}, which reads no phrases; embed with one that does ({able}), or show examples.",
    ),
    QT_TRANSLATE_NOOP(
        "Backend", "{name} does not say what made it, so no phrase can be compared with it; show examples."
    ),
    QT_TRANSLATE_NOOP("Backend", "{title} made {name} and would read phrases; install it first."),
    QT_TRANSLATE_NOOP("Backend", "Comparing"),
    QT_TRANSLATE_NOOP("Backend", "Ranking places"),
)
LEARNING = (
    QT_TRANSLATE_NOOP("Backend", "Classify from a few examples"),
    QT_TRANSLATE_NOOP("Backend", "Group what is alike"),
    QT_TRANSLATE_NOOP("Backend", "Method"),
    QT_TRANSLATE_NOOP(
        "Backend",
        "k-means makes as many groups as are asked for; HDBSCAN finds how many there are and leaves out the rest.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Groups"),
    QT_TRANSLATE_NOOP("Backend", "How many groups k-means makes."),
    QT_TRANSLATE_NOOP("Backend", "The same seed finds the same groups."),
    QT_TRANSLATE_NOOP("Backend", "False colour"),
    QT_TRANSLATE_NOOP(
        "Backend",
        "A picture in which like places have like colours: principal components, or UMAP where it is installed.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Looking at part {number}"),
    QT_TRANSLATE_NOOP("Backend", "Show every class twice at least, and it is said how well they are told apart."),
    QT_TRANSLATE_NOOP("Backend", "This classifier is too long to be kept from here; the few-shot job saves it."),
    QT_TRANSLATE_NOOP("Backend", "{count} of {all} examples lie outside {name} or on no data: {rows}."),
)
EMBEDDING = (
    QT_TRANSLATE_NOOP("Backend", "Embed"),
    QT_TRANSLATE_NOOP("Backend", "Compare two dates"),
    QT_TRANSLATE_NOOP("Backend", "Find change between two dates"),
    QT_TRANSLATE_NOOP("Backend", "Vectors of"),
    QT_TRANSLATE_NOOP("Backend", "Blocks of pixels, as a raster, or chips, as polygons."),
    QT_TRANSLATE_NOOP("Backend", "Block"),
    QT_TRANSLATE_NOOP(
        "Backend", "Side of the block that gets a vector: a multiple of the model's own, which 0 stands for."
    ),
    QT_TRANSLATE_NOOP("Backend", "Chip"),
    QT_TRANSLATE_NOOP("Backend", "Side of a chip."),
    QT_TRANSLATE_NOOP("Backend", "Chip to chip"),
    QT_TRANSLATE_NOOP("Backend", "From one chip to the next; 0 is the chip's side."),
    QT_TRANSLATE_NOOP("Backend", "Numbers"),
    QT_TRANSLATE_NOOP("Backend", "A quarter of the size, as AlphaEarth stores them, or exact."),
    QT_TRANSLATE_NOOP("Backend", "Gain"),
    QT_TRANSLATE_NOOP(
        "Backend", "What makes numbers 10000 times the reflectance, for models of many bands; 0 takes them as they are."
    ),
    QT_TRANSLATE_NOOP("Backend", "Offset"),
    QT_TRANSLATE_NOOP(
        "Backend", "Added after the gain: -1000 for Sentinel-2 products from 2022 on that are stored with an offset."
    ),
    QT_TRANSLATE_NOOP("Backend", "{name} lacks the bands {bands}; the model takes their means for them."),
    QT_TRANSLATE_NOOP(
        "Backend",
        "The last {right} columns and {lower} rows of pixels are in no chip; a smaller stride takes more.",
    ),
    QT_TRANSLATE_NOOP("Backend", "{name} has {count} bands and none was chosen; band {band} is taken, as grey."),
    QT_TRANSLATE_NOOP(
        "Backend", "{name} has {count} bands and none was chosen; {bands} are taken for red, green and blue."
    ),
    QT_TRANSLATE_NOOP(
        "Backend",
        "{before} and {after} were made with different stretches, which may look like change; "
        "embed {again} anew with the stretch of the other, {stretch}.",
    ),
    QT_TRANSLATE_NOOP("Backend", "Learning from the picture"),
    QT_TRANSLATE_NOOP("Backend", "Tile {number} of {count}, {speed} tiles/s"),
    QT_TRANSLATE_NOOP("Backend", "Tile {number} of {count}"),
    QT_TRANSLATE_NOOP("Backend", "Chip {number} of {count}"),
)
PROGRESS = (
    QT_TRANSLATE_NOOP("Backend", "Loading {title}"),
    QT_TRANSLATE_NOOP("Backend", "Part {number} of {count}, {share} of the pixels read"),
    QT_TRANSLATE_NOOP("Backend", "Part {number} of {count}"),
    QT_TRANSLATE_NOOP("Backend", "Drawing objects"),
    QT_TRANSLATE_NOOP("Backend", "Object {number} of {count}"),
    QT_TRANSLATE_NOOP("Backend", "Object {id}: {notice}"),
    QT_TRANSLATE_NOOP("Backend", "Writing"),
    QT_TRANSLATE_NOOP("Backend", "Cancelling"),
    QT_TRANSLATE_NOOP("Backend", "Cancelled"),
    QT_TRANSLATE_NOOP("Backend", "{file}: {done} of {total} MB, {rate} MB/s"),
    QT_TRANSLATE_NOOP("Backend", "copying {file}"),
    QT_TRANSLATE_NOOP("Backend", "checked"),
)
TEXTS = (
    PARAMETERS
    + MODELS
    + OUTLINES
    + GROUNDING
    + SEARCHING
    + LEARNING
    + EMBEDDING
    + DEVICE
    + PROGRESS
    + CHANGING
    + GENERATING
)
NESTED = ("notice", "way")
"""What is filled in under these names is a text of the table itself."""


def translated(text: str) -> str:
    """Return the backend's `text` in the user's language, sentence by sentence; unknown sentences stay English."""
    return _whole(text) or " ".join(_whole(sentence) or sentence for sentence in re.split(r"(?<=\.) ", text))


def _whole(text: str) -> str:
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found:
            values = {name: translated(value) if name in NESTED else value for name, value in found.groupdict().items()}
            return QCoreApplication.translate("Backend", template).format(**values)
    return ""


@lru_cache(maxsize=1)
def _patterns() -> Tuple[Tuple[str, re.Pattern[str]], ...]:
    return tuple((text, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text)))) for text in TEXTS)
