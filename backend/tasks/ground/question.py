"""What a request asks: the phrases as written, what the model is asked for each, and how closely to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.protocol.ground import GRANULARITIES, PIXEL, REGION
from backend.tasks.ground_policy.granularity import FILE, granularity, load_head

from .example import NAME
from .parameters import AUTO, GroundParameters
from .phrases import in_english, split_phrases

LAND_COVER = ("building", "road", "vegetation", "tree", "water", "bare land")
"""What a question about the view as a whole is answered with, such as 'describe this image'."""


@dataclass(frozen=True)
class Question:
    """`shown` are the names of the bands, `asked` what the model reads; an example's band has a name only."""

    shown: tuple[str, ...]
    asked: tuple[str, ...]
    granularity: str


def read_question(parameters: GroundParameters) -> Question:
    """Return the question of a request. Raises BadInput (PROMPT_INVALID) as `split_phrases` and `in_english`."""
    only_example = parameters.example and not parameters.phrases.strip()
    shown = () if only_example else split_phrases(parameters.phrases)
    asked = in_english(shown)
    chosen = parameters.granularity
    closest = closeness(shown) if chosen == AUTO else chosen
    named = {name: text for name, text in zip(shown, asked, strict=True) if text}
    if shown and not named:
        named = {name: name for name in LAND_COVER}
    example = (NAME,) if parameters.example else ()
    return Question((*named, *example), tuple(named.values()), closest)


def closeness(phrases: Sequence[str]) -> str:
    """Return the closest granularity that any of the phrases calls for; `pixel` where nothing here can tell."""
    from backend.models.mini_graphs import FOLDER
    from backend.models.mini_text import TextTower

    if not phrases or not FILE.is_file() or not (FOLDER / "text.json").is_file():
        return PIXEL if not phrases else REGION
    tower, head = TextTower(FOLDER), load_head()
    found = [granularity(phrase, tower, head).name for phrase in phrases]
    return max(found, key=GRANULARITIES.index)
