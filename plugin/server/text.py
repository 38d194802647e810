"""Translation without Qt: the plugin puts Qt's translator here, a command line leaves the English text."""

from __future__ import annotations

from typing import Callable, List

_translators: List[Callable[[str, str], str]] = []


def use_translator(function: Callable[[str, str], str]) -> None:
    """Translate from now on with `function(context, text)`, for example `QCoreApplication.translate`."""
    _translators[:] = [function]


def use_english() -> None:
    """Give the texts back as they are written."""
    _translators.clear()


def translate(context: str, text: str) -> str:
    """Return `text` in the user's language; named so that Qt's tools collect the texts."""
    return _translators[0](context, text) if _translators else text


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text of a table for translation; it is translated where it is shown."""
    return text
