"""From the Change page's first part to pairs in the project, with the plugin as QGIS builds it and a real backend."""

import json

import pytest
from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPalettedRasterRenderer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QPushButton, QSpinBox, QToolButton
from toposcope.plugin.gis.change_groups import LABELS, MASK, dates_of, mark_of, parts
from toposcope.plugin.gis.change_layers import PREVIEW
from toposcope.plugin.gis.synthetic import is_synthetic

from tests.qgis.change.scene import HOUSES, SIDE, SIZE, place, write_classes, write_picture


def page_of(plugin):
    return plugin.change_page.pairs


def choose(page, name, value):
    combo = page.findChild(QComboBox, name)
    assert combo.findData(value) >= 0, [combo.itemData(row) for row in range(combo.count())]
    combo.setCurrentIndex(combo.findData(value))


def set_number(page, name, value):
    page.findChild(QSpinBox, name).setValue(value)


@pytest.fixture
def page(plugin):
    """The page set to take two houses away."""
    made = page_of(plugin)
    choose(made, "event", "remove")
    choose(made, "changeClass", "house")
    for name, value in (("most", 2), ("least", 2), ("count", 1), ("times", 2), ("side", 0)):
        set_number(made, name, value)
    made.seed.set_value(3)
    return made


def groups():
    return QgsProject.instance().layerTreeRoot().findGroups()


def sample(layer, at):
    return layer.dataProvider().sample(QgsPointXY(*at), 1)[0]


def gone(mask):
    """Return which houses a mask says changed."""
    middles = [(x + SIDE // 2, y + SIDE // 2) for x, y in HOUSES]
    return [middle for middle in middles if sample(mask, place(*middle)) == 1]


def test_two_houses_go_and_the_pair_is_a_marked_group(plugin, page, make):
    said = make()
    [group] = groups()
    assert group.name() == "SYNTHETIC – Pairs, house – town", said
    assert is_synthetic(group)
    before, after = dates_of(group)
    assert (before.name(), after.name()) == ("Before", "SYNTHETIC – After")
    assert is_synthetic(after)
    assert not is_synthetic(before)
    [mask] = parts(group, MASK)
    assert len(gone(mask)) == 2
    assert isinstance(mask.renderer(), QgsPalettedRasterRenderer)
    labels = {layer.name(): layer for layer in parts(group, LABELS)}
    middle = place(*gone(mask)[0])
    house, other = (sample(labels[name], middle) for name in ("Labels before", "Labels after"))
    assert house == 3
    assert other != 3
    legend = {one.label for one in labels["Labels before"].renderer().classes()}
    assert {"grass", "road", "house"} <= legend
    shown = [node.name() for node in group.findLayers() if node.itemVisibilityChecked()]
    assert shown == ["Change mask", "SYNTHETIC – After", "Before"]


def test_unchanged_pixels_are_the_images_own(plugin, page, make):
    make()
    before, after = (gdal.Open(layer.source()) for layer in dates_of(groups()[0]))
    mask = gdal.Open(parts(groups()[0], MASK)[0].source()).ReadRaster()
    for band in (1, 2, 3):
        old, new = (dataset.GetRasterBand(band).ReadRaster() for dataset in (before, after))
        assert all(a == b for a, b, changed in zip(old, new, mask, strict=True) if not changed)


def test_a_seed_makes_the_same_pair_and_the_dice_another(plugin, page, make):
    make()
    make()
    first, second = ([gone(mask) for mask in parts(group, MASK)] for group in groups())
    assert first == second
    page.findChild(QToolButton, "changeSeedDice").click()
    assert page.values()["seed"] != 3


def test_a_preview_shows_one_pair_and_the_next_takes_its_place(plugin, page, make, shown_canvas):
    set_number(page, "count", 5)
    make("changePreview")
    [group] = groups()
    assert group.customProperty(PREVIEW)
    assert group.name() == "SYNTHETIC – Preview – town"
    first = mark_of(group).id
    make("changePreview")
    [again] = groups()
    assert mark_of(again).id != first
    set_number(page, "count", 1)
    make()
    assert not any(group.customProperty(PREVIEW) for group in groups())


def test_a_preview_beside_the_image_is_refused_in_words(plugin, page, make, shown_canvas):
    shown_canvas.setExtent(QgsRectangle(0, 0, 100, 100))
    assert "beside “town”" in make("changePreview")
    assert groups() == []


def test_a_data_set_goes_into_its_folder_and_is_shown_pair_by_pair(plugin, page, make, tmp_path):
    set_number(page, "count", 3)
    set_number(page, "side", 64)
    set_number(page, "least", 1)
    into = tmp_path / "sets"
    into.mkdir()
    page.set_folder(str(into))
    said = make()
    [folder] = into.iterdir()
    assert str(folder) in said
    assert (folder / "pair_0001" / "after.tif").is_file()
    assert json.loads((folder / "run.json").read_text())
    top, *pairs = QgsProject.instance().layerTreeRoot().findGroups(True)
    assert top.name().startswith("SYNTHETIC – Pairs")
    assert [is_synthetic(group) for group in pairs] == [True] * 3
    assert all(str(folder) in layer.source() for group in pairs for layer in dates_of(group))


def test_a_sequence_has_a_picture_a_time(plugin, page, make):
    set_number(page, "times", 4)
    make()
    assert [layer.name() for layer in dates_of(groups()[0])] == [
        "Before",
        *(f"SYNTHETIC – After, time {number}" for number in (1, 2, 3)),
    ]


def test_polygons_say_what_is_where_by_their_column(plugin, page, make):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32611&field=id:integer&field=class:string", "parcels", "memory")
    for number, (x, y) in enumerate(HOUSES):
        left, top = place(x, y)
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, top - SIDE / 2, left + SIDE / 2, top)))
        feature.setAttributes([number, "roof" if number % 2 else "chalet"])
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    page.labels.setLayer(layer)
    assert page.choice().column == "class"
    classes = page.findChild(QComboBox, "changeClass")
    assert [classes.itemText(row) for row in range(classes.count())] == ["chalet", "roof"]
    table = page.findChild(object, "changeLike")
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == ["chalet"]
    combo = table.cellWidget(0, 1)
    combo.setCurrentIndex(combo.findData("building"))
    assert page.choice().like == {"chalet": "building"}
    choose(page, "changeClass", "chalet")
    said = make()
    [group] = groups()
    assert len(gone(parts(group, MASK)[0])) == 2, said


def test_polygons_are_drawn_into_a_layer_of_their_own(plugin, page, make, qtbot):
    with qtbot.waitSignal(plugin.change.draw_asked) as asked:
        page.findChild(QPushButton, "changeDraw").click()
    [layer] = asked.args
    assert page.labels.currentLayer() is layer
    assert layer.isEditable()
    assert layer.crs() == page.source.currentLayer().crs()
    choices = layer.editorWidgetSetup(0)
    assert choices.type() == "ValueMap"
    assert {"building": "building"} in choices.config()["map"]
    for x, y in HOUSES:
        left, top = place(x, y)
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, top - SIDE / 2, left + SIDE / 2, top)))
        feature["class"] = "building"
        layer.addFeature(feature)
    classes = page.findChild(QComboBox, "changeClass")
    assert [classes.itemText(row) for row in range(classes.count())] == ["building"]
    assert not page.findChild(object, "changeLike").rowCount()
    said = make()
    layer.rollBack()
    assert len(gone(parts(groups()[0], MASK)[0])) == 2, said


def test_an_image_without_georeference_needs_the_size_of_its_pixels(plugin, page, make, add, tmp_path):
    image = add(write_picture(tmp_path / "plain.tif", placed=False), "plain")
    page.source.setLayer(image)
    page.labels.setLayer(add(write_classes(tmp_path / "plain_classes.tif", placed=False), "plain classes"))
    choose(page, "changeClass", "house")
    assert "metres" in make()
    page.findChild(object, "metres").setValue(0.5)
    said = make()
    page.findChild(object, "metres").setValue(0)
    [group] = groups()
    before, _after = dates_of(group)
    assert before.extent().yMaximum() == pytest.approx(0), said


def test_labels_of_another_grid_are_refused_in_the_backends_words(plugin, page, make, add, tmp_path):
    small = gdal.Translate(str(tmp_path / "small.tif"), str(tmp_path / "classes.tif"), width=50, height=50)
    small.FlushCache()
    page.labels.setLayer(add(tmp_path / "small.tif", "small"))
    choose(page, "changeClass", "house")
    assert "grid" in make()
    assert groups() == []


def test_what_is_missing_is_said(plugin, page, make):
    page.labels.setLayer(None)
    assert "Nothing says what is where" in make()
    page.labels.setLayer(page.source.currentLayer())
    assert "on itself" in make()


def test_what_is_painted_around_objects_stands_beside_the_event(plugin, page):
    field = page.findChild(QDoubleSpinBox, "margin")
    field.setValue(4.0)
    assert page.values()["margin"] == 4.0
    page.show()
    assert field.isVisibleTo(page)
    page.hide()
    field.setValue(0.0)  # what was set is remembered, and by the profile of tests too
    assert page.values()["margin"] == 0.0


def drawn(layer):
    """Return the colour of each pixel of a layer by itself, transparent where nothing is drawn."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent())
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(SIZE, SIZE))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return [image.pixelColor(at % SIZE, at // SIZE) for at in range(SIZE**2)]


def test_what_was_painted_around_is_grey_and_in_the_legend(plugin, page, make):
    legends = {}
    for margin in (0.0, 2.0):
        page.findChild(QDoubleSpinBox, "margin").setValue(margin)
        make()
        [mask] = parts(groups()[0], MASK)
        legends[margin] = [node.label for node in mask.renderer().classes()]
        values = gdal.Open(mask.source()).ReadRaster()
        clear, seen = (
            {colour.alpha() > 0 for colour, value in zip(drawn(mask), values, strict=True) if value in wanted}
            for wanted in ((0,), (1, 255))
        )
        assert (clear, seen, 255 in values) == ({False}, {True}, margin > 0)
    page.findChild(QDoubleSpinBox, "margin").setValue(0.0)
    assert legends == {0.0: ["changed"], 2.0: ["changed", "painted around, or no data"]}
    alone = QgsRasterLayer(mask.source(), "as a person opens it")
    greys = [colour.name() for colour, value in zip(drawn(alone), values, strict=True) if value == 255]
    assert set(greys) == {"#808080"}


def test_only_what_an_event_reads_is_shown(plugin, page):
    page.show()
    for event, shown in (
        ("add", (True, False, True, False)),
        ("remove", (True, True, True, False)),
        ("swap", (False, False, False, True)),
    ):
        choose(page, "event", event)
        names = ("changeClass", "changeBecomes", "most", "share")
        assert tuple(page.findChild(object, name).isVisibleTo(page) for name in names) == shown
    page.hide()
