"""Change: buildings of a real image taken away, shown with mask and swipe; what changed found again, and for real."""

import acts
from qgis.core import QgsFeature, QgsGeometry, QgsProject
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QTableWidget, QToolButton
from qgis.utils import iface
from toposcope.plugin.gis.change_groups import MASK, change_groups, dates_of, parts, polygons_of
from toposcope.plugin.gis.change_labels import COLUMN as COLUMN_OF_CLASSES
from toposcope.plugin.gis.change_labels import drawing_layer
from toposcope.plugin.gis.synthetic import is_synthetic
from toposcope.plugin.gui.area_picker import CANVAS, LAYER

IMAGE, NAME = "rotterdam.tif", "Rotterdam (SpaceNet, CC-BY-SA-4.0)"
SHARED = "../shared/data/change_pair"
REAL = ("t1_img.png", "t2_img.png")
"""Two dates of a place, where they are at hand."""
COLUMN, ROW, SIDE = 370, 380, 390
"""The middle of what is shown, and how many pixels across."""
STEPS, SEED = 12, 5
PLACES = {
    "building": (
        ((218, 348), (236, 308), (274, 322), (266, 364), (240, 366)),
        ((400, 428), (412, 370), (432, 366), (506, 390), (490, 452), (452, 456)),
    ),
    "tree": (((271, 244), (345, 244), (359, 296), (319, 318), (280, 305)),),
}
"""What a person outlines, in columns and rows: houses with their shadows, and a class that may take their place."""
PHRASES = "building; road; tree; bare ground"
SEARCH_S = 500


def play(stage):
    """Make a pair, look at it, find change in it and in a real one; leave layers, a project and pictures."""
    image = acts.load(stage.root / "build/data" / IMAGE, NAME)
    yield from acts.settled(stage)
    yield from acts.open_panel(stage)
    acts.look_at(stage, image, COLUMN, ROW, SIDE)
    yield from acts.drawn(stage)
    page = stage.plugin.change_page
    stage.plugin.dock.show_page(page)
    labels = outlined(image)
    prepare(page.pairs, image, labels)
    yield from acts.drawn(stage)
    stage.shot("1_page")
    QgsProject.instance().layerTreeRoot().findLayer(labels).setItemVisibilityChecked(False)
    yield from previewed(stage, page.pairs)
    yield from made(stage, page)
    yield from compared(stage, page)
    yield from found(stage, page, *dates_of(change_groups()[0]), "made", "detector")
    data = (stage.root / SHARED).resolve()
    if data.is_dir():
        yield from real(stage, page, data)
    yield from narrow(stage)
    stage.check(QgsProject.instance().write(str(stage.out / "change.qgz")), "the project was saved")


def outlined(image):
    """Return a layer of polygons as the page's own button makes it, drawn already."""
    layer, features = drawing_layer(image), []
    for kind, shapes in PLACES.items():
        for shape in shapes:
            feature = QgsFeature(layer.fields())
            feature[COLUMN_OF_CLASSES] = kind
            feature.setGeometry(QgsGeometry.fromPolygonXY([[acts.place(image, *corner) for corner in shape]]))
            features.append(feature)
    layer.dataProvider().addFeatures(features)
    return QgsProject.instance().addMapLayer(layer)


def prepare(page, image, labels):
    """The buildings go, and trees take their place."""
    page.source.setLayer(image)
    page.labels.setLayer(labels)
    page.area.pick(CANVAS)
    choose(page, "event", "remove")
    page.pick_class("building")
    choose(page, "changeBecomes", "tree")
    houses = len(PLACES["building"])
    for name, value in (("most", houses), ("least", houses), ("steps", STEPS)):
        page.findChild(QSpinBox, name).setValue(value)
    page.seed.set_value(SEED)


def choose(page, name, value):
    """Choose an entry of a list by its value."""
    combo = page.findChild(QComboBox, name)
    combo.setCurrentIndex(combo.findData(value))


def previewed(stage, page):
    """One pair in the middle of the map comes first."""
    page.findChild(QPushButton, "changePreview").click()
    yield idle(stage.plugin.change.pairs)
    yield from acts.drawn(stage)
    stage.note("the preview says: " + page.findChild(QLabel, "changePreviewStatus").text())
    stage.check(len(change_groups()) == 1, "a preview is there")
    stage.shot("2_preview")


def made(stage, page):
    """The pair of the view, with its mask."""
    stage.watch_stalls(True)
    yield 3000
    stage.note(f"longest stall of the main thread at rest {stage.longest_stall_ms:.0f} ms")
    stage.watch_stalls(True)
    page.pairs.findChild(QPushButton, "change").click()
    yield idle(stage.plugin.change.pairs)
    stage.watch_stalls(False)
    stage.note(f"longest stall of the main thread {stage.longest_stall_ms:.0f} ms")
    yield from acts.drawn(stage)
    stage.note(page.pairs.findChild(QLabel, "changeStatus").text())
    [group] = change_groups()
    stage.check(is_synthetic(group) and is_synthetic(dates_of(group)[-1]), f"the pair is marked: {group.name()}")
    iface.layerTreeView().setCurrentLayer(parts(group, MASK)[0])
    for node in (group, *group.findLayers()):
        node.setExpanded(True)
    yield from acts.drawn(stage)
    stage.shot("3_pair_and_mask")


def compared(stage, page):
    """One date, the other, and both beside a line that a real mouse drags."""
    results = page.results
    mask = parts(change_groups()[0], MASK)[0]
    iface.layerTreeView().layerTreeModel().rootGroup().findLayer(mask).setItemVisibilityChecked(False)
    for name in ("showBefore", "showAfter", "showSwipe"):
        results.findChild(QToolButton, name).click()
        yield from both_drawn(stage)
        stage.shot(f"4_{name}")
    view, swipe = stage.canvas.viewport(), stage.plugin.change.looking.swipe
    begin, end = (view.mapToGlobal(QPoint(round(view.width() * share), 60)) for share in (0.5, 0.72))
    stage.xdotool(
        *("mousemove", begin.x(), begin.y(), "sleep", 0.2, "mousedown", 1, "sleep", 0.1),
        *("mousemove", (begin.x() + end.x()) // 2, begin.y(), "sleep", 0.1, "mousemove", end.x(), end.y()),
        *("sleep", 0.2, "mouseup", 1),
    )

    def dragged():
        return abs(swipe.share - 0.72) < 0.03

    yield dragged
    yield 300
    stage.screen("5_swipe_dragged")
    stage.key("Escape")

    def ended():
        return not swipe.active

    yield ended
    stage.check(True, "a real mouse dragged the line, Escape took it away")


def found(stage, page, before, after, name, method):
    """What changed between two dates."""
    detect = page.detect
    detect.set_dates(before, after)
    detect.area.pick(LAYER)
    choose(detect, "method", method)
    detect.findChild(QPushButton, "detect").click()
    yield idle(stage.plugin.change.detect)
    yield from acts.drawn(stage)
    stage.note(f"{name}: {detect.findChild(QLabel, 'detectStatus').text()}")
    group = change_groups()[0]
    outlines = polygons_of(group)
    stage.check(outlines is not None and outlines.featureCount() > 0, f"{outlines.featureCount()} places changed")
    rows = page.results.findChild(QTableWidget, "changeAreas").rowCount()
    stage.check(rows > 0, "the page has the table of areas")
    iface.layerTreeView().setCurrentLayer(outlines)
    stage.plugin.dock.findChild(QTableWidget, "changeAreas").parent().setFocus()
    scroll_to_end(page)
    yield from acts.drawn(stage)
    stage.shot(f"6_detected_{name}")


def real(stage, page, data):
    """Two real dates, their change, and both beside a line."""
    for node in QgsProject.instance().layerTreeRoot().children():
        node.setItemVisibilityChecked(False)
    iface.layerTreeView().setCurrentLayer(None)  # new layers go into the group of the current one, which is hidden now
    before, after = (acts.load(data / path, f"Date {number}") for number, path in enumerate(REAL, 1))
    acts.look_at(stage, before, 512, 512, 1050)
    yield from acts.drawn(stage)
    page.detect.set_classes(PHRASES)
    yield from found(stage, page, before, after, "real", "distance")
    page.results.findChild(QToolButton, "showSwipe").click()
    yield from both_drawn(stage)
    stage.shot("7_swipe_real")
    stage.plugin.change.looking.end()


def narrow(stage):
    """The panel at 320 pixels."""
    dock, window = stage.plugin.dock, iface.mainWindow()
    for name in ("changePairs", "changeDetect"):
        stage.plugin.change_page.findChild(QgsCollapsibleGroupBox, name).setCollapsed(False)
    window.resizeDocks([dock], [320], Qt.Orientation.Horizontal)
    yield 500
    dock.findChild(QgsCollapsibleGroupBox, "changePairs").window().activateWindow()
    area = stage.plugin.change_page.parent().parent()
    area.verticalScrollBar().setValue(0)
    yield 300
    stage.check(dock.width() <= 330, f"the panel fits into {dock.width()} pixels")
    stage.shot("8_narrow")


def scroll_to_end(page):
    """Bring the results into view."""
    bar = page.parent().parent().verticalScrollBar()
    bar.setValue(bar.maximum())


def both_drawn(stage):
    """Wait until the map is drawn, and both sides of the line where there is one."""
    yield from acts.drawn(stage)

    def there():
        return not stage.plugin.change.looking.swipe.drawing and not stage.canvas.isDrawing()

    yield there
    yield 200


def idle(controller):
    """Return what waits until a job is over."""

    def over():
        return not controller.busy

    over.patience_s = SEARCH_S
    return over
