"""Chinese phrases word for word: the lexicon's longest words, and its frames such as 有没有X around them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEXICON = Path(__file__).with_name("lexicon.json")
DEEPEST = 6
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f'/-]+")
SLOT = re.compile(r"[XY]")


@dataclass(frozen=True)
class Lexicon:
    """The field's words.

    Attributes:
        terms: Chinese noun to English noun.
        words: every word that has a meaning here, nouns and modifiers too; "" for words English does without.
        frames: the literal parts around the slots, and the English with its slots.
        simplified: traditional characters to simplified ones, for `str.translate`.
    """

    terms: dict[str, str]
    words: dict[str, str]
    frames: tuple[tuple[tuple[str, ...], str], ...]
    simplified: dict[int, str]


@dataclass(frozen=True)
class Reading:
    """What a Chinese phrase says, and the parts of it that nothing is known about."""

    english: str
    unknown: tuple[str, ...] = ()
    pieces: int = 1

    @property
    def cost(self) -> tuple[int, int]:
        """Return what makes a reading worse: unknown characters first, then the number of pieces."""
        return sum(len(part) for part in self.unknown), self.pieces


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that ships."""
    data = json.loads(LEXICON.read_text(encoding="utf-8"))
    terms = {word: english for group in data["terms"].values() for word, english in group.items()}
    frames = tuple((tuple(SLOT.split(pattern)), english) for pattern, english in data["frames"])
    pairs = data["traditional"]
    simplified = {ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)}
    return Lexicon(terms, terms | data["modifiers"] | data["words"], frames, simplified)


def read(phrase: str) -> Reading:
    """Return the reading of `phrase` with the fewest unknown characters, then with the fewest pieces."""
    plain = unicodedata.normalize("NFKC", phrase).translate(lexicon().simplified)
    kept = "".join(c if HAN.match(c) or LATIN.match(c) or c == "、" else " " for c in plain)
    found = _best(" ".join(kept.split()), 0, {})
    return Reading(" ".join(found.english.split()), _together(found.unknown, plain), found.pieces)


def _together(unknown: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the unknown characters with neighbours joined, as they stand in `text`."""
    if not unknown:
        return ()
    marks = "|".join(sorted({re.escape(part) for part in unknown}))
    return tuple(m.group() for m in re.finditer(f"(?:{marks})+", text))


def _best(text: str, depth: int, known: dict[tuple[str, int], Reading]) -> Reading:
    if (text, depth) not in known:
        whole = lexicon().words.get(text)
        readings = [_words(text)] if whole is None else [Reading(whole)]
        if whole is None and depth < DEEPEST:
            readings = [r for frame in lexicon().frames for r in _framed(text, *frame, depth, known)] + readings
        known[text, depth] = min(readings, key=lambda reading: reading.cost)
    return known[text, depth]


def _framed(
    text: str, literals: tuple[str, ...], english: str, depth: int, known: dict[tuple[str, int], Reading]
) -> list[Reading]:
    """Return the readings of `text` as a frame whose slots are read in turn."""
    first, last = literals[0], literals[-1]
    inner = text[len(first) : len(text) - len(last)]
    if not (text.startswith(first) and text.endswith(last)) or len(first) + len(last) >= len(text):
        return []
    splits = [(inner,)] if len(literals) == 2 else _splits(inner, literals[1])
    found = []
    for slots in splits:
        readings = [_best(slot.strip(), depth + 1, known) for slot in slots]
        filled = _filled(english, [reading.english for reading in readings])
        unknown = tuple(part for reading in readings for part in reading.unknown)
        found.append(Reading(filled, unknown, 1 + sum(reading.pieces for reading in readings)))
    return found


def _filled(english: str, slots: list[str]) -> str:
    said = dict(zip("XY", slots, strict=False))
    return SLOT.sub(lambda slot: said[slot.group()], english)


def _splits(text: str, literal: str) -> list[tuple[str, ...]]:
    starts = [m.start() for m in re.finditer(f"(?={re.escape(literal)})", text)]
    pairs = [(text[:start], text[start + len(literal) :]) for start in starts]
    return [pair for pair in pairs if pair[0].strip() and pair[1].strip()]


def _words(text: str) -> Reading:
    """Return `text` cut into words, from its end to its start; the longest word wins where costs are equal."""
    words = lexicon().words
    longest = max(map(len, words))
    best = [Reading("", (), 0)] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        latin = LATIN.match(text, start)
        if latin or text[start] == " ":
            end = latin.end() if latin else start + 1
            best[start] = _joined(text[start:end], (), best[end])
            continue
        ends = [end for end in range(min(len(text), start + longest), start, -1) if text[start:end] in words]
        options = [_joined(words[text[start:end]], (), best[end]) for end in ends]
        options.append(_joined("", (text[start],), best[start + 1]))
        best[start] = min(options, key=lambda reading: reading.cost)
    return best[0]


def _joined(english: str, unknown: tuple[str, ...], rest: Reading) -> Reading:
    return Reading(f"{english} {rest.english}", (*unknown, *rest.unknown), 1 + rest.pieces)
