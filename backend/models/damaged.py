"""The error for weights that are not what they should be."""

from __future__ import annotations

from backend.errors import Unavailable
from backend.protocol import codes


def damaged(name: str, what: Exception | str) -> Unavailable:
    """Return WEIGHTS_MISMATCH for the weights called `name`, with the first line of `what` is wrong."""
    reason = str(what).splitlines()[0] if str(what) else "they are empty"
    detail = f"The weights of {name} cannot be used ({reason}); remove the model and install it again."
    return Unavailable(codes.WEIGHTS_MISMATCH, detail)
