"""What a run left, as layers: objects by phrase and score, class map with legend, relevance, in a project."""

from dataclasses import replace

import pytest
from qgis.core import QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
from toposcope.plugin.gis import ground_layers as layers
from toposcope.plugin.gis.ground_run import read_run
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.score_filter import least_score, show_from

from tests.qgis.ground import runs

MARK = layers.RunMark("job-1", "", "image-id", "roof; swimming pool", "mini")
ROOF_1, ROOF_2, POOL = (20, 20), (60, 15), (50, 47)
"""A pixel inside each object."""


@pytest.fixture
def run(tmp_path):
    return read_run(runs.write_run(tmp_path / "run"), pixel=False)


@pytest.fixture
def group(run, qgis_new_project):
    made = layers.add_group(MARK, "roofs")
    layers.add_run(made, run)
    return made


def drawn(layer, georeferenced=True):
    """Return the layer as an image, a pixel a pixel of the run's rasters."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(runs.WIDTH, runs.HEIGHT))
    settings.setFlag(QgsMapSettings.Flag.Antialiasing, False)
    settings.setFlag(QgsMapSettings.Flag.DrawLabeling, False)
    settings.setBackgroundColor(QColor("black"))
    x0, y0, x1, y1 = runs.corners((0, 0, runs.WIDTH, runs.HEIGHT))
    from qgis.core import QgsRectangle

    picture = QgsRectangle(runs.COLUMN, -runs.ROW - runs.HEIGHT, runs.COLUMN + runs.WIDTH, -runs.ROW)
    settings.setExtent(QgsRectangle(x0, y0, x1, y1) if georeferenced else picture)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def lit(layer, *places, **options):
    image = drawn(layer, **options)
    return [QColor(image.pixel(*place)).lightness() > 12 for place in places]


def test_a_run_knows_how_many_objects_a_score_leaves(run):
    assert [run.shown(score) for score in (0, 0.35, 0.36, 0.55, 0.92)] == [3, 3, 2, 2, 0]


def test_objects_are_drawn_from_the_score_on_and_nothing_is_run_again(group):
    objects = layers.part(group, layers.INSTANCES)
    assert least_score(objects) == 0.5
    assert lit(objects, ROOF_1, ROOF_2, POOL) == [True, True, False]
    show_from(objects, 0.3)
    assert lit(objects, ROOF_1, ROOF_2, POOL) == [True, True, True]
    show_from(objects, 0.6)
    assert lit(objects, ROOF_1, ROOF_2, POOL) == [True, False, False]
    assert objects.featureCount() == 3


def test_each_phrase_has_its_colour_in_objects_class_map_and_legends(group, run):
    objects, classes = layers.part(group, layers.INSTANCES), layers.part(group, layers.CLASSES)
    entries = {
        item.label(): item.symbol().symbolLayer(2).color().name() for item in objects.renderer().legendSymbolItems()
    }
    legend = {entry.label: entry.color.name() for entry in classes.renderer().classes()}
    wanted = {one.phrase: one.colour for one in run.answer.phrases}
    assert entries == wanted
    assert legend == wanted


def test_the_class_map_follows_the_score(group, run):
    classes = layers.part(group, layers.CLASSES)
    assert lit(classes, ROOF_1, ROOF_2, POOL, (0, 0)) == [True, True, False, False]
    layers.show_classes_from(classes, run, 0.3)
    assert lit(classes, ROOF_1, ROOF_2, POOL, (0, 0)) == [True, True, True, False]
    layers.show_classes_from(classes, run, 0.6)
    assert lit(classes, ROOF_1, ROOF_2, POOL, (0, 0)) == [True, False, False, False]


def test_a_class_map_without_background_shows_every_pixel_until_the_slider_is_moved(tmp_path, qgis_new_project):
    run = read_run(runs.write_run(tmp_path / "run", background="none"), pixel=False)
    group = layers.add_group(MARK, "roofs")
    layers.add_run(group, run)
    classes = layers.part(group, layers.CLASSES)
    assert lit(classes, ROOF_1, ROOF_2, POOL, (0, 0)) == [True, True, True, False]


def test_relevance_is_one_layer_whose_phrase_can_be_changed(group, run):
    first = layers.show_relevance(group, run, 1)
    roof = [lit(first, ROOF_1, POOL)[0], drawn(first).pixelColor(*ROOF_1).lightness()]
    second = layers.show_relevance(group, run, 2)
    assert second is first
    assert roof[0]
    assert drawn(second).pixelColor(*ROOF_1).lightness() < roof[1] / 2
    assert "swimming pool" in second.name()
    layers.hide_relevance(group)
    assert not group.findLayer(second.id()).itemVisibilityChecked()


def test_everything_is_there_again_when_the_project_is_opened(group, run, tmp_path):
    show_from(layers.part(group, layers.INSTANCES), 0.6)
    layers.show_relevance(group, run, 2)
    project = QgsProject.instance()
    assert project.write(str(tmp_path / "saved.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "saved.qgz"))
    [again] = layers.groups()
    assert layers.mark_of(again) == MARK
    objects, classes = layers.part(again, layers.INSTANCES), layers.part(again, layers.CLASSES)
    assert least_score(objects) == 0.6
    assert lit(objects, ROOF_1, ROOF_2, POOL) == [True, False, False]
    assert lit(classes, ROOF_1, ROOF_2, POOL) == [True, True, False]
    assert layers.part(again, layers.RELEVANCE).isValid()


def test_objects_of_an_image_without_georeference_lie_where_qgis_shows_it(tmp_path, qgis_new_project):
    run = read_run(runs.write_run(tmp_path / "run", georeferenced=False), pixel=True)
    group = layers.add_group(replace(MARK, pixel=True), "roofs")
    layers.add_run(group, run)
    objects, classes = layers.part(group, layers.INSTANCES), layers.part(group, layers.CLASSES)
    assert not objects.crs().isValid()
    assert lit(objects, ROOF_1, (20, 50), georeferenced=False) == [True, False]
    assert lit(classes, ROOF_1, (20, 50), georeferenced=False) == [True, False]
    relevance = layers.show_relevance(group, run, 1)
    warm = [drawn(relevance, georeferenced=False).pixelColor(*place).lightness() for place in (ROOF_1, (20, 50))]
    assert warm[0] > 3 * warm[1]


def test_a_class_map_without_scores_is_shown_as_it_is(tmp_path, qgis_new_project):
    folder = runs.write_run(tmp_path / "run")
    for name in ("best.tif", "scores.tif", "instances.gpkg"):
        (folder / name).unlink()
    run = read_run(folder, pixel=False)
    group = layers.add_group(MARK, "roofs")
    layers.add_run(group, run)
    assert [type(node.layer()) for node in group.findLayers()] == [QgsRasterLayer]
    assert lit(layers.part(group, layers.CLASSES), ROOF_1, POOL) == [True, False]


@pytest.mark.parametrize("broken", ["missing", "no json", '{"granularity": 3}'])
def test_a_run_that_is_gone_says_so(tmp_path, broken):
    folder = runs.write_run(tmp_path / "run-7")
    (folder / "answer.json").unlink()
    if broken != "missing":
        (folder / "answer.json").write_text(broken)
    with pytest.raises(Refused, match="run-7"):
        read_run(folder, pixel=False)


def test_the_layers_say_what_they_are(group):
    objects = layers.part(group, layers.INSTANCES)
    assert isinstance(objects, QgsVectorLayer)
    assert "roof; swimming pool" in objects.metadata().abstract()
