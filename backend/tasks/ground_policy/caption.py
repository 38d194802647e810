"""A caption from what covers the view: ranked phrases with shares and confidence, as a sentence in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .chinese import lexicon

MAIN, TRACE = 0.5, 0.02
SURE, UNSURE = 0.75, 0.5
MOST = 5


@dataclass(frozen=True)
class Share:
    """A phrase, the share of the view it covers (0 to 1), and the mean confidence there (0 to 1)."""

    phrase: str
    share: float
    confidence: float


@dataclass(frozen=True)
class Caption:
    """The sentence in English and in Chinese."""

    english: str
    chinese: str


def caption(shares: Sequence[Share]) -> Caption:
    """Return what the view shows, largest first, at most five phrases; a guess is called one."""
    ranked = sorted((one for one in shares if one.share > 0), key=lambda one: (-one.share, one.phrase))[:MOST]
    if not ranked:
        return Caption("None of the phrases names what is seen here.", "所给词语均与此处地物不符。")
    return Caption(_english(ranked), _chinese(ranked))


def to_chinese(phrase: str) -> str:
    """Return the lexicon's Chinese for an English phrase, or the phrase itself where it has none."""
    plain = phrase.strip().lower()
    return next((chinese for chinese, english in lexicon().words.items() if english and english == plain), phrase)


def _english(ranked: list[Share]) -> str:
    first, rest = ranked[0], ranked[1:]
    large = [_with_share(one) for one in rest if one.share >= TRACE]
    small = [one.phrase for one in rest if one.share < TRACE]
    text = ("mostly " if first.share >= MAIN else "") + _with_share(first)
    text += f", with {_listed(large, ' and ')}" if large else ""
    text += f"; traces of {_listed(small, ' and ')}" if small else ""
    mean = _confidence(ranked)
    hedge = "" if mean >= SURE else "probably " if mean >= UNSURE else "perhaps "
    return (hedge + text)[0].upper() + (hedge + text)[1:] + "."


def _chinese(ranked: list[Share]) -> str:
    first, rest = ranked[0], ranked[1:]
    large = [f"{to_chinese(one.phrase)}（{_percent(one.share)}）" for one in rest if one.share >= TRACE]
    small = [to_chinese(one.phrase) for one in rest if one.share < TRACE]
    name = to_chinese(first.phrase)
    text = f"以{name}为主（{_percent(first.share)}）" if first.share >= MAIN else f"有{name}（{_percent(first.share)}）"
    text += f"，另有{'、'.join(large)}" if large else ""
    text += f"；少量{'、'.join(small)}" if small else ""
    mean = _confidence(ranked)
    return ("" if mean >= SURE else "可能" if mean >= UNSURE else "或许") + text + "。"


def _confidence(ranked: list[Share]) -> float:
    """Return the mean confidence of the view's pixels that a phrase names."""
    return sum(one.share * one.confidence for one in ranked) / sum(one.share for one in ranked)


def _with_share(one: Share) -> str:
    return f"{one.phrase} ({_percent(one.share)})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + last + parts[-1]
