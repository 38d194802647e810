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
    """What is asked.

    Attributes:
        shown: the names of the bands; an example's comes last and has a name only.
        asked: for each phrase the first word the model reads, which says what kind of thing it names.
        granularity: how closely to look.
        synonyms: for each phrase all its words, of which the best counts.
    """

    shown: tuple[str, ...]
    asked: tuple[str, ...]
    granularity: str
    synonyms: tuple[tuple[str, ...], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Return what the model reads: every phrase's words, one after another."""
        return tuple(word for words in self.synonyms for word in words)

    @property
    def owners(self) -> tuple[int, ...]:
        """Return for each of `words` the number of its phrase."""
        return tuple(number for number, words in enumerate(self.synonyms) for _ in words)


def read_question(parameters: GroundParameters) -> Question:
    """Return the question of a request. Raises BadInput (PROMPT_INVALID) as `split_phrases` and `in_english`."""
    only_example = parameters.example and not parameters.phrases.strip()
    shown = () if only_example else split_phrases(parameters.phrases)
    synonyms = in_english(shown)
    chosen = parameters.granularity
    closest = closeness(shown) if chosen == AUTO else chosen
    named = {name: words for name, words in zip(shown, synonyms, strict=True) if words}
    if shown and not named:
        named = {name: (name,) for name in LAND_COVER}
    example = (NAME,) if parameters.example else ()
    asked = tuple(words[0] for words in named.values())
    return Question((*named, *example), asked, closest, tuple(named.values()))


def closeness(phrases: Sequence[str]) -> str:
    """Return the closest granularity that any of the phrases calls for; `pixel` where nothing here can tell."""
    from backend.models.mini_graphs import FOLDER
    from backend.models.mini_text import TextTower

    if not phrases or not FILE.is_file() or not (FOLDER / "text.json").is_file():
        return PIXEL if not phrases else REGION
    tower, head = TextTower(FOLDER), load_head()
    found = [granularity(phrase, tower, head).name for phrase in phrases]
    return max(found, key=GRANULARITIES.index)
