"""Text for stable ids (choices, speeds, tiers, job statuses) and for what the backend says; sizes and areas."""

from __future__ import annotations

from typing import Dict

from qgis.PyQt.QtCore import QCoreApplication

from ..backend_texts import translated


def text(identifier: str) -> str:
    """Return an id's name, or the backend's sentence, in the user's language; what is not known stays as it is."""
    return _names().get(identifier) or translated(identifier)


def choice(parameter: str, value: str) -> str:
    """Return the name of a parameter's choice: its own where the same id means something else elsewhere."""
    return _names().get(f"{parameter}.{value}") or text(value)


def _names() -> Dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "exact": translate("Labels", "Pixel-exact"),
        "smooth": translate("Labels", "Smooth"),
        "orthogonal": translate("Labels", "Right angles (buildings)"),
        "rectangle": translate("Labels", "Rectangle"),
        "circle": translate("Labels", "Circle (tanks)"),
        "auto": translate("Labels", "Automatic"),
        "instances": translate("Labels", "Objects"),
        "classmap": translate("Labels", "Class map"),
        "image": translate("Labels", "The whole from afar"),
        "region": translate("Labels", "Regions"),
        "pixel": translate("Labels", "Every pixel"),
        "text": translate("Labels", "By text"),
        "decoder.pixel": translate("Labels", "By the pixel decoder"),
        "coverage.full": translate("Labels", "Everything"),
        "patches": translate("Labels", "Patches of the image"),
        "normal": translate("Labels", "Random numbers"),
        "relevant": translate("Labels", "What is relevant"),
        "none": translate("Labels", "None"),
        "dense": translate("Labels", "Blocks of pixels"),
        "chips": translate("Labels", "Chips"),
        "int8": translate("Labels", "Bytes"),
        "float32": translate("Labels", "Exact"),
        "kmeans": translate("Labels", "k-means"),
        "hdbscan": translate("Labels", "HDBSCAN"),
        "ridge": translate("Labels", "Ridge regression"),
        "knn": translate("Labels", "Places most alike"),
        "pca": translate("Labels", "Principal components"),
        "umap": translate("Labels", "UMAP"),
        "4": translate("Labels", "×4"),
        "16": translate("Labels", "×16, in two stages"),
        "64": translate("Labels", "×64, in three stages"),
        "source": translate("Labels", "The image"),
        "earth": translate("Labels", "Blue Marble"),
        "crop": translate("Labels", "The middle of each is kept"),
        "average": translate("Labels", "Averaged at each step"),
        "xyz": translate("Labels", "A folder (XYZ)"),
        "mbtiles": translate("Labels", "MBTiles"),
        "add": translate("Labels", "Objects come"),
        "remove": translate("Labels", "Objects go"),
        "mix": translate("Labels", "Objects come and go"),
        "swap": translate("Labels", "Land cover becomes another"),
        "event.instances": translate("Labels", "Numbered objects go"),
        "change": translate("Labels", "Make change pairs"),
        "fast": translate("Labels", "fast on a CPU"),
        "medium": translate("Labels", "a few seconds on a CPU"),
        "slow": translate("Labels", "slow on a CPU, wants a GPU"),
        "core": translate("Labels", "Core"),
        "full": translate("Labels", "Full"),
        "accepted": translate("Labels", "Waiting"),
        "running": translate("Labels", "Running"),
        "successful": translate("Labels", "Done"),
        "failed": translate("Labels", "Failed"),
        "dismissed": translate("Labels", "Cancelled"),
        "segment": translate("Labels", "Segment"),
        "ground": translate("Labels", "Ground"),
        "embed": translate("Labels", "Embed"),
        "compare": translate("Labels", "Compare two dates"),
        "detector": translate("Labels", "A trained network"),
        "segments": translate("Labels", "Matched segments"),
        "distance": translate("Labels", "Distance of embeddings"),
        "any": translate("Labels", "Any change"),
        "building": translate("Labels", "Buildings that come or go"),
        "match": translate("Labels", "Brought together"),
        "generate": translate("Labels", "Generate"),
        "download": translate("Labels", "Download"),
        "import": translate("Labels", "Import"),
    }


def file_size(size: int) -> str:
    """Return bytes as `12 MB`."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def area(square_metres: float) -> str:
    """Return an area in the unit a person would use."""
    if square_metres >= 1_000_000:
        return f"{square_metres / 1_000_000:.2f} km²"
    if square_metres >= 20_000:
        return f"{square_metres / 10_000:.2f} ha"
    return f"{square_metres:.1f} m²"
