"""What scenes with phrases have in common: search, wait, find the layers."""

from qgis.PyQt.QtWidgets import QComboBox, QPushButton
from qgis.utils import iface


def search(stage, image, phrases, answer="auto", area="canvas"):
    """Write phrases, pick image, area and answer, press the button and wait for the layers."""
    page, shelf = stage.plugin.ground_page, stage.plugin.ground.results.shelf
    page.source.setLayer(image)
    page.area.pick(area)
    page.phrases.set_text(phrases)
    kinds = page.findChild(QComboBox, "answer")
    kinds.setCurrentIndex(kinds.findData(answer))
    before = len(shelf.titles())
    button = page.findChild(QPushButton, "ground")
    stage.check(button.isEnabled(), f"“{phrases}” can be searched for")
    button.click()

    def found():
        return len(shelf.titles()) > before and shelf.run is not None

    found.patience_s = 400
    yield found
    yield 300


def newest():
    """Return the group of the newest run."""
    from toposcope.plugin.gis.ground_layers import groups

    return groups()[0]


def part(group, name):
    """Return a layer of a run."""
    from toposcope.plugin.gis.ground_layers import part as layer_of

    return layer_of(group, name)


def expand(group):
    """Show the legend of a run's layers."""
    iface.layerTreeView().setCurrentLayer(group.findLayers()[0].layer())
    for node in (group, *group.findLayers()):
        node.setExpanded(True)
