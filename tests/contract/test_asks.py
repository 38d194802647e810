"""Questions to embeddings through everything that is ours: the plugin's client, the real server, real vectors."""

import subprocess

import pytest
from toposcope.backend.protocol import codes
from toposcope.backend.protocol.asks import NO_DATA, AskRequest, ClassesRequest, ClassExamples, HeatRequest, View
from toposcope.backend.protocol.prompts import Box, Point
from toposcope.backend.protocol.source import Source
from toposcope.plugin.client import asks
from toposcope.plugin.client.endpoint import parse_endpoint
from toposcope.plugin.client.http_client import HttpClient
from toposcope.plugin.server import launcher

WRITE = """
import sys, numpy as np, rasterio
values = np.random.default_rng(0).normal(0, 0.02, (8, 20, 30)).astype("float32")
values[0, :, :15] += 1; values[1, :, 15:] += 1; values[:, 0] = np.nan
with rasterio.open(sys.argv[1], "w", driver="GTiff", dtype="float32", count=8, width=30, height=20, nodata=np.nan,
                   crs="EPSG:32640", transform=rasterio.Affine(10, 0, 0, 0, -10, 200)) as dataset:
    dataset.write(values)
"""
VIEW = View(Box(0, 0, 300, 200), 30, 20)


@pytest.fixture
def ask(python, tmp_path, monkeypatch, application, wait):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    path = tmp_path / "field.tif"
    subprocess.run([str(python), "-c", WRITE, str(path)], check=True)
    backend = launcher.start(python, lambda status, lines: None)
    client = HttpClient(parse_endpoint(backend.url, backend.token))

    def send(call):
        ends = []
        client.send(call, lambda answer: ends.append((answer, None)), lambda problem: ends.append((None, problem)))
        wait(lambda: ends, 60)
        return ends[0]

    yield send, path
    client.close()
    backend.stop()


def test_heat_and_classes_from_open_to_close(ask):
    send, path = ask
    info, _ = send(asks.open_ask(AskRequest(Source(str(path)))))
    assert (info.columns, info.rows, info.width, info.phrases) == (30, 20, 8, False)
    west, east = Point(55, 55), Point(255, 55)
    heat, _ = send(asks.heat(info.id, HeatRequest(VIEW, 1, (west, Point(255, 55, 0)))))
    about = heat.answer
    assert (about.columns, about.rows, about.extent) == (30, 20, VIEW.extent)
    byte = 250 * (about.threshold - about.low) / (about.high - about.low)
    rows = [heat.pixels[row * 30 : row * 30 + 30] for row in range(20)]
    assert set(rows[0]) == {NO_DATA}
    assert all(min(row[:15]) > byte > max(row[15:]) for row in rows[1:])
    shown = (ClassExamples("west", (west, Point(55, 105))), ClassExamples("east", (east, Point(255, 105))))
    classes, _ = send(asks.classes(info.id, ClassesRequest(VIEW, 2, shown)))
    names = [classes.answer.names[value] for value in (classes.pixels[330], classes.pixels[359])]
    assert names == ["west", "east"]
    again, _ = send(asks.classes(info.id, ClassesRequest(VIEW, 3, saved=classes.answer.classifier)))
    assert again.pixels == classes.pixels
    assert send(asks.close_ask(info.id)) == (None, None)
    _, problem = send(asks.heat(info.id, HeatRequest(VIEW, 4, (west,))))
    assert problem.code == codes.SESSION_GONE
