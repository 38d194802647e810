"""The features a compressor learns from: chips of every date, embedded by every embedder, through `embed --chips`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from backend.__main__ import main as backend


def make_features(
    images: Sequence[Path], models: Sequence[str], size: int, stride: int | None, folder: Path
) -> list[Path]:
    """Return a file of vectors for each model and image, models first, dates as given; those there stay as they are.

    Ends the command where `embed` says that something cannot be done.
    """
    folder.mkdir(exist_ok=True)
    made = []
    for model in models:
        for number, image in enumerate(images):
            out = folder / f"{model}-{number}-{image.stem}-{size}-{stride or size}.parquet"
            if not out.exists():
                words = ["embed", str(image), "--model", model, "--chips", str(out)]
                code = backend([*words, "--size", str(size), "--stride", str(stride or size)])
                if code:
                    sys.exit(code)
            made.append(out)
    return made
