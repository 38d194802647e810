"""Failures of a search as a person sees them: where the general sentence speaks of clicks, one about phrases."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Tuple

from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol import codes
from ...backend.protocol.problem import Problem
from ..errors import WRONG, UserError, told_error


def ground_error(problem: Problem) -> UserError:
    """Return what to show."""
    error = told_error(problem, WRONG)
    sentence, action = _about_areas().get(problem.code, (error.sentence, error.action))
    return replace(error, sentence=sentence, action=action)


def _about_areas() -> Dict[str, Tuple[str, str]]:
    translate = QCoreApplication.translate
    return {
        codes.PROMPT_OUTSIDE: (
            translate("GroundErrors", "The area lies outside the image."),
            translate("GroundErrors", "Choose an area on the image."),
        ),
        codes.NO_VALID_PIXELS: (
            translate("GroundErrors", "The image has only nodata in this area."),
            translate("GroundErrors", "Choose an area where the image has data."),
        ),
        codes.SOURCE_CHANGED: (
            translate("GroundErrors", "The layer's file was changed while it was searched."),
            translate("GroundErrors", "Search again to use the new content."),
        ),
    }
