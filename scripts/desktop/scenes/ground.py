"""Phrases on real imagery with Mini: objects, filter, heat map, an object refined, class map with legend and shares."""

import acts
import grounding
from qgis.core import QgsProject
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QSlider, QTextBrowser

THING, COVER = "road", "tree; grass; bare soil"


def play(stage):
    """Search twice; leave layers, a project and pictures."""
    data = stage.root / "build/data"
    image = acts.load(data / "forest_road.png", "Forest road (NEON, MIT)")
    yield from acts.settled(stage)
    yield from acts.open_panel(stage)
    stage.plugin.dock.show_page(stage.plugin.ground_page)
    acts.look_at(stage, image, 600, 520, 1100)
    yield from acts.drawn(stage)
    stage.shot("1_page")
    yield from objects(stage, image)
    yield from filtered(stage)
    yield from refined(stage)
    yield from cover(stage, data)
    yield from narrow(stage)
    stage.check(QgsProject.instance().write(str(stage.out / "ground.qgz")), "the project was saved")


def objects(stage, image):
    """Objects in the view, in an image that has no georeference, and how relevant each place is."""
    yield from grounding.search(stage, image, THING, answer="instances")
    group = grounding.newest()
    layer = grounding.part(group, "instances")
    stage.check(layer is not None and layer.featureCount() > 0, f"{layer.featureCount()} objects for “{THING}”")
    grounding.expand(group)
    yield from acts.drawn(stage)
    stage.shot("2_objects")
    box = stage.plugin.ground_page.results.findChild(QCheckBox, "relevance")
    box.click()
    yield from acts.drawn(stage)
    stage.shot("3_relevance")
    box.click()
    yield from acts.drawn(stage)


def filtered(stage):
    """The slider goes up and back; how long the main thread was away, then and at rest."""
    slider = stage.plugin.ground_page.results.findChild(QSlider, "leastScore")
    at_rest = yield from longest_stall(stage, lambda _value: None)
    moving = yield from longest_stall(stage, slider.setValue)
    stage.note(f"the main thread was away at most {moving:.0f} ms while the slider moved, {at_rest:.0f} ms at rest")
    yield from acts.drawn(stage)
    stage.shot("4_filtered")
    shown = stage.plugin.ground_page.results.findChild(QTextBrowser, "groundAnswer").toPlainText()
    slider.setValue(50)
    yield from acts.drawn(stage)
    again = stage.plugin.ground_page.results.findChild(QTextBrowser, "groundAnswer").toPlainText()
    stage.check(table(shown)[-2:] != table(again)[-2:], f"the table followed the score: {table(shown)}, {table(again)}")


def table(text):
    """Return the first row of the answer's table as it is read."""
    lines = text.splitlines()
    return lines[lines.index(next(line for line in lines if line.endswith(THING))) :][:5]


def longest_stall(stage, act):
    """Return the longest time the main thread did not answer while `act` was given one score after another."""
    stage.watch_stalls(True)
    for value in range(50, 81, 2):
        act(value)
        yield 60
    stage.watch_stalls(False)
    return stage.longest_stall_ms


def refined(stage):
    """An object taken over by the segment tool, and accepted in its place."""
    layer = grounding.part(grounding.newest(), "instances")
    before = {feature["id"]: feature.geometry().asWkt(1) for feature in layer.getFeatures()}
    name = max(layer.getFeatures(), key=lambda feature: feature["area_m2"] or feature.geometry().area())["id"]
    stage.plugin.ground_page.results.refine_asked.emit(name)

    def answered():
        return stage.plugin.session.answer is not None and not stage.plugin.session.busy

    yield answered
    yield from acts.drawn(stage)
    stage.shot("5_refine")
    stage.plugin.segment_page.accept_asked.emit()

    def replaced():
        return layer.isEditable() and layer.undoStack().count() == 1

    yield replaced
    after = {feature["id"]: feature.geometry().asWkt(1) for feature in layer.getFeatures()}
    changed = [key for key in before if before[key] != after.get(key)]
    stage.check(changed == [name] and len(after) == len(before), "the refined object has another shape, no other has")
    layer.rollBack()
    stage.plugin.segment_page.set_tool_active(False)
    stage.plugin.dock.show_page(stage.plugin.ground_page)


def cover(stage, data):
    """A class map of a whole image, with legend and areas."""
    stage.iface.setActiveLayer(stage.plugin.ground_page.source.currentLayer())  # QGIS adds the next one above it
    image = acts.load(data / "forest.tif", "Forest (NEON, MIT)")
    acts.hide_others(image)
    acts.look_at(stage, image, 200, 200, 440)
    yield from acts.drawn(stage)
    yield from grounding.search(stage, image, COVER, answer="classmap", area="layer")
    group = grounding.newest()
    classes = grounding.part(group, "classes")
    legend = [entry.label for entry in classes.renderer().classes()]
    stage.check(legend == COVER.split("; "), f"the legend says {', '.join(legend)}")
    phrases = stage.plugin.ground.results.shelf.run.answer.phrases
    stage.note("the forest is " + ", ".join(f"{one.share:.0%} {one.phrase}" for one in phrases))
    areas = [one.area_m2 for one in phrases]
    stage.check(0 < sum(areas) <= 1700, f"{sum(areas):.0f} m² of 1600 have a phrase")
    grounding.expand(group)
    yield from acts.drawn(stage)
    stage.shot("6_class_map")
    combo = stage.plugin.ground_page.results.findChild(QComboBox, "groundRuns")
    stage.check(combo.count() == 2, "both results can be looked at again")


def narrow(stage):
    """The panel as narrow as it goes: everything is there, nothing is cut off."""
    dock, page = stage.plugin.dock, stage.plugin.ground_page
    stage.iface.mainWindow().resizeDocks([dock], [320], Qt.Orientation.Horizontal)
    for name, collapsed in (("groundDetails", False), ("groundReading", False)):
        page.findChild(QgsCollapsibleGroupBox, name).setCollapsed(collapsed)
    yield 500
    area = page.parent().parent()
    stage.check(dock.width() <= 330, f"the panel is {dock.width()} pixels wide")
    stage.check(page.width() <= area.viewport().width(), "nothing of the page is cut off")
    area.verticalScrollBar().setValue(0)
    yield 300
    stage.shot("7_narrow")
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    yield 300
    stage.shot("8_narrow_below")
