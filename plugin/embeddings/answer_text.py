"""What the map shows and what is still missing, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.asks import AskInfo, ClassesAnswer, HeatAnswer
from ..gui import labels
from ..gui.embeddings_ask import CLASSES, PHRASE


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Attributes:
        mode: of `gui.embeddings_ask.MODES`.
        info: the embeddings that are open, None for none.
        seen: whether the map shows any of them.
        shown: how many examples there are; `beside` of them lie elsewhere.
        saved: the name of the classifier that is applied, empty for none.
    """

    mode: str
    info: Optional[AskInfo]
    seen: bool
    shown: int = 0
    beside: int = 0
    saved: str = ""


def answer_text(asked: Asked, heat: Optional[HeatAnswer], classes: Optional[ClassesAnswer]) -> str:
    """Return the sentence; the answer that lies over the map is one of the two, or neither."""
    translate = QCoreApplication.translate
    if asked.info is None:
        return translate("AnswerText", "Open embeddings first.")
    if not asked.seen:
        return translate("AnswerText", "The map does not show these embeddings; zoom to them.")
    if heat is not None:
        took = translate("AnswerText", "Scores {low} to {high}, answered in {time} ms.")
        said = took.format(low=f"{heat.low:.2f}", high=f"{heat.high:.2f}", time=round(heat.milliseconds))
        parts = [said, labels.text(heat.notice)]
    elif classes is not None:
        took = translate("AnswerText", "Learnt and answered in {time} ms.")
        parts = [took.format(time=round(classes.milliseconds)), labels.text(classes.notice)]
        if asked.saved:
            parts.append(translate("AnswerText", "Saved classifier: {name}.").format(name=asked.saved))
    else:
        parts = [_missing(asked, asked.info)]
    if asked.beside:
        beside = translate("AnswerText", "Examples beside these embeddings, which do not count: {count}.")
        parts.append(beside.format(count=asked.beside))
    return " ".join(part for part in parts if part)


def accuracy_text(classes: Optional[ClassesAnswer]) -> str:
    """Return how well classes are told apart, nothing where that is not known."""
    if classes is None or classes.accuracy < 0:
        return ""
    text = QCoreApplication.translate("AnswerText", "Cross-validated accuracy {share} on {count} vectors")
    return text.format(share=f"{classes.accuracy:.0%}", count=sum(classes.examples))


def _missing(asked: Asked, info: AskInfo) -> str:
    translate = QCoreApplication.translate
    if asked.mode == PHRASE:
        if not info.phrases:
            return labels.text(info.notice)
        return translate("AnswerText", "Write a phrase and press Enter.")
    if asked.mode == CLASSES:
        return translate("AnswerText", "Show examples of two classes: choose one in the list, then click on the map.")
    if asked.shown:
        return translate("AnswerText", "Show a place that is wanted, too.")
    return translate("AnswerText", "Click on the map what you look for.")
