"""`run.json` of a `locate` run: of files their names only, never paths."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.models.location import LocationEncoder
from backend.tasks.record import FORMAT, utc_now

from .points import DEGREES
from .question import Question


def locate_record(
    question: Question,
    encoder: LocationEncoder,
    model: Mapping[str, Any],
    said: Mapping[str, Any],
    timings: Mapping[str, float],
    outputs: Mapping[Path, str],
    started: str,
) -> dict[str, Any]:
    """Return the record of one run: `timings` are seconds, `outputs` files with their sha256."""
    about = dict(model)
    return {
        "format": FORMAT,
        "task": "locate",
        "device": about.pop("device", ""),
        "dtype": about.pop("dtype", ""),
        "model": about,
        "parameters": parameters_of(question, encoder),
        "seed": None,
        "source": {"name": question.points.name, "count": len(question.points.places)} if question.points else None,
        "score": said.get("score"),
        "timings": {name: round(seconds, 4) for name, seconds in timings.items()},
        "outputs": [{"name": path.name, "sha256": sha256} for path, sha256 in outputs.items()],
        "started": started,
        "created": utc_now(),
    }


def parameters_of(question: Question, encoder: LocationEncoder) -> dict[str, Any]:
    """Return what was asked, without what was left out; of files the names only."""
    asked: dict[str, Any] = {
        "degrees": getattr(encoder, "degrees", None),
        "extent": question.extent,
        "step": question.step if question.extent else None,
        "crs": DEGREES,
        "like": question.like or None,
        "picture": question.picture.name if question.picture else None,
        "predict": question.predict or None,
        "estimator": question.estimator if question.predict else None,
        "classes": question.classes or None,
        "at": question.at.name if question.at else None,
        "within_km": question.within_km,
        "block_km": question.block_km,
        "folds_by": question.folds_by,
        "quantise": question.quantise or None,
    }
    return {name: value for name, value in asked.items() if value is not None}
