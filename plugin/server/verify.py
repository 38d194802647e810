"""Proves an environment by a real forward pass, in the child, never in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

from . import failures, process
from .process import Feedback

PROBE = "probe.py"
"""The name an environment keeps its own proof under."""


def check(python: Path, probe: Path, feedback: Feedback) -> Dict[str, Any]:
    """Run the script `probe` with the interpreter `python` and return the facts it prints as JSON on its last line.

    Raises:
        ServerError: it failed; a library that cannot be loaded, a missing package, a blocked program.
    """
    output = process.run([str(python), "-s", str(probe)], feedback)
    try:
        facts = json.loads(output.splitlines()[-1])
    except (ValueError, IndexError):
        raise failures.explain(output) from None
    return dict(facts)
