"""What is generated is marked wherever QGIS shows it, and stays so when a project is saved and opened again."""

import pytest
from osgeo import gdal
from qgis.core import QgsLayerTreeModel, QgsProject, QgsRasterLayer
from qgis.gui import QgsLayerTreeView
from qgis.PyQt.QtCore import QObject
from toposcope.plugin.gis.synthetic import add_synthetic, is_synthetic, mark_group, mark_synthetic
from toposcope.plugin.gui.synthetic_badge import SyntheticBadges

from tests.qgis.conftest import write_raster


def tagged(path):
    """Write a raster whose tags say that it was generated."""
    write_raster(path)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata({"AI_GENERATED": "YES", "AI_MODEL": "mini-generator@0f3a", "AI_SEED": "7"})
    return path


@pytest.fixture
def badges(qgis_new_project, qgis_app):
    """The badges of a layer tree as QGIS's desktop has one; a function says who has one."""
    view = QgsLayerTreeView()
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
    view.setModel(model)
    parent = QObject()
    made = SyntheticBadges(view, parent)

    def names():
        made.refresh()
        root = QgsProject.instance().layerTreeRoot()
        nodes = [*root.findGroups(True), *root.findLayers()]
        return [node.name() for node in nodes if view.indicators(node)]

    names.model = model
    yield names
    made.close()
    assert not any(view.indicators(node) for node in QgsProject.instance().layerTreeRoot().findLayers())


def generated(tmp_path, name="Dubai ×4"):
    """Put a marked layer into a marked group."""
    group = QgsProject.instance().layerTreeRoot().insertGroup(0, name)
    mark_group(group)
    layer = QgsRasterLayer(str(tagged(tmp_path / "made.tif")), "×4")
    add_synthetic(group, layer, ["scale 4"])
    return group, layer


def test_name_metadata_and_legend_say_it(tmp_path, qgis_new_project):
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
    group, layer = generated(tmp_path)
    mark_synthetic(layer, ["scale 4"])
    assert (group.name(), layer.name()) == ("SYNTHETIC – Dubai ×4", "SYNTHETIC – ×4")
    metadata = layer.metadata()
    assert metadata.title() == "SYNTHETIC – ×4"
    assert metadata.abstract().splitlines()[0] == "SYNTHETIC (AI-generated), not an observation."
    assert {"AI_MODEL: mini-generator@0f3a", "AI_SEED: 7", "scale 4"} <= set(metadata.abstract().splitlines())
    assert "AI-generated" in metadata.keywords()["gmd:topicCategory"]
    nodes = model.layerLegendNodes(group.findLayer(layer.id()))
    assert [node.data(0) for node in nodes] == ["SYNTHETIC: AI-generated, not an observation"]


def test_marked_layers_and_groups_have_a_badge(tmp_path, badges, layer):
    layer()
    assert badges() == []
    generated(tmp_path)
    assert badges() == ["SYNTHETIC – Dubai ×4", "SYNTHETIC – ×4"]


def test_a_project_keeps_it(tmp_path, badges):
    generated(tmp_path)
    QgsProject.instance().write(str(tmp_path / "project.qgz"))
    QgsProject.instance().clear()
    assert badges() == []
    QgsProject.instance().read(str(tmp_path / "project.qgz"))
    assert badges() == ["SYNTHETIC – Dubai ×4", "SYNTHETIC – ×4"]
    assert is_synthetic(next(iter(QgsProject.instance().mapLayers().values())))


def test_a_layer_that_came_by_itself_says_it_in_its_legend(tmp_path, badges):
    opened = QgsRasterLayer(str(tagged(tmp_path / "by_processing.tif")), "by Processing")
    QgsProject.instance().addMapLayer(opened)
    assert badges() == ["by Processing"]
    node = QgsProject.instance().layerTreeRoot().findLayer(opened.id())
    assert [one.data(0) for one in badges.model.layerLegendNodes(node)] == [
        "SYNTHETIC: AI-generated, not an observation"
    ]


def test_a_file_that_says_so_is_recognised(tmp_path, badges, layer):
    other = layer()
    opened = QgsRasterLayer(str(tagged(tmp_path / "from_elsewhere.tif")), "from elsewhere")
    QgsProject.instance().addMapLayer(opened)
    assert badges() == ["from elsewhere"]
    assert is_synthetic(opened)
    assert not is_synthetic(other)
