"""The process itself: killed in the middle, cut connections, clicks at once, and nothing that grows."""

import os
import socket
import threading
import time

import httpx
import psutil
import pytest

OCTETS = {"Content-Type": "application/octet-stream"}


def many(count):
    return [{"id": str(i), "points": [{"x": 500_075, "y": 3_999_935}]} for i in range(count)]


def start_job(served, image, count=1000):
    message = {"task": "segment", "source": {"path": str(image)}, "prompts": many(count)}
    job = served.client.post("/jobs", json=message).json()["id"]
    served.wait(job, ("running",))
    return job


def test_killed_during_a_job_with_an_upload(fresh, image):
    """What the killed process left is no result, and the next one removes the uploads, which may be large."""
    killed, beside = fresh(), fresh()
    for one in (killed, beside):
        one.client.post("/uploads", content=image.read_bytes(), headers=OCTETS)
    job = start_job(killed, image)
    killed.process.kill()
    killed.process.wait()
    served = fresh()
    left = served.left()
    assert [name for name in left if name.startswith("runs")] in ([], [f"runs/{job}/.incomplete"])
    held = f"uploads/{beside.process.pid}/"
    assert [name for name in left if name.startswith("uploads") and not name.startswith(held)] == []
    assert len([name for name in left if name.startswith(held)]) == 1
    assert served.click(image).status_code == 200
    assert beside.end() == 0
    assert [name for name in served.left() if name.startswith("uploads")] == []


def test_it_ends_with_its_pipe_in_the_middle_of_a_job(fresh, image):
    served = fresh()
    start_job(served, image)
    served.process.stdin.close()
    assert served.process.wait(10) == 0
    assert served.left() == []


def test_an_upload_that_breaks_off_is_not_kept(served):
    head = f"POST /uploads HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nAuthorization: Bearer {served.token}\r\n"
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        kind = "Content-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\n"
        connection.sendall(f"{head}{kind}".encode() + b"x" * 5000)
        wait_until(lambda: any(name.endswith(".part") for name in served.left()))
    wait_until(lambda: not any(name.endswith(".part") for name in served.left()))


@pytest.mark.parametrize("sequences", [(1, 2), (1, 1)])
def test_two_clicks_at_once(served, image, sequences):
    session = served.open(image).json()["id"]
    answers = [None] * 2
    gate = threading.Barrier(2)

    def click(place, sequence):
        with httpx.Client(base_url=served.client.base_url, headers=served.client.headers, trust_env=False) as client:
            client.get("/capabilities")
            gate.wait()
            message = {"prompts": many(1)[0], "sequence": sequence}
            answers[place] = client.post(f"/sessions/{session}/predict", json=message, timeout=30)

    threads = [threading.Thread(target=click, args=pair) for pair in enumerate(sequences)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[1].status_code == 200 or sequences == (1, 1)
    assert 200 in [answer.status_code for answer in answers]
    assert all(answer.status_code == 200 or answer.json()["code"] == "superseded" for answer in answers)
    assert served.predict(session, 3).status_code == 200
    served.client.delete(f"/sessions/{session}")


BROKEN = """
from backend.jobs import local_engine
def bad(*_): raise RuntimeError('secret detail')
local_engine.LocalEngine.check = bad
"""


def test_an_error_nobody_foresaw_does_not_cost_the_next_request(fresh, image, sentence):
    """Starlette and uvicorn close the connection behind such an answer, and the next click on it would be lost."""
    served = fresh(before=BROKEN)
    for _ in range(5):
        answer = served.client.post("/jobs", json={"task": "segment", "source": {"path": str(image)}})
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert sentence(answer.json()["detail"])
        assert "secret" not in answer.text
    assert served.click(image).status_code == 200
    assert "secret detail" in (served.home / "logs" / "backend.log").read_text()


def test_nothing_grows(served, image, tmp_path):
    """After clicks, sessions and failures of all kinds: files, threads and memory are what they were."""
    process = psutil.Process(served.process.pid)
    session = served.open(image).json()["id"]

    def click(times, first):
        for i in range(times):
            x, y = 500_002 + i * 7 % 100, 3_999_998 - i * 13 % 100
            box = {"x0": x, "y0": y, "x1": x + 40, "y1": y - 40}
            assert served.predict(session, first + i, {"box": box}).status_code == 200

    def fail():
        served.click(tmp_path / "none.tif")
        served.click(image, bands=[9])
        served.open(image, "sam2.1-tiny")
        served.click(image, {"points": [{"x": 0, "y": 0}]})
        served.job(image, many(1), parameters={"colour": "red"})
        assert served.click(image).status_code == 200

    click(30, 0)
    for _ in range(5):
        fail()
    files, threads, memory, left = process.num_fds(), process.num_threads(), process.memory_info().rss, served.left()
    click(200, 1000)
    rounds = 10
    for _ in range(rounds):
        fail()
    assert process.num_fds() < files + rounds  # a file left by each round; one may be open just now
    assert process.num_threads() <= threads + os.cpu_count() + 4  # the event loop's pool fills up, and no further
    assert process.memory_info().rss - memory < 32 << 20
    assert served.left() == left
    served.client.delete(f"/sessions/{session}")


def wait_until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
