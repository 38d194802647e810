"""What the map shows and what is still missing, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.asks import AskInfo, ClassesAnswer
from ..gui import labels
from ..gui.embeddings_ask import CLASSES, PHRASE, SIMILAR

if TYPE_CHECKING:
    from .asking import AskController


def answer_text(asking: AskController, info: Optional[AskInfo], seen: bool) -> str:
    """Return the sentence.

    Args:
        asking: what is asked, and its newest answer.
        info: the embeddings that are open, None for none.
        seen: whether the map shows any of them.
    """
    translate, overlay = QCoreApplication.translate, asking.overlay
    if info is None:
        return translate("AnswerText", "Open embeddings first.")
    if not seen:
        return translate("AnswerText", "The map does not show these embeddings; zoom to them.")
    if overlay.heat is not None:
        took = translate("AnswerText", "Scores {low} to {high}, answered in {time} ms.")
        heat = overlay.heat
        said = took.format(low=f"{heat.low:.2f}", high=f"{heat.high:.2f}", time=round(heat.milliseconds))
        return " ".join(part for part in (said, labels.text(heat.notice), _beside(asking)) if part)
    if overlay.classes is not None:
        said = translate("AnswerText", "Learnt and answered in {time} ms.")
        parts = [said.format(time=round(overlay.classes.milliseconds)), labels.text(overlay.classes.notice)]
        parts.append(_beside(asking))
        if asking.saved_name:
            parts.append(translate("AnswerText", "Saved classifier: {name}.").format(name=asking.saved_name))
        return " ".join(part for part in parts if part)
    return " ".join(part for part in (_missing(asking, info), _beside(asking)) if part)


def accuracy_text(classes: Optional[ClassesAnswer]) -> str:
    """Return how well classes are told apart, nothing where that is not known."""
    if classes is None or classes.accuracy < 0:
        return ""
    text = QCoreApplication.translate("AnswerText", "Cross-validated accuracy {share} on {count} vectors")
    return text.format(share=f"{classes.accuracy:.0%}", count=sum(classes.examples))


def _beside(asking: AskController) -> str:
    """Return that examples lie elsewhere, where some do: they may be of other embeddings."""
    if not asking.beside:
        return ""
    text = QCoreApplication.translate("AnswerText", "{count} examples lie beside these embeddings and do not count.")
    return text.format(count=asking.beside)


def _missing(asking: AskController, info: AskInfo) -> str:
    translate = QCoreApplication.translate
    if asking.mode == PHRASE:
        if not info.phrases:
            return labels.text(info.notice)
        return translate("AnswerText", "Write a phrase and press Enter.")
    if asking.mode == CLASSES:
        return translate("AnswerText", "Show examples of two classes: choose one in the list, then click on the map.")
    if asking.mode == SIMILAR and asking.examples[SIMILAR].shown:
        return translate("AnswerText", "Show a place that is wanted, too.")
    return translate("AnswerText", "Click on the map what you look for.")
