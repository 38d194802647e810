"""Results of the project looked at: one date or the other, both beside a line, and from which probability on."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Optional

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QTimer

from ..gis.change_groups import (
    DETECTION,
    LABELS,
    MASK,
    PROBABILITY,
    ChangeMark,
    change_groups,
    dates_of,
    mark,
    mark_of,
    parts,
    polygons_of,
    probability_of,
    show_layer,
)
from ..gis.change_maps import area_text, show_change_from
from ..gui.change_results import AFTER, BEFORE, SWIPE, ChangeResults
from ..map_tools.swipe import Side, Swipe


class LookController(QObject):
    """What the page's last part does; results are read from the layer tree, so that a project brings them back."""

    def __init__(self, canvas: QgsMapCanvas, widget: ChangeResults, parent: QObject) -> None:
        super().__init__(parent)
        self._widget = widget
        self._current, self._date, self._view = "", 1, AFTER
        self.swipe = Swipe(canvas, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show)
        self._connect()
        self._show()

    @property
    def group(self) -> Optional[QgsLayerTreeGroup]:
        """Return the group of the result that is looked at; ask anew each time, the user may remove it."""
        return next((group for group in change_groups() if mark_of(group).id == self._current), None)

    def look_at(self, group: QgsLayerTreeGroup) -> None:
        """Pick a result."""
        self._pick(mark_of(group).id)

    def end(self) -> None:
        """Take the line off the map."""
        self.swipe.end()

    def close(self) -> None:
        """Take everything off the map for good."""
        self._soon.stop()
        self.swipe.close()
        project = QgsProject.instance()
        for signal in self._signals():
            signal.disconnect(self._later)
        project.readProject.disconnect(self._later)

    def _connect(self) -> None:
        widget = self._widget
        for signal in self._signals():
            signal.connect(self._later)
        QgsProject.instance().readProject.connect(self._later)
        widget.picked.connect(self._pick)
        widget.view_asked.connect(self._on_view)
        widget.date_picked.connect(self._on_date)
        widget.least_rested.connect(self._on_least)
        widget.upright_toggled.connect(self.swipe.set_upright)
        self.swipe.ended.connect(self._on_ended)

    def _signals(self) -> List[object]:
        root = QgsProject.instance().layerTreeRoot()
        return [root.addedChildren, root.removedChildren, root.nameChanged, root.customPropertyChanged]

    def _later(self, *_what: object) -> None:
        self._soon.start(0)

    def _pick(self, result: str) -> None:
        if result != self._current:
            self.swipe.end()
            self._current, self._date, self._view = result, 1, AFTER
        self._show()

    def _show(self) -> None:
        groups = change_groups()
        if self.group is None:
            self.swipe.end()
            self._current = mark_of(groups[0]).id if groups else ""
            self._date, self._view = 1, AFTER
        self._widget.set_results([(mark_of(group).id, group.name()) for group in groups], self._current)
        group = self.group
        if group is None:
            return
        told = mark_of(group)
        dates = dates_of(group)
        self._widget.set_dates([layer.name() for layer in dates], self._date)
        self._widget.set_said(told.said)
        self._widget.set_least(told.least if told.kind == DETECTION else None)
        self._widget.set_areas([(start, end, area_text(area, pixels)) for start, end, area, pixels in told.areas])
        self._widget.show_view(self._view)

    def _on_view(self, view: str) -> None:
        group = self.group
        dates = [] if group is None else dates_of(group)
        if len(dates) < 2:
            return
        self._view = view
        before, after = dates[0], dates[min(self._date, len(dates) - 1)]
        for layer in dates:
            shown = {BEFORE: layer is before, AFTER: layer is after, SWIPE: layer in (before, after)}
            show_layer(layer, shown[view])
        if view == SWIPE:
            self._swipe(group, before, after)
        else:
            self.swipe.end()
        self._widget.show_view(view)

    def _swipe(self, group: QgsLayerTreeGroup, before: QgsMapLayer, after: QgsMapLayer) -> None:
        """Put the line between two dates; what is known of their change stays away, but for outlines."""
        names = before.name(), after.name()
        if mark_of(group).kind == DETECTION:
            outlines = tuple(layer.id() for layer in filter(None, [polygons_of(group)]))
            near, far = (Side(name, only=(*outlines, one.id())) for name, one in zip(names, (before, after)))
        else:
            covers = tuple(layer.id() for layer in parts(group, MASK, LABELS, PROBABILITY))
            near, far = (Side(name, without=(*covers, one.id())) for name, one in zip(names, (after, before)))
        self.swipe.begin(near, far)

    def _on_ended(self) -> None:
        if self._view == SWIPE:
            self._on_view(AFTER)

    def _on_date(self, number: int) -> None:
        self._date = number
        self._on_view(self._view)

    def _on_least(self, least: float) -> None:
        group = self.group
        if group is not None:
            show_change_from(probability_of(group), polygons_of(group), least)
            told: ChangeMark = mark_of(group)
            mark(group, replace(told, least=least))
