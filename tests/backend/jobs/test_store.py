import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.errors import BadInput, Unavailable
from backend.jobs import run_folder
from backend.jobs.events import EventLog
from backend.jobs.execution import execute
from backend.jobs.store import JobStore
from backend.protocol.jobs import DISMISSED, FAILED, RUNNING, SUCCESSFUL, JobRequest, JobState


def state(job_id, progress=0.0):
    return JobState(job_id, "segment", RUNNING, "", progress=progress)


def test_a_full_log_forgets_what_jobs_have_left_behind_first():
    log = EventLog(kept=4)
    log.publish(state("done"))
    for progress in range(20):
        log.publish(state("busy", progress))
    kept = log.since(0)
    assert len(kept) == 4
    assert [event.job.id for event in kept] == ["done", "busy", "busy", "busy"]
    assert [event.job.progress for event in log.latest()] == [0, 19]


def test_a_log_full_of_last_states_forgets_the_oldest():
    log = EventLog(kept=3)
    for job in "abcde":
        log.publish(state(job))
    log.publish(notice="disk is nearly full")
    assert [event.seq for event in log.since(0)] == [4, 5, 6]
    assert [event.job.id for event in log.latest()] == ["d", "e"]


def test_listeners_hear_of_each_event_until_they_stop():
    log, heard = EventLog(), []
    stop = log.listen(lambda: heard.append(log.seq))
    log.publish(state("a"))
    stop()
    log.publish(state("a"))
    assert heard == [1]


def test_one_key_registered_by_many_threads_is_one_job():
    store, ids = JobStore(EventLog()), set()
    threads = [threading.Thread(target=lambda: ids.add(store.register(JobRequest("x"), "key")[0].id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == len(store.all()) == 1


def test_a_key_is_bound_to_its_request():
    store = JobStore(EventLog())
    store.register(JobRequest("x", parameters={"a": 1, "b": 2}), "key")
    store.register(JobRequest("x", parameters={"b": 2, "a": 1}), "key")
    with pytest.raises(BadInput, match="idempotency"):
        store.register(JobRequest("x", parameters={"a": 2}), "key")


def test_a_final_state_is_final():
    store = JobStore(EventLog())
    job = store.register(JobRequest("x"))[0].id
    store.change(job, status=SUCCESSFUL)
    assert store.change(job, status=FAILED).status == SUCCESSFUL
    assert store.dismiss(job).status == SUCCESSFUL


def test_waiting_jobs_are_limited_and_finished_ones_forgotten():
    store = JobStore(EventLog(), waiting_limit=2, kept=1)
    jobs = [store.register(JobRequest("x"), f"key{i}")[0].id for i in range(2)]
    with pytest.raises(Unavailable, match="wait already"):
        store.register(JobRequest("x"))
    for job in jobs:
        store.change(job, status=SUCCESSFUL)
    assert [kept.id for kept in store.all()] == [jobs[1]]
    assert store.register(JobRequest("y"), "key0")[1]


def test_what_a_job_half_wrote_goes_with_it(tmp_path):
    store = JobStore(EventLog())

    def run(folder, step):
        (folder / "half.tif").write_bytes(b"x")
        store.dismiss(job)
        step(50)

    job = store.register(JobRequest("x"))[0].id
    execute(store, job, tmp_path, run, lambda: None)
    assert store.get(job).status == DISMISSED
    assert list(tmp_path.iterdir()) == []


def test_a_job_dismissed_and_forgotten_before_its_turn_does_not_run(tmp_path):
    store = JobStore(EventLog(), kept=1)
    first, second = (store.register(JobRequest("x"))[0].id for _ in range(2))
    store.dismiss(first)
    store.dismiss(second)
    execute(store, first, tmp_path, lambda folder, step: pytest.fail("it ran"), lambda: None)
    assert [state.id for state in store.all()] == [second]


def test_a_result_outside_the_folder_leaves_no_empty_folder(tmp_path):
    store, wanted = JobStore(EventLog()), tmp_path / "wanted.gpkg"

    def run(folder, step):
        wanted.write_bytes(b"x")
        return [wanted]

    job = store.register(JobRequest("x"))[0].id
    execute(store, job, tmp_path / "runs", run, lambda: None)
    assert store.get(job).results[0].path == str(wanted)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_result_that_is_not_there_fails_the_job(tmp_path):
    store = JobStore(EventLog())
    job = store.register(JobRequest("x"))[0].id
    execute(store, job, tmp_path, lambda folder, step: [folder / "missing.gpkg"], lambda: None)
    assert store.get(job).status == FAILED
    assert store.get(job).problem.code == "internal"


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_holds_or_finished_is_not(tmp_path):
    held, finished = run_folder.create(tmp_path, "held"), run_folder.create(tmp_path, "finished")
    (finished.path / "result.gpkg").touch()
    finished.complete()
    program = "import sys, os; from pathlib import Path; from backend.jobs import run_folder\n"
    program += "run_folder.create(Path(sys.argv[1]), 'killed'); os.kill(os.getpid(), 9)"
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, cwd=root)
    assert (tmp_path / "killed" / run_folder.MARKER).exists()
    assert run_folder.sweep(tmp_path) == [tmp_path / "killed"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["finished", "held"]
    held.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["finished"]
