"""What `toposcope:changepairs` and `toposcope:detectchange` share: the group and its help."""

from __future__ import annotations

from .embedding import EmbeddingAlgorithm
from .text import tr


class ChangeAlgorithm(EmbeddingAlgorithm):
    """A job about change."""

    def group(self) -> str:
        """Return the group's name."""
        return tr("Change")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "change"

    def help_page(self) -> str:
        """Return the file of the longer help; a translation names its own."""
        return tr("change.html")
