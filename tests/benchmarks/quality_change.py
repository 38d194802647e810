"""Change: pairs that are made of held-out places, and who finds change in real pairs.

    python tests/benchmarks/quality.py --data ../shared/data --model mini --split held --figures change \
        [--levir DIR] [--painter mini-painter] [--change-head FOLDER] [--limit N]
"""

from __future__ import annotations

from tests.benchmarks import quality_change_detect, quality_change_pairs


def measure(model, args) -> dict:
    """Return both figures."""
    pairs = {} if args.painter == "none" else {"pairs": quality_change_pairs.measure(model, args)}
    return pairs | quality_change_detect.measure(model, args)
