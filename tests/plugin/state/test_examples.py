"""Examples and the steps back and forth between them."""

import pytest

pytest.importorskip("qgis.core", reason="geometries are QGIS's")

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY
from toposcope.plugin.state.examples import UNWANTED, WANTED, Example, ExampleList


def example(kind=WANTED, x=0.0):
    return Example(kind, QgsGeometry.fromPointXY(QgsPointXY(x, 0)), QgsCoordinateReferenceSystem())


def test_each_step_is_taken_back_and_brought_back():
    shown = ExampleList()
    first, second, third = example(x=1), example(x=2), example(UNWANTED, 3)
    shown.add(first)
    shown.add(second, third)
    assert (shown.count(WANTED), shown.count(UNWANTED)) == (2, 1)
    shown.undo()
    assert shown.shown == (first,)
    shown.redo()
    assert shown.shown == (first, second, third)
    shown.clear()
    assert shown.shown == ()
    shown.undo()
    assert shown.shown == (first, second, third)


def test_a_new_step_ends_what_could_be_brought_back():
    shown = ExampleList()
    shown.add(example())
    shown.undo()
    shown.add(example(x=5))
    assert not shown.can_redo
    assert shown.can_undo


def test_nothing_to_clear_is_no_step():
    shown = ExampleList()
    shown.clear()
    assert not shown.can_undo


def test_one_kind_is_removed_in_one_step():
    shown = ExampleList()
    shown.add(example(), example(UNWANTED), example())
    shown.remove(WANTED)
    assert [one.kind for one in shown.shown] == [UNWANTED]
    shown.undo()
    assert len(shown.shown) == 3
