"""What scenes with embeddings have in common: compute, show examples, ask, keep."""

import time

import acts
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QLabel, QPushButton
from qgis.utils import iface


def compute(stage, image, model="mini"):
    """Pick image and model, press the button and wait until the vectors are open."""
    page, controller = stage.plugin.embeddings_page, stage.plugin.embeddings
    page.compute.source.setLayer(image)
    page.compute.model.pick(model)
    before = controller.opened.path
    button = page.findChild(QPushButton, "embed")
    stage.check(button.isEnabled(), f"{image.name()} can be embedded by {model}")
    clock = time.perf_counter()
    button.click()
    yield 1500
    stage.shot("progress")

    def opened():
        return controller.opened.path != before and controller.opened.link.info is not None

    opened.patience_s = 500
    yield opened
    info = controller.opened.link.info
    took = time.perf_counter() - clock
    stage.note(f"{info.columns} x {info.rows} vectors of {info.width} numbers by {info.model} in {took:.1f} s")


def show(stage, image, column, row, button=1, wait=True):
    """Click there with a real button; return the milliseconds until the answer lies over the map."""
    asking = stage.plugin.embeddings.asking
    shown, before = len(asking.showing.shown.shown), asking.overlay.heat or asking.overlay.classes

    def clicked():
        return len(asking.showing.shown.shown) > shown

    def answered():
        return (asking.overlay.heat or asking.overlay.classes) is not before and not asking.busy

    stage.mouse(acts.place(image, column, row), "click", button)
    yield clicked
    clock = time.perf_counter()
    if wait:
        yield answered
    took = 1000 * (time.perf_counter() - clock)
    yield 60
    return took


def surround(stage, image, places):
    """Draw around an area with a real mouse; return the milliseconds until the answer lies over the map."""
    asking = stage.plugin.embeddings.asking
    shown, before = len(asking.showing.shown.shown), asking.overlay.heat
    stage.draw([acts.place(image, *place) for place in places])

    def drawn():
        return len(asking.showing.shown.shown) > shown

    def answered():
        return asking.overlay.heat is not before and not asking.busy

    yield drawn
    clock = time.perf_counter()
    yield answered
    took = 1000 * (time.perf_counter() - clock)
    yield 60
    return took


def ask_phrase(stage, phrase):
    """Write a phrase, press the button and wait for the answer."""
    page, asking = stage.plugin.embeddings_page.ask, stage.plugin.embeddings.asking
    page.set_mode("phrase")
    page.phrase.set_text(phrase)
    page.findChild(QPushButton, "askPhrase").click()

    def answered():
        return asking.overlay.heat is not None and not asking.busy

    yield answered
    yield 300


def name_classes(stage, classes):
    """Make as many classes as there are names, in these colours."""
    book = stage.plugin.embeddings.asking.showing.book
    while len(book.rows) < len(classes):
        book.add()
    for row, (name, colour) in zip(list(book.rows), classes, strict=True):
        book.rename(row.id, name)
        book.recolour(row.id, QColor(colour))
    yield 100


def keep(stage):
    """Make layers of the answer and wait for them."""
    tasks, page = stage.plugin.embeddings.tasks, stage.plugin.embeddings_page
    button = page.findChild(QPushButton, "keepAnswer")
    if not button.isEnabled():
        stage.check(False, "the answer can be kept: " + page.findChild(QLabel, "keepAnswerStatus").text())
        return
    button.click()

    def kept():
        return not tasks.jobs["keep"].running

    kept.patience_s = 200
    yield kept
    stage.note("kept: " + page.findChild(QLabel, "keepAnswerStatus").text())


def newest():
    """Return the group of the newest embeddings' picture."""
    from toposcope.plugin.gis.embedding_layers import VECTORS

    group = next(
        g for g in iface.layerTreeView().layerTreeModel().rootGroup().findGroups() if g.customProperty(VECTORS)
    )
    return next(node for node in group.findLayers() if node.layer().customProperty(VECTORS))


def hide_results():
    """Hide what was kept."""
    for node in newest().parent().findLayers():
        node.setItemVisibilityChecked(False)


def expand():
    """Show the legends of the newest group."""
    iface.layerTreeView().setCurrentLayer(newest().layer())
    for node in (newest().parent(), newest().parent().findLayers()[0]):
        node.setExpanded(True)


def fold(stage, name, folded):
    """Fold a part of the page, or unfold it."""
    stage.plugin.embeddings_page.findChild(QgsCollapsibleGroupBox, name).setCollapsed(folded)


def bands_model(stage):
    """Return a model of many bands that is installed, else the one of three colours."""
    models = {model.id: model for model in stage.plugin.catalog.models("embed")}
    return "rcf" if "rcf" in models and models["rcf"].installed else "mini"
