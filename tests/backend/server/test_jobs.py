import hashlib
import json

import pytest


def test_a_job_is_registered_before_the_answer_and_runs_to_its_end(backend):
    answer = backend.post_job("write")
    state = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/jobs/{state['id']}"
    assert backend.client.get(answer.headers["location"]).status_code == 200
    final = backend.wait(state["id"])
    assert (final["status"], final["progress"]) == ("successful", 100.0)
    assert final["notices"] == ["CUDA was asked for; the CPU is used."]
    assert final["created"] <= final["started"] <= final["finished"]
    assert state["id"] in [job["id"] for job in backend.client.get("/jobs").json()["jobs"]]


def test_results_are_listed_hashed_and_served(backend):
    job = backend.post_job("write").json()["id"]
    backend.wait(job)
    (file,) = backend.client.get(f"/jobs/{job}/result").json()["results"]
    content = backend.client.get(f"/jobs/{job}/files/{file['name']}").content
    assert content == b"polygons"
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert file["size"] == len(content)
    assert backend.client.get(f"/jobs/{job}/files/other.gpkg").status_code == 404
    assert backend.client.get(f"/jobs/{job}/files/.incomplete").status_code == 404
    assert [path.name for path in (backend.data / "runs" / job).iterdir()] == ["result.gpkg"]


def test_the_same_key_and_request_is_the_same_job(backend):
    first = backend.post_job("count", key="again", pieces=1)
    second = backend.post_job("count", key="again", pieces=1)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert backend.post_job("count", pieces=1).json()["id"] != first.json()["id"]


def test_the_same_key_with_another_request_is_a_conflict(backend):
    backend.post_job("count", key="once", pieces=1)
    answer = backend.post_job("count", key="once", pieces=2)
    assert answer.status_code == 409
    assert "idempotency key" in answer.json()["detail"]


def test_a_dismissed_job_stops_long_before_its_end_and_leaves_nothing(backend):
    job = backend.post_job("count", pieces=10_000).json()["id"]
    backend.wait(job, "running")
    backend.client.delete(f"/jobs/{job}")
    assert backend.wait(job)["status"] == "dismissed"
    assert not (backend.data / "runs" / job).exists()
    assert backend.client.get(f"/jobs/{job}/result").status_code == 409


def test_a_waiting_job_is_dismissed_at_once_and_never_runs(backend):
    first = backend.post_job("count", pieces=10_000).json()["id"]
    second = backend.post_job("count", pieces=1).json()["id"]
    assert backend.client.delete(f"/jobs/{second}").json()["status"] == "dismissed"
    backend.client.delete(f"/jobs/{first}")
    backend.wait(first)
    assert "started" not in backend.wait(second)


@pytest.mark.parametrize(
    ("task", "code", "words"),
    [
        ("fail", "out-of-memory", "The model does not fit."),
        ("crash", "internal", "its log has the details"),
        ("full", "disk-full", "free some space"),
    ],
)
def test_a_failed_job_says_why(backend, task, code, words):
    job = backend.post_job(task).json()["id"]
    state = backend.wait(job)
    assert state["status"] == "failed"
    assert state["problem"]["code"] == code
    assert words in state["problem"]["detail"]
    assert backend.client.get(f"/jobs/{job}/result").json()["code"] == code
    assert not (backend.data / "runs" / job).exists()


def test_an_unknown_task_is_refused_before_it_is_a_job(backend):
    before = len(backend.client.get("/jobs").json()["jobs"])
    assert backend.post_job("paint").status_code == 422
    assert len(backend.client.get("/jobs").json()["jobs"]) == before


@pytest.mark.parametrize("path", ["relative.gpkg", "{data}/missing/out.gpkg", "{data}"])
def test_an_output_that_cannot_be_written_is_refused(backend, path):
    message = {"task": "write", "output": {"path": path.format(data=backend.data)}}
    answer = backend.client.post("/jobs", json=message)
    assert answer.json()["code"] == "output-unwritable"


@pytest.mark.parametrize("path", ["/vsicurl/http://host/x.tif", "http://host/x.tif", "x.tif", "", "/no/such/file.tif"])
def test_a_source_that_may_not_be_read_is_refused(backend, path):
    answer = backend.client.post("/jobs", json={"task": "write", "source": {"path": path}})
    assert 400 <= answer.status_code < 500


def test_a_full_queue_says_so(fresh):
    backend = fresh()
    answers = [backend.post_job("count", pieces=10_000) for _ in range(101)]
    assert [answer.status_code for answer in answers] == [201] * 100 + [429]
    assert answers[-1].json()["code"] == "queue-full"


def test_downloads_run_beside_the_device(backend):
    stuck = backend.post_job("count", pieces=10_000).json()["id"]
    backend.wait(stuck, "running")
    answer = backend.client.post("/models/tiny/download", json={"token": "hf_secret"})
    assert answer.status_code == 201
    assert backend.wait(answer.json()["id"])["status"] == "successful"
    assert backend.client.get(f"/jobs/{stuck}").json()["status"] == "running"
    backend.client.delete(f"/jobs/{stuck}")
    assert "hf_secret" not in backend.log() + backend.client.get("/jobs").text


def test_an_import_that_fails_is_a_failed_job(backend):
    answer = backend.client.post("/models/tiny/import", json={"path": str(backend.data)})
    assert backend.wait(answer.json()["id"])["problem"]["code"] == "weights-refused"


def test_an_unknown_model_is_not_found(backend):
    for path in ("/models/other/download", "/models/..%2f..%2fx/download", "/models/other/import"):
        assert backend.client.post(path, json={}).status_code == 404
    assert backend.client.delete("/models/other").status_code == 404


def test_events_tell_the_whole_story_and_replay_from_any_number(backend):
    job = backend.post_job("count", pieces=20).json()["id"]
    story = collect(backend, job, {})
    statuses = [event["job"]["status"] for event in story]
    assert statuses[-1] == "successful"
    assert [event["seq"] for event in story] == sorted({event["seq"] for event in story})
    progress = [event["job"].get("progress", 0) for event in story]
    assert progress == sorted(progress)
    middle = story[0]["seq"]
    again = collect(backend, job, {"Last-Event-ID": str(middle)})
    assert again[0]["seq"] > middle
    assert again[-1] == story[-1]
    full = collect(backend, job, {"Last-Event-ID": "0"})
    assert [event["job"]["status"] for event in full][:2] == ["accepted", "running"]


def test_a_number_from_another_run_replays_everything(backend):
    job = backend.post_job("write").json()["id"]
    assert collect(backend, job, {"Last-Event-ID": "99999999"})[-1]["job"]["status"] == "successful"


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30])
def test_a_last_event_id_that_is_no_number_is_refused(backend, last):
    assert backend.client.get("/events", headers={"Last-Event-ID": last}).status_code == 400


def collect(backend, job, headers):
    """Read the stream until `job` is final; return its events."""
    events = []
    with backend.client.stream("GET", "/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line[6:])
                if event.get("job", {}).get("id") == job:
                    events.append(event)
                    if event["job"]["status"] in ("successful", "failed", "dismissed"):
                        return events
    raise AssertionError("the stream ended")
