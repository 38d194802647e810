"""Requests that ask for the impossible or try to reach what they should not."""

import socket

import pytest

X, Y = 500_075.0, 3_999_935.0
ON = {"x": X, "y": Y}


@pytest.mark.parametrize(
    "prompts",
    [
        {},
        {"points": [{"x": 0, "y": 0}]},
        {"points": [{**ON, "label": 0}]},
        {"points": [{**ON, "label": 7}]},
        {"points": [{"x": 1e308, "y": -1e308}]},
        {"points": [{"x": 10**400, "y": 1}]},
        {"points": [ON] * 2000},
        {"box": {"x0": 0, "y0": 0, "x1": 1, "y1": 1}},
        {"box": {"x0": X, "y0": Y, "x1": X, "y1": Y}},
        {"points": [ON], "id": "a\0b"},
        {"points": [ON], "id": "x" * 10_000},
    ],
    ids=["none", "outside", "negative", "label", "far", "huge", "many", "box outside", "flat box", "NUL", "long id"],
)
def test_prompts_that_point_at_nothing(served, image, sentence, prompts):
    answer = served.click(image, prompts)
    assert answer.status_code in (400, 422)
    assert sentence(answer.json()["detail"]), answer.json()["detail"]
    assert served.click(image).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"output": {"path": "../out.gpkg"}},
        {"output": {"path": "{folder}/none/out.gpkg"}},
        {"output": {"path": "{folder}"}},
        {"output": {"path": "{folder}/out.txt"}},
        {"output": {"path": "{folder}/a\0.gpkg"}},
        {"output": {"path": "{folder}/" + "a" * 300 + ".gpkg"}},
        {"output": {"path": "/vsimem/a.gpkg"}},
        {"output": {"path": "/dev/full"}},
        {"output": {"path": "{folder}/a.gpkg", "layer": "gpkg_contents"}},
        {"output": {"path": "{folder}/a.gpkg", "layer": "../other"}},
        {"output": {"path": "{folder}/a.gpkg", "layer": "sqlite_master"}},
        {"output": {"path": "{folder}/a.gpkg", "layer": "a\0b"}},
        {"output": {"path": "{folder}/a.gpkg", "layer": "a" * 100_000}},
        {"parameters": {"min_area": 10**400}},
        {"parameters": {"outline": None}},
        {"parameters": {"colour": "red"}},
        {"device": "abacus"},
    ],
)
def test_jobs_that_cannot_be_carried_out(served, image, sentence, tmp_path, change):
    if "output" in change:
        change["output"]["path"] = change["output"]["path"].replace("{folder}", str(tmp_path))
    before = served.left()
    ended = served.job(image, **change)
    problem = ended.get("problem", ended)
    assert problem["code"] in ("output-unwritable", "parameter-invalid"), problem
    assert sentence(problem["detail"]), problem["detail"]
    assert list(tmp_path.iterdir()) == []
    assert served.left() == before


def test_a_layer_name_that_looks_like_sql_is_a_name(served, image, tmp_path):
    output = {"path": str(tmp_path / "a.gpkg"), "layer": "a\"b'; drop table objects;--"}
    assert served.job(image, output=output)["status"] == "successful"


def test_a_device_that_is_none_opens_nothing(served, image):
    message = {"source": {"path": str(image)}, "model": "classic", "device": "abacus"}
    assert served.client.post("/sessions", json=message).json()["code"] == "parameter-invalid"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer " + "0" * 64}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_who_may_not_ask(served, sentence, headers, status):
    answer = served.client.get("/capabilities", headers=headers)
    assert answer.status_code == status
    assert sentence(answer.json()["detail"])


@pytest.mark.parametrize("path", ["/jobs/..%2f..%2fetc%2fpasswd", "/sessions/../../x", "/models/..%2f..%2fx/download"])
def test_ids_that_climb(served, path):
    assert served.client.post(path, json={}).status_code in (404, 405)


@pytest.mark.parametrize("path", ["/jobs", "/sessions", "/uploads"])
def test_a_body_of_three_gigabytes(served, image, path):
    """It is refused before it is read; what was sent of it is not kept."""
    before = served.left()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nAuthorization: Bearer {served.token}\r\n"
    kind = "octet-stream" if path == "/uploads" else "json"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(f"{head}Content-Type: application/{kind}\r\nContent-Length: {3 << 30}\r\n\r\n".encode())
        assert b" 413 " in connection.recv(65536).split(b"\r\n")[0]
    assert served.left() == before
    assert served.click(image).status_code == 200


LINES = [
    "", "{", "\0", "[]", "[" * 20_000, '{"points": [[75, 65, 1]]}', '{"id": true, "points": [[75, 65]]}',
    '{"id": "a", "points": [[1%s, 2, 1]]}' % ("0" * 400), '{"id": 1%s}' % ("0" * 5000),
    '{"id": "\\ud800", "points": [[75, 65]]}', '{"id": "a\\u0000b", "points": [[75, 65]]}',
    '{"id": "%s", "points": [[75, 65]]}' % ("x" * 5000), '{"id": "a", "points": {"x": 1}}',
    '{"id": "a", "points": "abc"}', '{"id": "a", "points": [[75]]}', '{"id": "a", "points": [[NaN, 1]]}',
    '{"id": "a", "points": [[75, 65]], "box": [1, 2]}', '{"id": "a", "box": [9, 9, 9, 9]}',
    '{"id": "../../evil", "points": [[75, 65]]}', '{"id": "con", "points": [[75, 65]]}',
    '{"id": "a", "points": [[75, 65]]}\n{"id": "A", "points": [[75, 65]]}',
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_prompt_file_with_a_bad_line(segment, sentence, image, tmp_path, line):
    prompts, masks = tmp_path / "p.jsonl", tmp_path / "masks"
    prompts.write_text('{"id": "good", "points": [[75, 65]]}\n' + line if line else "")
    words = (image, "--pixel", "--prompts", prompts, "--out", tmp_path / "o.gpkg", "--masks", masks)
    code, said = segment(*words)
    assert code == 2
    assert sentence(said), said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.jsonl"]
