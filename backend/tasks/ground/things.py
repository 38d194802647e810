"""Things and stuff: whether a phrase names what can be counted (houses) or what covers the ground (water)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

THINGS = (
    "building", "house", "roof", "car", "truck", "bus", "airplane", "ship", "boat", "tree", "palm tree", "storage tank",
    "swimming pool", "tennis court", "solar panel", "shed", "container", "tent", "bridge", "tower", "greenhouse",
    "train", "silo", "chimney", "warehouse", "factory", "pier", "dock", "fountain", "statue", "roundabout", "haystack",
    "animal", "cow", "person", "boulder", "church", "vehicle", "manhole", "crane", "aircraft", "court", "gas station",
)  # fmt: skip
STUFF = (
    "water", "sea", "river", "lake", "road", "street", "railway", "forest", "woodland", "vegetation", "grass", "meadow",
    "crops", "farmland", "field", "bare land", "bare soil", "sand", "beach", "desert", "snow", "rock", "pavement",
    "wetland", "flooded area", "shadow", "residential area", "industrial area", "land", "mud", "vineyard", "orchard",
    "plantation", "shrubs", "ice", "marsh", "gravel", "path", "runway", "garden", "smoke", "clouds", "canal", "moss",
    "hedge",
)  # fmt: skip


def are_things(phrase: str) -> bool:
    """Return whether `phrase`, in English, is nearer to things than to stuff; True where nothing here reads text."""
    from backend.models.mini_graphs import FOLDER
    from backend.models.mini_text import TextTower

    if not (FOLDER / "text.json").is_file():
        return True
    vector = TextTower(FOLDER)([phrase])[0]
    things, stuff = _known()
    return bool((things @ vector).max() >= (stuff @ vector).max())


@lru_cache(maxsize=1)
def _known() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from backend.models.mini_graphs import FOLDER
    from backend.models.mini_text import TextTower

    tower = TextTower(FOLDER)
    return tower(list(THINGS)), tower(list(STUFF))
