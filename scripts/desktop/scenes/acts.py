"""What scenes have in common: load imagery, open the panel, click objects, accept them."""

from qgis.core import Qgis, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox
from qgis.utils import iface


def load(path, name, bands=None):
    """Add a raster to the project, stretched to its 2nd to 98th percentile, and return it."""
    layer = QgsRasterLayer(str(path), name)
    if not layer.isValid():
        raise RuntimeError(f"{path} is not a raster")
    if bands:
        renderer = layer.renderer().clone()
        renderer.setRedBand(bands[0])
        renderer.setGreenBand(bands[1])
        renderer.setBlueBand(bands[2])
        layer.setRenderer(renderer)
    if layer.dataProvider().dataType(1) != Qgis.DataType.Byte:
        stretch(layer)
    QgsProject.instance().addMapLayer(layer)
    return layer


def stretch(layer):
    """Apply the stretch of QGIS's own toolbar button (cumulative cut, whole layer)."""
    from qgis.core import QgsContrastEnhancement, QgsRasterMinMaxOrigin

    layer.setContrastEnhancement(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
        QgsRasterMinMaxOrigin.Limits.CumulativeCut,
    )


def place(layer, column, row):
    """Return the map point at a pixel of a north-up raster, in the layer's CRS."""
    extent = layer.extent()
    x = extent.xMinimum() + (column + 0.5) * extent.width() / layer.width()
    y = extent.yMaximum() - (row + 0.5) * extent.height() / layer.height()
    return QgsPointXY(x, y)


def look_at(stage, layer, column, row, pixels):
    """Show a square of `pixels` around a pixel of the layer, in the layer's own CRS."""
    QgsProject.instance().setCrs(layer.crs())
    centre, width = place(layer, column, row), layer.extent().width() / layer.width() * pixels
    half = width / 2
    stage.canvas.setExtent(QgsRectangle(centre.x() - half, centre.y() - half, centre.x() + half, centre.y() + half))
    stage.canvas.refresh()


def settled(stage):
    """Wait until QGIS has zoomed to the first layer, which it does by itself."""
    yield 700
    yield lambda: not stage.canvas.isDrawing()


def drawn(stage):
    """Wait until the canvas shows what it should."""
    yield 300
    yield lambda: not stage.canvas.isDrawing()
    yield 100


def open_panel(stage):
    """Press the toolbar button and wait for the backend."""
    stage.plugin.show_action.trigger()

    def ready():
        return stage.plugin.connection.ready

    yield ready
    yield 200


def back(stage):
    """Wait until the backend that was lost is there again with its session."""
    connection, session = stage.plugin.connection, stage.plugin.session

    def lost():
        return not connection.ready

    def there_again():
        return connection.ready and session.state.value == "ready"

    yield lost
    yield there_again


def choose(stage, layer, model="mini", target=None):
    """Pick the image, the model and the layer to write into, and switch the map tool on."""
    page = stage.plugin.segment_page
    page.source.setLayer(layer)
    page.model.pick(model)
    page.target.setLayer(target)
    page.set_tool_active(True)

    def session_open():
        return stage.plugin.session.state.value == "ready"

    yield session_open


def hover(stage, layer, column, row):
    """Move the pointer there and wait for the preview; returns the answer shown."""
    answers = []

    def note(polygons, response, hovering):
        if hovering and polygons:
            answers.append(response)

    def previewed():
        return bool(answers)

    stage.mouse(place(layer, column - 3, row - 3))
    yield 80
    stage.plugin.session.preview_changed.connect(note)
    stage.mouse(place(layer, column, row))
    yield previewed
    stage.plugin.session.preview_changed.disconnect(note)
    yield 150
    return answers[-1]


def click(stage, layer, column, row, button=1):
    """Click there with a real button and wait for the answer."""
    prompts = len(stage.plugin.session.prompts.points)
    stage.mouse(place(layer, column, row), "click", button)

    def answered():
        session = stage.plugin.session
        return len(session.prompts.points) > prompts and not session.busy

    yield answered
    yield 150


def accept(stage):
    """Press Enter and wait for the feature; returns nothing, the target layer has it."""
    before = count(stage)
    stage.key("Return")

    def written():
        return count(stage) == before + 1

    yield written
    yield 100


def count(stage):
    """Return how many features the target layer holds."""
    layer = stage.plugin.segment_page.target.currentLayer()
    return layer.featureCount() if layer else 0


def features(stage):
    """Return the target layer's features."""
    layer = stage.plugin.segment_page.target.currentLayer()
    return list(layer.getFeatures()) if layer else []


def message_texts():
    """Return what the message bar says."""
    return [item.text() for item in iface.messageBar().items()]


def new_target(geopackage, name, image):
    """Add a new layer of the demo's GeoPackage in the image's CRS."""
    from toposcope.plugin.gis.result_layers import new_geopackage

    return QgsProject.instance().addMapLayer(new_geopackage(geopackage, name, image.crs()))


def outline(stage, kind, fill_holes=False):
    """Choose the kind of outline in the form."""
    form = stage.plugin.segment_page.outline
    editor = form.findChild(QComboBox, "outline")
    editor.setCurrentIndex(editor.findData(kind))
    form.findChild(QCheckBox, "fill_holes").setChecked(fill_holes)


def hide_others(image):
    """Show only this image and vector layers."""
    root = QgsProject.instance().layerTreeRoot()
    for node in root.findLayers():
        if isinstance(node.layer(), QgsRasterLayer):
            node.setItemVisibilityChecked(node.layer() is image)
