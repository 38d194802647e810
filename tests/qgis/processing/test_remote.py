"""Processing with the backend on another machine: in a thread of QGIS, and headless with nobody to ask."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsVectorLayer
from toposcope.plugin.processing import backend
from toposcope.plugin.settings import REMOTE_URL

from tests.contract.test_remote import TOKEN
from tests.qgis.processing.test_segment import INSIDE, QGIS_PROCESS, execute, prompts

ROOT = Path(__file__).parents[3]
KEEP = """
import sys
from qgis.core import QgsApplication, QgsSettings
application = QgsApplication([], False, sys.argv[1])
QgsApplication.setOrganizationName("QGIS")
QgsApplication.setApplicationName("QGIS3")
application.initQgis()
sys.path.insert(0, sys.argv[2])
from toposcope.plugin import credentials
from toposcope.plugin.settings import BACKEND_MODE, CA_FILE, REMOTE, REMOTE_URL, qgis_settings
settings = qgis_settings()
for setting, value in ((BACKEND_MODE, REMOTE), (REMOTE_URL, sys.argv[3]), (CA_FILE, sys.argv[4])):
    settings.set(setting, value)
assert QgsApplication.authManager().setMasterPassword("master", True)
assert credentials.write(credentials.server(sys.argv[3]), sys.argv[5])
QgsSettings().sync()
application.exitQgis()
"""


@pytest.fixture
def settings(remote_settings, monkeypatch):
    monkeypatch.setattr(backend, "qgis_settings", lambda: remote_settings)
    return remote_settings


def test_the_server_of_the_settings_is_used_and_keeps_nothing(settings, server, provider, picture, context, feedback):
    values = {"INPUT": picture, "PROMPTS": prompts(INSIDE), "OUTPUT": "memory:"}
    results, ok = execute(values, context, feedback)
    assert ok, feedback.errors
    assert context.getMapLayer(results["OUTPUT"]).featureCount() == 1
    assert server.uploads() == []


def test_vectors_of_chips_go_there_and_groups_come_back(
    settings, server, provider, picture, context, feedback, tmp_path
):
    def run(name, **values):
        algorithm = QgsApplication.processingRegistry().algorithmById(f"toposcope:{name}")
        results, ok = algorithm.run(values, context, feedback)
        assert ok, feedback.errors
        return results

    chips = run("embedchips", INPUT=picture, SIZE=16, OUTPUT=str(tmp_path / "mine.parquet"))["OUTPUT"]
    assert {path.name for path in tmp_path.glob("mine.*")} == {"mine.parquet", "mine.item.json", "mine.run.json"}
    groups = run("cluster", VECTORS=chips, CLUSTERS=2, OUTPUT=None, TABLE=str(tmp_path / "groups.gpkg"))["TABLE"]
    assert QgsVectorLayer(groups, "groups", "ogr").featureCount() == 24
    assert server.uploads() == []


def test_the_token_of_another_server_is_not_sent(settings, server):
    settings.set(REMOTE_URL, f"https://localhost:{server.port}")
    with pytest.raises(QgsProcessingException, match="token of the server on localhost"):
        backend.reach_if_needed(lambda: None)


@pytest.mark.skipif(QGIS_PROCESS is None, reason="needs qgis_process")
@pytest.mark.parametrize("password", ["master", None])
def test_qgis_process_takes_address_certificate_and_token_from_the_profile(server, picture, tmp_path, password):
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "toposcope").symlink_to(ROOT)
    (tmp_path / "password").write_text("master\n")
    environment = {
        **os.environ,
        "QGIS_PLUGINPATH": str(plugins),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"),
        "TOPOSCOPE_HOME": str(tmp_path / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    arguments = ["", str(plugins), server.url, str(server.certificate), TOKEN]
    subprocess.run([sys.executable, "-c", KEEP, *arguments], env=environment, check=True, capture_output=True)
    if password:
        environment["QGIS_AUTH_PASSWORD_FILE"] = str(tmp_path / "password")

    def outside(*arguments):
        command = [QGIS_PROCESS, *arguments]
        nobody = subprocess.DEVNULL
        return subprocess.run(
            command, stdin=nobody, capture_output=True, text=True, env=environment, check=False, timeout=200
        )

    assert "toposcope" in outside("plugins", "enable", "toposcope").stdout
    points = tmp_path / "points.geojson"
    points.write_text(
        '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32611"}},'
        '"features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates":'
        "[500017.5, 3999987.5]}}]}"
    )
    target = tmp_path / "out.gpkg"
    values = [f"INPUT={picture.source()}", f"PROMPTS={points}", f"OUTPUT={target}"]
    ran = outside("run", "toposcope:segment", "--", *values)
    if password:
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert QgsVectorLayer(str(target), "out", "ogr").featureCount() == 1
    else:
        assert "QGIS_AUTH_PASSWORD_FILE" in ran.stdout + ran.stderr
