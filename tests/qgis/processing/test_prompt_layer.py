import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
    QgsProject,
    QgsProperty,
    QgsVectorLayer,
)
from toposcope.backend.protocol.prompts import Box, Point
from toposcope.plugin.gis.source import Frame
from toposcope.plugin.processing.prompt_layer import read_prompts

UTM11 = QgsCoordinateReferenceSystem("EPSG:32611")
NONE = QgsCoordinateReferenceSystem()


def vector(kind, rows, crs="EPSG:32611"):
    made = QgsVectorLayer(f"{kind}?crs={crs}&field=object:string&field=label:integer", "prompts", "memory")
    features = []
    for wkt, name, label in rows:
        feature = QgsFeature(made.fields())
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes([name, label])
        features.append(feature)
    made.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(made)
    return made


@pytest.fixture
def read(qgis_app, context):
    def run(layer, group="", label="", crs=UTM11, pixel=False):
        source = QgsProcessingUtils.variantToSource(QgsProperty.fromValue(layer.id()), context)
        assert isinstance(source, QgsProcessingFeatureSource)
        return read_prompts(source, Frame(crs, pixel), group, label, QgsProject.instance().transformContext())

    yield run
    QgsProject.instance().clear()


def test_each_feature_is_an_object(read):
    prompts = read(vector("Point", [("Point(1 2)", "a", 1), ("Point(3 4)", "a", 0)]))
    assert [one.points for one in prompts] == [(Point(1, 2, 1),), (Point(3, 4, 1),)]
    assert len({one.id for one in prompts}) == 2


def test_a_group_field_joins_and_a_label_field_tells_apart(read):
    rows = [("Point(1 2)", "roof", 1), ("Point(9 9)", "road", 1), ("Point(3 4)", "roof", 0)]
    prompts = read(vector("Point", rows), "object", "label")
    assert [(one.id, one.points) for one in prompts] == [
        ("roof", (Point(1, 2, 1), Point(3, 4, 0))),
        ("road", (Point(9, 9, 1),)),
    ]


def test_multipoints_and_empty_geometries(read):
    prompts = read(vector("MultiPoint", [("MultiPoint((1 2),(3 4))", "a", 1), ("", "b", 1)]))
    assert [one.points for one in prompts] == [(Point(1, 2), Point(3, 4))]


def test_polygons_are_boxes_and_a_group_of_them_one(read):
    rows = [("Polygon((0 0,4 0,2 3,0 0))", "a", 0), ("Polygon((8 8,9 8,9 9,8 9,8 8))", "a", 0)]
    assert [one.box for one in read(vector("Polygon", rows))] == [Box(0, 0, 4, 3), Box(8, 8, 9, 9)]
    assert [one.box for one in read(vector("Polygon", rows), "object")] == [Box(0, 0, 9, 9)]


def test_prompts_are_reprojected(read):
    point = read(vector("Point", [("Point(-117 36)", "a", 1)], "EPSG:4326"))[0].points[0]
    assert point.x == pytest.approx(500000, abs=0.01)
    assert point.y == pytest.approx(3983948.45, abs=0.01)


def test_rows_count_downwards_without_a_georeference(read):
    prompts = read(vector("Point", [("Point(5 -6)", "a", 1)], ""), crs=NONE, pixel=True)
    assert prompts[0].pixel
    assert prompts[0].points == (Point(5, 6),)


@pytest.mark.parametrize(
    ("rows", "crs", "frame", "label", "sentence"),
    [
        ([], "EPSG:32611", UTM11, "", "no features"),
        ([("", "a", 1)], "EPSG:32611", UTM11, "", "no features"),
        ([("Point(1 2)", "a", 7)], "EPSG:32611", UTM11, "label", "the label “7”"),
        ([("Point(1 2)", "a", None)], "EPSG:32611", UTM11, "label", "label"),
        ([("Point(1 2)", "a", 1)], "", UTM11, "", "prompt layer has no CRS"),
        ([("Point(1 2)", "a", 1)], "EPSG:32611", NONE, "", "image has no CRS"),
    ],
)
def test_what_cannot_be_read_is_said(read, rows, crs, frame, label, sentence):
    with pytest.raises(QgsProcessingException, match=sentence):
        read(vector("Point", rows, crs), "", label, frame)
