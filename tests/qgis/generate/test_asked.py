"""What the page says, as a request."""

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from toposcope.backend.protocol.capabilities import Parameter
from toposcope.plugin.generate.asked import Reading
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gui.area_picker import CANVAS, LAYER
from toposcope.plugin.gui.generate_page import GeneratePage

PARAMETERS = (
    Parameter("base", "choice", "source", "Begin with", choices=("source", "earth")),
    Parameter("scale", "choice", "16", "Scale", choices=("4", "16")),
    Parameter("steps", "integer", 12, "Steps", minimum=5, maximum=50),
    Parameter("seed", "integer", 0, "Seed"),
    Parameter("metres", "number", 0.0, "Metres"),
)


@pytest.fixture
def page(qgis_canvas, layer, qtbot):
    """The page with an image of 64 x 48 pixels of half a metre, of which the map shows a corner."""
    image = layer()
    qgis_canvas.setDestinationCrs(image.crs())
    qgis_canvas.setExtent(QgsRectangle(500000, 3999992, 500008, 4000000))
    made = GeneratePage()
    qtbot.addWidget(made)
    made.set_parameters(PARAMETERS, {})
    made.set_layer(image)
    made.seed.set_value(7)
    made.area.pick(LAYER)
    return made


def read(page, canvas, local=True):
    return Reading(page, canvas, local)


def test_the_whole_image(page, qgis_canvas):
    asked = read(page, qgis_canvas).whole("cpu")
    assert asked.task.request.parameters == {
        "base": "source", "scale": "16", "steps": 12, "seed": 7, "metres": 0.0, "area": "",
    }  # fmt: skip
    assert asked.task.title == "image ×16, seed 7"
    found = read(page, qgis_canvas).estimate(0.0)
    assert (found.width, found.height) == (1024, 768)
    assert found.metres == pytest.approx(0.5 / 16, rel=0.01)


def test_what_the_map_shows(page, qgis_canvas):
    page.area.pick(CANVAS)
    west, south, east, north = map(
        float, read(page, qgis_canvas).whole("cpu").task.request.parameters["area"].split(",")
    )
    assert (west, north) == (500000, 4000000)
    assert 500008 <= east < 500032
    assert 3999976 < south <= 3999992


def test_a_preview_is_small_and_at_the_middle_of_the_map(page, qgis_canvas, tmp_path):
    reading = read(page, qgis_canvas)
    asked = reading.preview("cpu", tmp_path, 0.0)
    assert asked.preview
    assert asked.calls < reading.whole("cpu").calls
    assert asked.task.bounds.width() == pytest.approx(2 * 128 / 16 * 0.5, abs=0.3)
    assert abs(asked.task.bounds.center().x() - qgis_canvas.center().x()) < 4
    assert asked.task.request.output.path == str(tmp_path / "generated.tif")


def test_files_for_this_machine_are_not_named_to_another(page, qgis_canvas, tmp_path):
    page.set_output(str(tmp_path / "town"))
    here, there = (read(page, qgis_canvas, local).whole("cpu").task for local in (True, False))
    assert (here.request.output.path, here.into) == (str(tmp_path / "town.tif"), None)
    assert (there.request.output.path, there.into) == ("", tmp_path)
    assert read(page, qgis_canvas, False).preview("cpu", tmp_path, 0.0).task.request.output.path == ""


def test_the_earth_is_asked_in_degrees(page, qgis_canvas):
    page.set_layer(None)
    page.area.pick(CANVAS)
    asked = read(page, qgis_canvas).whole("cpu")
    assert asked.task.image is None
    assert asked.task.request.parameters["base"] == "earth"
    west, south, _east, _north = map(float, asked.task.request.parameters["area"].split(","))
    assert (west, south) == pytest.approx((-117, 36.14), abs=0.01)


def test_the_size_of_a_pixel_may_be_told(page, qgis_canvas, layer):
    page.set_layer(layer("plain.png.tif", epsg=0, origin=None))
    assert read(page, qgis_canvas).estimate(0.0).metres == 0
    page.set_parameters(PARAMETERS, {"metres": 8.0})
    assert read(page, qgis_canvas).estimate(0.0).metres == 0.5


def test_a_middle_beside_the_image_is_refused(page, qgis_canvas, tmp_path):
    qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32611"))
    qgis_canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    with pytest.raises(Refused, match="not on “image”"):
        read(page, qgis_canvas).preview("cpu", tmp_path, 0.0)


def test_a_page_that_comes_into_sight_tells_what_it_would_do_now(page, qtbot):
    with qtbot.waitSignal(page.changed, timeout=5000):
        page.show()
