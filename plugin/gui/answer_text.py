"""A grounded answer as rich text: one sentence, the share of each phrase, a link to each object."""

from __future__ import annotations

from html import escape
from typing import List, Sequence

from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.ground import IMAGE, GroundedAnswer, GroundedItem, RankedPhrase
from . import labels

MOST_TOLD = 4
"""Phrases in a sentence; the table has them all."""
MOST_LINKS = 100
"""Objects listed; the attribute table has them all."""
OBJECT, REFINE, PLACE = "object:", "refine:", "place:"
"""What links begin with; an object's id follows, or the number of a place that was looked at closely."""


def answer_html(answer: GroundedAnswer) -> str:
    """Return the answer."""
    return "".join([f"<p>{escape(sentence(answer))}</p>", _table(answer), _looked(answer), _links(answer)])


def sentence(answer: GroundedAnswer) -> str:
    """Return what was found in one sentence."""
    translate = QCoreApplication.translate
    found = [one for one in answer.phrases if one.count or one.share > 0]
    if not found:
        best = max(answer.phrases, key=lambda one: one.best)
        text = translate("Answer", "Nothing was found. “{phrase}” came nearest, with a score of {score}.")
        return text.format(phrase=best.phrase, score=f"{best.best:.2f}")
    if answer.granularity == IMAGE:
        return _described(found, [one for one in answer.phrases if one not in found])
    if any(one.count for one in found):
        parts = [
            translate("Answer", "{count} × {phrase}").format(count=one.count, phrase=one.phrase)
            for one in found
            if one.count
        ]
        return translate("Answer", "Found: {objects}.").format(objects=", ".join(parts))
    parts = [f"{one.phrase} {one.share:.0%}" for one in found]
    return translate("Answer", "By area: {phrases}.").format(phrases=", ".join(parts))


def _described(found: Sequence[RankedPhrase], missing: Sequence[RankedPhrase]) -> str:
    """Return what a look from afar shows, as one would say it."""
    translate = QCoreApplication.translate
    form = translate("Answer", "{phrase} ({share}, confidence {score})")
    shown = [
        form.format(phrase=one.phrase, share=f"{one.share:.0%}", score=f"{one.confidence:.2f}")
        for one in found[:MOST_TOLD]
    ]
    said = [translate("Answer", "The area shows {phrases}.").format(phrases=", ".join(shown))]
    if missing:
        names = ", ".join(one.phrase for one in missing[:MOST_TOLD])
        said.append(translate("Answer", "Not found: {phrases}.").format(phrases=names))
    return " ".join(said)


def table_text(answer: GroundedAnswer) -> str:
    """Return the share table as text with tabs, for a spreadsheet."""
    rows = [_head(), *(_row(one) for one in answer.phrases)]
    return "\n".join("\t".join(row) for row in rows) + "\n"


def _table(answer: GroundedAnswer) -> str:
    rows = [_cells("th", "", _head())]
    for one in answer.phrases:
        rows.append(_cells("td", f"<span style='color:{escape(one.colour)}'>■</span> ", _row(one)))
    return f"<table cellpadding='2'>{''.join(rows)}</table>"


def _cells(tag: str, before: str, texts: List[str]) -> str:
    """Return a row of a table for a narrow panel: small; only the first text, a phrase, takes several lines."""
    phrase, *others = map(escape, texts)
    numbers = "".join(
        f"<{tag} align='left' style='white-space:nowrap'><small>{text}</small></{tag}>" for text in others
    )
    return f"<tr><{tag} align='left'><small>{before}{phrase}</small></{tag}>{numbers}</tr>"


def _head() -> List[str]:
    translate = QCoreApplication.translate
    return [
        translate("Answer", "Phrase"),
        translate("Answer", "Area"),
        translate("Answer", "Share"),
        translate("Answer", "Objects"),
        translate("Answer", "Score"),
    ]


def _row(one: RankedPhrase) -> List[str]:
    return [
        one.phrase,
        labels.area(one.area_m2) if one.area_m2 else "–",
        f"{one.share:.1%}",
        str(one.count) if one.count else "–",
        f"{one.confidence or one.best:.2f}",
    ]


def _looked(answer: GroundedAnswer) -> str:
    """Return how closely it was looked, and how much was read where that is not everything."""
    translate = QCoreApplication.translate
    parts = [translate("Answer", "Looked at: {how}.").format(how=labels.text(answer.granularity))]
    if 0 < answer.pixels_read < answer.pixels_naive:
        share = f"{answer.pixels_read / answer.pixels_naive:.0%}"
        parts.append(translate("Answer", "{share} of the pixels were read.").format(share=share))
    said = escape(" ".join(parts))
    if answer.looked:
        links = [f"<a href='{PLACE}{index}'>{index + 1}</a>" for index in range(len(answer.looked))]
        said = " ".join([said, escape(translate("Answer", "Most relevant:")), *links])
    return f"<p><small>{said}</small></p>"


def _links(answer: GroundedAnswer) -> str:
    shown = sum(one.count for one in answer.phrases)
    lines = [_link(item) for item in answer.items[:MOST_LINKS]]
    if lines and shown > len(lines):
        more = QCoreApplication.translate("Answer", "… and {count} more").format(count=shown - len(lines))
        lines.append(escape(more))
    return f"<p>{'<br>'.join(lines)}</p>" if lines else ""


def _link(item: GroundedItem) -> str:
    area = f" · {labels.area(item.area_m2)}" if item.area_m2 else ""
    refine = QCoreApplication.translate("Answer", "refine")
    name = escape(item.id)
    return (
        f"<a href='{OBJECT}{name}'>{escape(item.phrase)} {item.score:.2f}</a>{escape(area)} · "
        f"<a href='{REFINE}{name}'>{escape(refine)}</a>"
    )
