"""Embeddings of real imagery: false colour, likeness by clicks, classes from a few examples, a phrase, Sentinel-2."""

import acts
import embedding
from qgis.core import QgsProject
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt

LAS_VEGAS = "Las Vegas (SpaceNet, CC-BY-SA-4.0)"
ROOFS, NOT_ROOFS = ((86, 160), (288, 143), (430, 900)), ((604, 419), (552, 725))
"""Column and row of what is shown as wanted, and as not."""
CLASSES = (
    ("roof", "#e4572e", ((86, 160), (288, 143), (430, 900), (911, 425), (630, 820))),
    ("road", "#5b6c8f", ((172, 725), (552, 725), (1035, 725), (759, 920), (1035, 35))),
    ("open ground", "#d9b44a", ((966, 195), (604, 419), (1001, 592), (860, 600), (420, 560))),
    ("trees", "#4f8f3a", ((863, 903), (949, 954), (52, 74), (828, 954), (905, 925))),
)
PHRASE = "building"
MARSH = ((894, 880), (1089, 880), (1120, 1060), (1033, 1200), (900, 1060))
"""Corners of what is drawn around in the Sentinel-2 scene."""


def play(stage):
    """Compute, look, ask, keep; leave layers, a project and pictures."""
    data = stage.root / "build/data"
    image = acts.load(data / "las_vegas.tif", LAS_VEGAS)
    yield from acts.settled(stage)
    yield from acts.open_panel(stage)
    stage.plugin.dock.show_page(stage.plugin.embeddings_page)
    acts.look_at(stage, image, 650, 650, 1300)
    yield from acts.drawn(stage)
    stage.shot("1_page")
    yield from computed(stage, image)
    yield from alike(stage, image)
    yield from phrase(stage)
    yield from classes(stage, image)
    yield from sentinel(stage, data)
    yield from narrow(stage)
    stage.check(QgsProject.instance().write(str(stage.out / "embeddings.qgz")), "the project was saved")


def computed(stage, image):
    """The whole image becomes vectors, which are seen in false colour."""
    yield from embedding.compute(stage, image)
    yield from acts.drawn(stage)
    stage.shot("2_false_colour")
    group = embedding.newest()
    group.setItemVisibilityChecked(False)
    yield from acts.drawn(stage)


def alike(stage, image):
    """A roof is clicked, then what is no roof; the answer follows each click."""
    asking = stage.plugin.embeddings.asking
    embedding.fold(stage, "embeddingsCompute", True)
    stage.plugin.embeddings_page.ask.set_tool_active(True)
    times = []
    for column, row in ROOFS:
        took = yield from embedding.show(stage, image, column, row)
        times.append(took)
    stage.shot("3_one_kind")
    for column, row in NOT_ROOFS:
        took = yield from embedding.show(stage, image, column, row, button=3)
        times.append(took)
    stage.note("from click to picture " + ", ".join(f"{took:.0f}" for took in times) + " ms")
    stage.check(asking.overlay.heat is not None, "what is like the roofs lies over the map")
    yield 200
    stage.shot("4_click_heat")
    yield from embedding.keep(stage)
    yield from acts.drawn(stage)
    stage.shot("5_places")
    embedding.hide_results()


def phrase(stage):
    """The same place asked for in words."""
    yield from embedding.ask_phrase(stage, PHRASE)
    stage.check(stage.plugin.embeddings.asking.overlay.heat is not None, f"where “{PHRASE}” fits lies over the map")
    stage.shot("6_phrase_heat")


def classes(stage, image):
    """Five clicks a class."""
    page, asking = stage.plugin.embeddings_page, stage.plugin.embeddings.asking
    page.ask.set_mode("classes")
    page.ask.set_tool_active(True)
    yield from embedding.name_classes(stage, [(name, colour) for name, colour, _ in CLASSES])
    for (_name, _colour, places), row in zip(CLASSES, list(asking.showing.book.rows), strict=True):
        asking.showing.book.choose(row.id)
        for column, down in places:
            yield from embedding.show(stage, image, column, down, wait=False)

    def learnt():
        classes = asking.overlay.classes
        return classes is not None and len(classes.names) == len(CLASSES) and not asking.busy

    yield learnt
    said = asking.overlay.classes
    stage.note(f"{len(said.names)} classes learnt in {said.milliseconds:.0f} ms, accuracy {said.accuracy:.0%}")
    yield 300
    stage.shot("7_class_map")
    yield from embedding.keep(stage)
    embedding.expand()
    yield from acts.drawn(stage)
    stage.shot("8_classes_kept")
    page.ask.set_tool_active(False)


def sentinel(stage, data):
    """All thirteen bands of a whole Sentinel-2 scene."""
    path = data / "sentinel2.tif"
    if not path.exists():
        stage.note("no Sentinel-2 scene at hand")
        return
    root = QgsProject.instance().layerTreeRoot()
    root.setItemVisibilityCheckedRecursive(False)
    stage.iface.setActiveLayer(QgsProject.instance().mapLayersByName(LAS_VEGAS)[0])  # QGIS adds the next one above it
    image = acts.load(path, "Sentinel-2 (Copernicus, CC0)", bands=(4, 3, 2))
    root.setItemVisibilityChecked(True)
    acts.look_at(stage, image, image.width() / 2, image.height() / 2, 2100)
    yield from acts.drawn(stage)
    embedding.fold(stage, "embeddingsCompute", False)
    yield from embedding.compute(stage, image, embedding.bands_model(stage))
    yield from acts.drawn(stage)
    stage.shot("9_sentinel_false_colour")
    embedding.newest().setItemVisibilityChecked(False)
    embedding.fold(stage, "embeddingsCompute", True)
    stage.plugin.embeddings_page.ask.set_mode("similar")
    stage.plugin.embeddings_page.ask.overlay.set_shown(True)
    asking = stage.plugin.embeddings.asking
    asking.showing.examples["similar"].clear()
    stage.plugin.embeddings_page.ask.set_tool_active(True)
    took = yield from embedding.surround(stage, image, MARSH)
    stage.note(f"an area of marsh drawn around in the whole scene: {took:.0f} ms")
    stage.shot("10_sentinel_area")
    stage.plugin.embeddings_page.ask.set_tool_active(False)


def narrow(stage):
    """The panel as narrow as it goes: everything is there, nothing is cut off."""
    dock, page = stage.plugin.dock, stage.plugin.embeddings_page
    stage.iface.mainWindow().resizeDocks([dock], [320], Qt.Orientation.Horizontal)
    for name in ("embeddingsCompute", "embeddingsClusters", "embeddingsCompare"):
        page.findChild(QgsCollapsibleGroupBox, name).setCollapsed(False)
    page.ask.set_mode("classes")
    yield 500
    area = page.parent().parent()
    stage.check(dock.width() <= 330, f"the panel is {dock.width()} pixels wide")
    stage.check(page.width() <= area.viewport().width(), "nothing of the page is cut off")
    for number, share in enumerate((0.0, 0.5, 1.0), start=1):
        area.verticalScrollBar().setValue(round(share * area.verticalScrollBar().maximum()))
        yield 300
        stage.shot(f"11_narrow_{number}")
