"""Generate with the backend on another machine: the image goes there, the result comes back."""

from pathlib import Path

from qgis.PyQt.QtWidgets import QPushButton, QSpinBox
from toposcope.plugin.gui.area_picker import LAYER

from tests.qgis.conftest import look_at
from tests.qgis.generate.test_page import nodes


def test_the_result_lies_in_a_folder_of_its_own_here(loaded_remote, layer, qgis_canvas, tmp_path, qtbot):
    image, page, into = layer(width=16, height=16), loaded_remote.generate_page, tmp_path / "made"
    into.mkdir()
    look_at(qgis_canvas, image.crs(), image.extent())
    page.set_layer(image)
    page.area.pick(LAYER)
    page.findChild(QSpinBox, "steps").setValue(5)
    page.set_output(str(into / "town.tif"))
    page.findChild(QPushButton, "generate").click()
    qtbot.waitUntil(lambda: loaded_remote.generate.busy, timeout=10_000)
    qtbot.waitUntil(lambda: not loaded_remote.generate.busy, timeout=120_000)
    made = nodes()[0].layer()
    assert made.name() == "SYNTHETIC – ×4"
    assert Path(made.source()).parent.parent == into
    assert made.width() == 64
