"""Files that stay as they were opened, or are said to have changed."""

from __future__ import annotations

from pathlib import Path

from backend.errors import BadInput
from backend.geo.access import file_state
from backend.protocol import codes


class Unchanged:
    """The files of one source.

    Attributes:
        fingerprint: tells their content from any other; hashable.
    """

    def __init__(self, *paths: Path) -> None:
        """Remember `paths` as they are now. Raises BadInput (SOURCE_MISSING)."""
        self._paths = paths
        self.fingerprint: tuple[object, ...] = self._now()

    def check(self) -> None:
        """Raise BadInput where one is not as it was: SOURCE_CHANGED, or SOURCE_MISSING where it is gone."""
        if self._now() != self.fingerprint:
            detail = f"{self._paths[0].name!r} was changed while it was in use; open it again."
            raise BadInput(codes.SOURCE_CHANGED, detail)

    def _now(self) -> tuple[object, ...]:
        try:
            return tuple((str(path), file_state(path)) for path in self._paths)
        except OSError as error:
            detail = f"{self._paths[0].name!r} is not there, or was moved while it was in use; choose it again."
            raise BadInput(codes.SOURCE_MISSING, detail) from error
