"""How the objects of phrases look: a colour a phrase in a dark casing, labelled, filtered by score."""

from __future__ import annotations

from typing import Sequence

from qgis.core import QgsExpression as Expression
from qgis.core import (
    QgsFillSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ...backend.protocol.ground import RankedPhrase
from .score_filter import SHOWN
from .styles import cased, label_format

LABEL = '"label" || \' \' || format_number("score", 2)'
LABELS_FROM = 25_000
"""Labels are drawn at this scale and larger ones."""
FILL_ALPHA = 60


def apply_phrase_style(layer: QgsVectorLayer, phrases: Sequence[RankedPhrase]) -> None:
    """Give a layer of objects with the fields `label` and `score` its look: a rule a phrase."""
    layer.setRenderer(phrase_renderer(phrases))
    layer.setLabeling(QgsVectorLayerSimpleLabeling(_labels()))
    layer.setLabelsEnabled(True)


def phrase_renderer(phrases: Sequence[RankedPhrase]) -> QgsRuleBasedRenderer:
    """Return the rules; the legend shows a line a phrase."""
    root = QgsRuleBasedRenderer.Rule(None)
    for one in sorted(phrases, key=lambda one: one.index):
        wanted = f'"label" = {Expression.quotedString(one.phrase)} AND {SHOWN}'
        root.appendChild(QgsRuleBasedRenderer.Rule(_symbol(QColor(one.colour)), 0, 0, wanted, one.phrase))
    return QgsRuleBasedRenderer(root)


def _symbol(color: QColor) -> QgsFillSymbol:
    inside = QColor(color)
    inside.setAlpha(FILL_ALPHA)
    return cased(color, 0.6, inside)


def _labels() -> QgsPalLayerSettings:
    settings = QgsPalLayerSettings()
    settings.fieldName, settings.isExpression = LABEL, True
    settings.scaleVisibility, settings.minimumScale = True, LABELS_FROM
    settings.setFormat(label_format())
    shown = settings.dataDefinedProperties()
    shown.setProperty(QgsPalLayerSettings.Property.Show, QgsProperty.fromExpression(SHOWN))
    settings.setDataDefinedProperties(shown)
    return settings
