"""The change painter as the backend runs it: one command.

    python -m backend.training.painter_export --run build/training/painter --out backend/weights/mini-painter

Two ONNX graphs, as the generator has.
"""

from __future__ import annotations

from backend.training.generator_export import run
from backend.training.painter import CONFIG

VELOCITY = "velocity"


def main() -> None:
    """Run the stage."""
    run(__doc__, CONFIG, VELOCITY)


if __name__ == "__main__":
    main()
