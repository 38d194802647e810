import threading
import time


def predict(backend, session, sequence, seconds=0.0, hover=False):
    message = {"prompts": {}, "sequence": sequence, "parameters": {"seconds": seconds}, "hover": hover}
    return backend.client.post(f"/sessions/{session}/predict", json=message)


def at_once(*calls):
    """Run each call on a thread, started in order a moment apart; return the answers in that order."""
    answers = [None] * len(calls)

    def run(i):
        answers[i] = calls[i]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
        time.sleep(0.15)
    for thread in threads:
        thread.join()
    return answers


def ran(backend):
    return (backend.data / "session.log").read_text().split("\n")


def test_a_session_opens_predicts_and_is_gone_after_it_is_closed(backend):
    answer = backend.open_session()
    session = answer.json()["id"]
    assert answer.status_code == 201
    assert answer.json()["transform"] == [1.0, 0.0, 0.0, 0.0, -1.0, 0.0]
    assert predict(backend, session, 1).json()["score"] == 0.5
    assert backend.client.delete(f"/sessions/{session}").status_code == 204
    gone = predict(backend, session, 2)
    assert gone.status_code == 404
    assert gone.json()["code"] == "session-gone"


def test_the_newest_click_wins_and_older_ones_never_run(fresh):
    backend = fresh()
    session = backend.open_session().json()["id"]
    slow, stale, newest = at_once(
        lambda: predict(backend, session, 1, 1.0),
        lambda: predict(backend, session, 2),
        lambda: predict(backend, session, 3),
    )
    assert (slow.status_code, newest.status_code) == (200, 200)
    assert stale.json()["code"] == "superseded"
    assert ran(backend)[:2] == ["predict 1", "predict 3"]


def test_a_click_over_many_crops_stops_when_a_newer_one_comes(fresh):
    backend = fresh()
    session = backend.open_session().json()["id"]
    message = {"prompts": {}, "sequence": 1, "parameters": {"crops": 10_000}}
    long, newest = at_once(
        lambda: backend.client.post(f"/sessions/{session}/predict", json=message),
        lambda: predict(backend, session, 2),
    )
    assert long.json()["code"] == "superseded"
    assert newest.status_code == 200


def test_a_request_that_comes_after_a_newer_one_is_superseded(backend):
    session = backend.open_session().json()["id"]
    assert predict(backend, session, 5).status_code == 200
    assert predict(backend, session, 4).json()["code"] == "superseded"


def test_clicks_are_answered_while_a_job_runs(backend):
    job = backend.post_job("count", pieces=10_000, seconds=0.05).json()["id"]
    backend.wait(job, "running")
    session = backend.open_session().json()["id"]
    for sequence in range(5):
        assert predict(backend, session, sequence).status_code == 200
        assert backend.client.get(f"/jobs/{job}").json()["status"] == "running"
    backend.client.delete(f"/jobs/{job}")


def test_focus_runs_only_while_nothing_newer_waits(fresh):
    backend = fresh()
    session = backend.open_session().json()["id"]

    def focus(x):
        return backend.client.post(f"/sessions/{session}/focus", json={"focus": {"x": x, "y": 0}})

    _, first, second = at_once(lambda: predict(backend, session, 1, 1.0), lambda: focus(1), lambda: focus(2))
    assert first.status_code == second.status_code == 202
    end = time.monotonic() + 20
    while "focus 2.0" not in ran(backend) and time.monotonic() < end:
        time.sleep(0.02)
    assert ran(backend)[:2] == ["predict 1", "focus 2.0"]


def test_the_least_recently_used_session_makes_room(fresh):
    backend = fresh()
    sessions = [backend.open_session().json()["id"] for _ in range(8)]
    predict(backend, sessions[0], 1)
    sessions.append(backend.open_session().json()["id"])
    assert predict(backend, sessions[0], 2).status_code == 200
    assert predict(backend, sessions[1], 1).json()["code"] == "session-gone"
    assert predict(backend, sessions[8], 1).status_code == 200


def test_a_model_that_is_not_installed_is_said(backend):
    answer = backend.open_session("missing")
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "about:blank",
        "status": 409,
        "code": "model-not-installed",
        "detail": "Install it first.",
        "title": "Conflict",
    }


def test_a_source_needs_a_path_or_an_upload(backend):
    for source in ({}, {"path": "/a", "upload": "b"}):
        answer = backend.client.post("/sessions", json={"source": source, "model": "tiny"})
        assert answer.status_code == 400
