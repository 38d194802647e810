import http.client
import json
import socket
import time

import pytest

ROUTES = [
    ("GET", "/capabilities"),
    ("GET", "/jobs"),
    ("GET", "/events"),
    ("POST", "/jobs"),
    ("POST", "/sessions"),
    ("POST", "/uploads"),
    ("POST", "/models/unload"),
    ("DELETE", "/models/tiny"),
    ("GET", "/nothing-here"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("value", [None, "", "Bearer ", "Bearer wrong", "Basic {token}", "{token}", "Bearer {token}x"])
def test_a_missing_or_wrong_token_is_refused_everywhere(backend, method, path, value):
    headers = {"Authorization": (value or "").format(token=backend.token), "Content-Type": "application/json"}
    if value is None:
        del headers["Authorization"]
    status, body, _ = plain(backend, method, path, headers, b"{}")
    assert status == 401
    assert json.loads(body)["code"] == "unauthorized"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""]
)
def test_a_foreign_host_is_refused(backend, host):
    headers = {"Host": host.format(port=backend.port), "Authorization": f"Bearer {backend.token}"}
    status, body, _ = plain(backend, "GET", "/capabilities", headers)
    assert status == 421
    assert json.loads(body)["code"] == "forbidden-host"


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_its_own_names_are_answered(backend, host):
    headers = {"Host": host.format(port=backend.port), "Authorization": f"Bearer {backend.token}"}
    assert plain(backend, "GET", "/capabilities", headers)[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:{port}"])
def test_any_origin_is_refused(backend, origin):
    headers = {"Origin": origin.format(port=backend.port), "Authorization": f"Bearer {backend.token}"}
    status, body, _ = plain(backend, "GET", "/capabilities", headers)
    assert status == 403
    assert json.loads(body)["code"] == "forbidden-origin"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"])
def test_a_post_that_a_web_form_could_send_is_refused(backend, content_type):
    answer = backend.client.post("/jobs", content=b'{"task": "count"}', headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


def test_a_declared_gigabyte_is_refused_before_it_is_sent(backend):
    headers = {"Content-Length": str(10**9), "Content-Type": "application/json"}
    status, body, sent = pour(backend, headers, chunked=False)
    assert status == 413
    assert json.loads(body)["code"] == "body-too-large"
    assert sent < 200 << 20


def test_an_undeclared_gigabyte_is_cut_early(backend):
    _, _, sent = pour(backend, {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}, chunked=True)
    assert sent < 64 << 20
    assert backend.client.get("/jobs").status_code == 200


def test_an_undeclared_body_over_the_limit_gets_its_answer(backend):
    answer = backend.client.post("/jobs", content=iter([b"x" * (1 << 20), b"x"]), headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[" * 33 + b"]" * 33, "nested more than 32"),
        (b'{"task": ' * 100_000, "nested more than 32"),
        (b'{"task": "count", "parameters": {"x": ' + b"[" * 40 + b"]" * 40 + b"}}", "nested more than 32"),
        (b'{"task": "count"', "not valid JSON"),
        (b'"' + b'\\"' * 400_000, "not valid JSON"),
        (b'{"task": "count", "parameters": {"x": NaN}}', "not valid JSON"),
        (b'{"task": "count", "parameters": {"x": 1e999}}', "not valid JSON"),
        (b'{"task": "\\ud800"}', "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b'{"task": 1}', "'task' must be text"),
        (b"{}", "missing field 'task'"),
        (b'{"task": "count", "colour": 1}', "unknown field 'colour'"),
    ],
)
def test_a_malformed_body_is_named_and_refused(backend, body, words):
    answer = backend.client.post("/jobs", content=body, headers=JSON)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_brackets_within_text_do_not_count_as_nesting(backend):
    answer = backend.client.post("/jobs", json={"task": "count", "parameters": {"x": '["' * 40, "pieces": 1}})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "/jobs/1",
        "/jobs/..%2f..%2fetc%2fpasswd",
        "/jobs/../capabilities2",
        "/jobs/" + "0" * 31,
        "/jobs/" + "0" * 33,
        "/jobs/" + "A" * 32,
        "/jobs/" + "0" * 32,
        "/jobs/" + "0" * 32 + "%00",
        "/jobs/" + "0" * 32 + "/files/..%2f..%2ftoken",
        "/jobs/",
        "/docs",
        "/openapi.json",
    ],
)
def test_ids_the_server_did_not_make_are_not_found(backend, path):
    status, body, headers = plain(backend, "GET", path, {"Authorization": f"Bearer {backend.token}"})
    assert status == 404
    assert json.loads(body)["code"] == "not-found"
    assert headers["content-type"] == "application/problem+json"


def test_every_answer_is_hardened(backend):
    for answer in (backend.client.get("/capabilities"), backend.client.get("/nothing"), backend.client.put("/jobs")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers


def test_what_nobody_foresaw_shows_nothing_of_the_inside(backend):
    answer = backend.open_session("crash")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text
    assert "secret detail" in backend.log()


def test_the_log_names_the_error_and_no_secrets(backend):
    job = backend.post_job("crash").json()["id"]
    backend.wait(job, "failed")
    assert "secret detail of https://" in backend.log()
    assert "password" not in backend.log()
    assert "hf_abc" not in backend.log()


def test_the_token_is_in_no_log(backend):
    backend.client.post("/jobs", content=b"{", headers=JSON)
    assert backend.token not in backend.log()


JSON = {"Content-Type": "application/json"}
DELAYED_S = 0.04  # what a kernel that waits with its acknowledgement adds


def plain(backend, method, path, headers, body=None):
    """Send exactly these headers, path untouched."""
    connection = http.client.HTTPConnection("127.0.0.1", backend.port, timeout=20)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body is not None and method == "POST":
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body if method == "POST" else None)
    answer = connection.getresponse()
    result = answer.status, answer.read(), {key.lower(): value for key, value in answer.getheaders()}
    connection.close()
    return result


def pour(backend, headers, chunked):
    """Send 1 GB as fast as it is taken; return status, body and how much went out before the server was done."""
    head = [f"POST /jobs HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\nAuthorization: Bearer {backend.token}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    piece = b"x" * (1 << 20)
    framed = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", backend.port), timeout=20) as connection:
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n")
        try:
            if not chunked:
                while not answer.endswith(b"}"):
                    answer += connection.recv(65536) or b"}"
            while not answer and sent < 10**9:
                connection.sendall(framed)
                sent += len(piece)
        except OSError:
            return 0, b"", sent
        status = int(answer.split()[1]) if answer else 0
        return status, answer.partition(b"\r\n\r\n")[2], sent


def test_a_request_in_two_writes_is_not_held_up(backend):
    """Qt 5.15 writes header and body apart; without immediate acknowledgement the second waits 40 ms for the first."""
    head = f"POST /models/unload HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\nAuthorization: Bearer {backend.token}"
    head = f"{head}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n".encode()
    usual = held_up(backend, [head + b"{}"])  # by the machine's other work
    assert held_up(backend, [head, b"{}"]) < usual + 10


def held_up(backend, parts):
    """Return how many of 100 requests took as long as one whose acknowledgement was waited for: about half do."""
    times = []
    with socket.create_connection(("127.0.0.1", backend.port), timeout=20) as connection:
        for _ in range(100):
            before = time.perf_counter()
            for part in parts:
                connection.sendall(part)
            assert connection.recv(65536).startswith(b"HTTP/1.1 204")
            times.append(time.perf_counter() - before)
    return sum(seconds >= DELAYED_S for seconds in times)
