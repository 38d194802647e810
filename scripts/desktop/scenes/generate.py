"""Generate: a part of real imagery painted finer, previewed first, compared with its source, marked as synthetic."""

import acts
from qgis.core import QgsContrastEnhancement, QgsProject, QgsRectangle
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QSpinBox, QToolButton
from qgis.utils import iface
from toposcope.plugin.gis.synthetic import is_synthetic
from toposcope.plugin.gui.area_picker import CANVAS, OUTLINE

SENTINEL = "Sentinel-2 (Copernicus, CC0)"
BLACK, WHITE = (390, 560, 880), (1250, 1300, 1600)
"""Numbers of red, green and blue: what QGIS cuts band by band makes marsh purple."""
COLUMN, ROW, SIDE = 1400, 120, 106
"""About the middle of what is shown, and how many pixels across: fields and marsh that no recipe has seen."""
WEST = 14
"""Pixels that the map lies west of where pieces meet, for the fields there."""
UNIT = 128
"""Pixels of the image that are finished together: where four of them meet, live tiles can be seen."""
STEPS, SEED = 8, 7
AROUND = ((-30, -22), (16, -32), (30, -4), (22, 28), (-28, 26))
"""Corners of what is drawn around, from the middle."""


ALPS = QgsRectangle(4, 42, 20, 50)


def play(stage):
    """Look at what would come of it, preview, generate, compare; leave layers, a project and pictures."""
    image = acts.load(stage.root / "build/data/sentinel2.tif", SENTINEL, bands=(4, 3, 2))
    yield from acts.settled(stage)
    yield from acts.open_panel(stage)
    page = stage.plugin.generate_page
    stage.plugin.dock.show_page(page)
    page.set_layer(image)
    natural(image)
    column, row = corner(image)
    acts.look_at(stage, image, column - WEST, row, SIDE)
    yield from acts.drawn(stage)
    page.findChild(QSpinBox, "steps").setValue(STEPS)
    page.findChild(QToolButton, "generateSeedDice").click()
    page.seed.set_value(SEED)
    yield 600
    stage.note("before the run: " + page.findChild(QLabel, "generateRegion").text().replace("\n", " | "))
    stage.shot("1_page")
    yield from previewed(stage, page)
    yield from drawn_around(stage, page, [acts.place(image, column + x, row + y) for x, y in AROUND])
    yield from generated(stage, page)
    yield from compared(stage, page)
    yield from narrow(stage, page)
    yield from on_earth(stage, page)
    stage.check(QgsProject.instance().write(str(stage.out / "generate.qgz")), "the project was saved")


def natural(image):
    """Show colours as an eye would see them."""
    renderer = image.renderer().clone()
    for name, black, white in zip(("Red", "Green", "Blue"), BLACK, WHITE, strict=True):
        stretch = QgsContrastEnhancement(getattr(renderer, f"{name.lower()}ContrastEnhancement")())
        stretch.setMinimumValue(black)
        stretch.setMaximumValue(white)
        getattr(renderer, f"set{name}ContrastEnhancement")(stretch)
    image.setRenderer(renderer)


def corner(image):
    """Return column and row where four units meet."""
    extent, step = image.extent(), image.rasterUnitsPerPixelX()
    offsets = round(extent.xMinimum() / step), round(-extent.yMaximum() / step)
    return tuple(
        round((near + offset) / UNIT) * UNIT - offset for near, offset in zip((COLUMN, ROW), offsets, strict=True)
    )


def previewed(stage, page):
    """The middle of the map comes first."""
    page.findChild(QPushButton, "generatePreview").click()
    yield idle(stage)
    yield from acts.drawn(stage)
    layer = QgsProject.instance().layerTreeRoot().layerOrder()[0]
    stage.check(is_synthetic(layer) and "preview" in layer.name(), f"a preview is there: {layer.name()}")
    stage.shot("2_preview")


def drawn_around(stage, page, corners):
    """The area is drawn around with a real mouse."""
    page.area.pick(OUTLINE)
    yield 200
    stage.draw(corners)

    def drawn():
        return page.area.choice().outline is not None

    yield drawn
    yield 600
    stage.shot("3_area")
    page.area.pick(CANVAS)


def generated(stage, page):
    """The view is painted finer; what is finished is on the map meanwhile."""
    controller = stage.plugin.generate
    stage.watch_stalls(True)
    page.findChild(QPushButton, "generate").click()

    def partly():
        return not controller.busy or any("So far" in layer.name() for layer in iface.mapCanvas().layers())

    partly.patience_s = 500
    yield partly
    yield from acts.drawn(stage)
    stage.shot("4_live_tiles")
    stage.note("while it runs: " + page.findChild(QLabel, "generateStatus").text())
    yield idle(stage)
    stage.watch_stalls(False)
    stage.note(f"longest stall of the main thread {stage.longest_stall_ms:.0f} ms")
    yield from acts.drawn(stage)
    stage.note(page.findChild(QLabel, "generateStatus").text())
    layer = QgsProject.instance().layerTreeRoot().layerOrder()[0]
    group = QgsProject.instance().layerTreeRoot().children()[0]
    iface.layerTreeView().setCurrentLayer(layer)
    group.findLayer(layer.id()).setExpanded(True)
    stage.check(layer.name() == "SYNTHETIC – ×4", f"the result is there: {layer.name()} in {group.name()}")
    badges = [len(iface.layerTreeView().indicators(node)) for node in (group, group.findLayer(layer.id()))]
    stage.check(badges == [1, 1], "group and layer have the badge")
    yield 300
    stage.shot("5_result")


def compared(stage, page):
    """A line with the source on its left is dragged."""
    page.findChild(QPushButton, "generateCompare").click()
    yield from acts.drawn(stage)
    stage.check(stage.plugin.generate.comparing.swipe.active, "the line is on the map")
    stage.shot("6_compare")
    page.findChild(QPushButton, "generateCompare").click()


def narrow(stage, page):
    """The panel at 320 pixels shows all of the page."""
    stage.iface.mainWindow().resizeDocks([stage.plugin.dock], [320], Qt.Orientation.Horizontal)
    page.findChild(QgsCollapsibleGroupBox, "generateDetails").setCollapsed(False)
    yield 500
    area = page.parent().parent()
    stage.check(stage.plugin.dock.width() <= 330, f"the panel is {stage.plugin.dock.width()} pixels wide")
    stage.check(page.width() <= area.viewport().width(), "nothing of the page is cut off")
    for number, share in enumerate((0.0, 1.0), start=1):
        area.verticalScrollBar().setValue(round(share * area.verticalScrollBar().maximum()))
        yield 300
        stage.shot(f"7_narrow_{number}")


def on_earth(stage, page):
    """With no image of one's own: a preview from the Blue Marble."""
    # What is loaded goes above the current layer, and not into the group.
    iface.layerTreeView().setCurrentLayer(QgsProject.instance().mapLayersByName(SENTINEL)[0])
    earth = acts.load(stage.root / "backend/data/blue_marble.tif", "Blue Marble (NASA)")
    for node in QgsProject.instance().layerTreeRoot().findLayers():
        node.setItemVisibilityChecked(node.layer() is earth)
    QgsProject.instance().setCrs(earth.crs())
    stage.canvas.setExtent(ALPS)
    page.set_layer(None)
    page.area.pick(CANVAS)
    page.findChild(QgsCollapsibleGroupBox, "generateDetails").setCollapsed(True)
    yield from acts.drawn(stage)
    yield 600
    stage.note("on earth: " + page.findChild(QLabel, "generateRegion").text().replace("\n", " | "))
    page.findChild(QPushButton, "generatePreview").click()
    yield idle(stage)
    yield from acts.drawn(stage)
    layer = QgsProject.instance().layerTreeRoot().layerOrder()[0]
    stage.check(layer.name().startswith("SYNTHETIC – preview of Blue Marble"), f"a preview is there: {layer.name()}")
    stage.shot("8_earth")


def idle(stage):
    """Return what waits for the end of the job."""

    def ended():
        return not stage.plugin.generate.busy

    ended.patience_s = 500
    return ended
