"""What goes wrong around the backend process: a stable code, a sentence, and what to do."""

from __future__ import annotations


class ServerError(Exception):
    """A failure a person may see. `code` is stable, `sentence` says what, `action` what to do about it."""

    def __init__(self, code: str, sentence: str, action: str = "") -> None:
        super().__init__(f"{sentence} {action}".strip())
        self.code = code
        self.sentence = sentence
        self.action = action


class InstallCancelled(ServerError):
    """The person cancelled; nothing was switched."""

    def __init__(self, sentence: str) -> None:
        super().__init__("cancelled", sentence)
