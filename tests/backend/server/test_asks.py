"""Questions to embeddings over HTTP, with the real engine: two fields of vectors, one east of the other."""

import json
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.protocol.asks import ANSWER_HEADER, NO_DATA
from tests.backend.server.test_sessions import at_once

ROOT = Path(__file__).parents[3]
WIDTH, SIDE = 8, 40
VIEW = {"extent": {"x0": 500_000, "y0": 4_000_000, "x1": 500_400, "y1": 4_000_400}, "columns": 40, "rows": 40}
WEST, EAST = {"x": 500_105, "y": 4_000_205}, {"x": 500_305, "y": 4_000_205}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return a client of a server of its own, and the path of a raster of vectors."""
    home = tmp_path_factory.mktemp("home")
    token = secrets.token_hex(32)
    process = subprocess.Popen(
        [sys.executable, "-m", "backend", "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        stderr=subprocess.DEVNULL, env={"PATH": "", "PYTHONPATH": str(ROOT), "TOPOSCOPE_HOME": str(home)},
    )  # fmt: skip
    process.stdin.write(token.encode() + b"\n")
    process.stdin.flush()
    port = json.loads(process.stdout.readline())["port"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20, trust_env=False) as client:
        yield client, written(home / "field.tif")
    process.stdin.close()
    process.wait(15)
    process.stdout.close()


def written(path):
    values = np.zeros((WIDTH, SIDE, SIDE), np.float32)
    values[0, :, :20], values[1, :, 20:] = 1, 1
    values += np.random.default_rng(0).normal(0, 0.05, values.shape).astype(np.float32)
    values[:, :5] = np.nan
    profile = {"driver": "GTiff", "dtype": "float32", "count": WIDTH, "width": SIDE, "height": SIDE, "nodata": np.nan}
    with rasterio.open(
        path, "w", **profile, crs="EPSG:32640", transform=Affine(10, 0, 500_000, 0, -10, 4_000_400)
    ) as d:
        d.write(values)
        d.update_tags(TOPOSCOPE_MODEL="somebody")
    return str(path)


@pytest.fixture
def ask(served):
    client, path = served
    answer = client.post("/asks", json={"source": {"path": path}})
    assert answer.status_code == 201
    yield answer.json()
    client.delete(f"/asks/{answer.json()['id']}")


def heat(client, ask, **message):
    return client.post(f"/asks/{ask['id']}/heat", json={"view": VIEW, "sequence": 1, **message})


def image(answer):
    about = json.loads(answer.headers[ANSWER_HEADER])
    return np.frombuffer(answer.content, np.uint8).reshape(about["rows"], about["columns"]), about


def test_opening_says_what_there_is(ask):
    assert (ask["model"], ask["width"], ask["columns"], ask["rows"]) == ("somebody", WIDTH, SIDE, SIDE)
    assert ask["extent"] == {"x0": 500_000, "y0": 4_000_000, "x1": 500_400, "y1": 4_000_400}
    assert not ask.get("phrases")
    assert "reads no phrases" in ask["notice"]


def test_a_click_lights_what_is_alike_and_a_second_one_what_is_not(served, ask):
    shown, about = image(heat(served[0], ask, points=[WEST]))
    assert (shown[:5] == NO_DATA).all()
    threshold = 250 * (about["threshold"] - about.get("low", 0)) / (about["high"] - about.get("low", 0))
    assert (shown[5:, :20] > threshold).mean() > 0.9
    assert (shown[5:, 20:] < threshold).mean() > 0.9
    other, _ = image(heat(served[0], ask, points=[EAST, {**WEST, "label": 0}], sequence=2))
    assert other[5:, 20:].min() > other[5:, :20].max()


def test_an_area_is_an_example(served, ask):
    x0, y0, x1, y1 = 500_050, 4_000_100, 500_150, 4_000_200
    ring = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]
    shown, _ = image(heat(served[0], ask, polygons=[[ring]]))
    assert shown[5:, :20].min() > shown[5:, 20:].max()


def test_a_coarser_view_and_one_beside(served, ask):
    view = {**VIEW, "columns": 10, "rows": 10}
    shown, about = image(heat(served[0], ask, points=[WEST], view=view))
    assert shown.shape == (10, 10)
    assert about["extent"] == VIEW["extent"]
    beside = {"extent": {"x0": 0, "y0": 0, "x1": 10, "y1": 10}, "columns": 4, "rows": 4}
    shown, about = image(heat(served[0], ask, points=[WEST], view=beside, sequence=2))
    assert shown.tolist() == [[NO_DATA]]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"points": [{"x": 0, "y": 0}]}, "prompt-outside"),
        ({"points": [{"x": 500_105, "y": 4_000_395}]}, "no-valid-pixels"),
        ({"points": [{**WEST, "label": 0}]}, "prompt-invalid"),
        ({}, "prompt-invalid"),
        ({"phrase": "water"}, "parameter-invalid"),
        ({"points": [WEST], "view": {**VIEW, "columns": 4000, "rows": 4000}}, "bad-request"),
    ],
)
def test_what_cannot_be_answered_is_said(served, ask, message, code):
    answer = heat(served[0], ask, **message)
    assert answer.json()["code"] == code
    assert answer.json()["detail"].endswith(".")


def test_the_least_recently_used_is_closed_and_says_so(served):
    client, path = served
    opened = [client.post("/asks", json={"source": {"path": path}}).json() for _ in range(4)]
    gone = heat(client, opened[0], points=[WEST])
    assert (gone.status_code, gone.json()["code"]) == (404, "session-gone")
    assert heat(client, opened[3], points=[WEST]).status_code == 200
    assert [client.delete(f"/asks/{one['id']}").status_code for one in opened[1:]] == [204] * 3


def test_an_old_question_is_superseded(served, ask):
    client, _ = served
    assert heat(client, ask, points=[WEST], sequence=5).status_code == 200
    assert heat(client, ask, points=[WEST], sequence=4).json()["code"] == "superseded"


def test_many_at_once_end_with_the_newest(served, ask):
    answers = at_once(*(lambda n=n: heat(served[0], ask, points=[WEST], sequence=n) for n in (1, 2, 3)))
    assert answers[-1].status_code == 200
    assert {answer.status_code for answer in answers} <= {200, 409}


def test_classes_are_learnt_from_clicks(served, ask):
    points = [{"x": x, "y": 4_000_005 + 10 * n} for n in range(3) for x in (500_105, 500_305)]
    classes = [{"name": "west", "points": points[::2]}, {"name": "east", "points": points[1::2]}]
    shown, about = image(
        served[0].post(f"/asks/{ask['id']}/classes", json={"view": VIEW, "sequence": 1, "classes": classes})
    )
    names = np.array([*about["names"], *[""] * (256 - len(about["names"]))])[shown]
    assert set(np.unique(names[5:, :20])) == {"west"}
    assert set(np.unique(names[5:, 20:])) == {"east"}
    assert (shown[:5] == NO_DATA).all()


def test_a_search_job_leaves_similarity_and_places(served):
    client, path = served
    message = {
        "task": "search",
        "source": {"path": path},
        "prompts": [{"points": [WEST]}],
        "parameters": {"most": 3, "threshold": 0.6},
    }
    job = client.post("/jobs", json=message).json()
    end = time.monotonic() + 20
    while job["status"] not in ("successful", "failed") and time.monotonic() < end:
        time.sleep(0.05)
        job = client.get(f"/jobs/{job['id']}").json()
    assert sorted(file["name"] for file in job["results"]) == ["places.gpkg", "run.json", "similarity.tif"]
    wrong = client.post("/jobs", json={**message, "parameters": {"mots": 3}})
    assert wrong.json()["code"] == "parameter-invalid"
    assert client.post("/jobs", json={**message, "prompts": []}).json()["code"] == "prompt-invalid"
