"""Phrases on real imagery with Mini: objects, heat map, filter, class map with legend and shares, an object refined."""

import acts
import grounding
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QSlider

ROOFS, COVER = "building; swimming pool", "road; forest"


def play(stage):
    """Search twice; leave layers, a project and pictures."""
    data = stage.root / "build/data"
    image = acts.load(data / "las_vegas.tif", "Las Vegas (SpaceNet, CC-BY-SA-4.0)")
    yield from acts.settled(stage)
    yield from acts.open_panel(stage)
    stage.plugin.dock.show_page(stage.plugin.ground_page)
    acts.look_at(stage, image, 640, 620, 640)
    yield from acts.drawn(stage)
    stage.shot("1_page")
    yield from roofs(stage, image)
    yield from refined(stage)
    yield from cover(stage, data)
    stage.check(QgsProject.instance().write(str(stage.out / "ground.qgz")), "the project was saved")


def roofs(stage, image):
    """Objects in the view, their scores, and how relevant each place is."""
    yield from grounding.search(stage, image, ROOFS, answer="instances")
    group = grounding.newest()
    objects = grounding.part(group, "instances")
    stage.check(objects is not None and objects.featureCount() > 0, f"{objects.featureCount()} objects for “{ROOFS}”")
    yield from acts.drawn(stage)
    stage.shot("2_objects")
    slider = stage.plugin.ground_page.results.findChild(QSlider, "leastScore")
    stage.watch_stalls(True)
    for value in range(50, 91, 2):
        slider.setValue(value)
        yield 60
    stage.watch_stalls(False)
    stage.note(f"while the slider moved the main thread was away at most {stage.longest_stall_ms:.0f} ms")
    yield from acts.drawn(stage)
    stage.shot("3_filtered")
    slider.setValue(50)
    stage.plugin.ground_page.results.findChild(QCheckBox, "relevance").click()
    yield from acts.drawn(stage)
    stage.shot("4_relevance")
    stage.plugin.ground_page.results.findChild(QCheckBox, "relevance").click()
    yield 200


def refined(stage):
    """An object taken over by the segment tool, and accepted in its place."""
    layer = grounding.part(grounding.newest(), "instances")
    before = {feature["id"]: feature.geometry().asWkt(1) for feature in layer.getFeatures()}
    name = max(layer.getFeatures(), key=lambda feature: feature["score"])["id"]
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
    """A class map of an image that has no georeference."""
    image = acts.load(data / "forest_road.png", "Forest road (NEON, MIT)")
    acts.hide_others(image)
    acts.look_at(stage, image, 600, 520, 1300)
    yield from acts.drawn(stage)
    yield from grounding.search(stage, image, COVER, answer="classmap", area="layer")
    group = grounding.newest()
    classes = grounding.part(group, "classes")
    legend = [entry.label for entry in classes.renderer().classes()]
    stage.check(legend == COVER.split("; "), f"the legend says {', '.join(legend)}")
    grounding.expand(group)
    yield from acts.drawn(stage)
    stage.shot("6_class_map")
    combo = stage.plugin.ground_page.results.findChild(QComboBox, "groundRuns")
    stage.check(combo.count() == 2, "both results can be looked at again")
