"""The plugin's connection and jobs over the real server: what a person does, what goes wrong, what is seen."""

import os
import signal

import pytest
from toposcope.backend.protocol import codes
from toposcope.backend.protocol.jobs import JobRequest
from toposcope.plugin import errors
from toposcope.plugin.client.blocking_client import BlockingClient
from toposcope.plugin.client.calls import capabilities
from toposcope.plugin.server.errors import ServerError
from toposcope.plugin.settings import BACKEND_MODE, REMOTE, REMOTE_URL, Settings
from toposcope.plugin.state.background import Background
from toposcope.plugin.state.catalog import Catalog
from toposcope.plugin.state.connection import Connection, State
from toposcope.plugin.state.jobs import JobList

from tests.memory_store import MemoryStore


def kill(launch):
    os.kill(launch.started[-1].pid, signal.SIGKILL)


class TestConnection:
    def test_start_and_stop(self, connection, launch, wait):
        assert connection.state is State.STOPPED
        assert connection.endpoint() is None
        connection.start()
        assert connection.state is State.STARTING
        wait(lambda: connection.ready)
        assert "CUDA was asked for; the CPU is used." in connection.notices
        assert BlockingClient(connection.endpoint()).send(capabilities()) == connection.capabilities
        connection.stop()
        assert (connection.state, connection.endpoint()) == (State.STOPPED, None)
        wait(lambda: launch.started[-1].poll() is not None)

    def test_restart_gives_a_new_process(self, ready, launch, wait):
        ready.restart()
        wait(lambda: ready.ready and len(launch.started) == 2)
        assert launch.started[0].poll() is not None

    def test_stop_while_starting_leaves_no_process(self, connection, launch, wait):
        connection.start()
        connection.stop()
        wait(lambda: launch.started and launch.started[0].poll() is not None, 20)
        assert connection.state is State.STOPPED

    def test_stop_while_restarting_leaves_no_process(self, ready, launch, wait):
        ready.restart()
        ready.stop()
        wait(lambda: launch.started[0].poll() is not None)
        wait(lambda: not ready.findChildren(Background), 20)
        assert (ready.state, len(launch.started)) == (State.STOPPED, 1)

    def test_nothing_installed(self, application, wait):
        def launch(on_exit):
            raise ServerError("not-installed", "The backend is not installed yet.", "Install it.")

        made = Connection(Settings(MemoryStore()), str, launch)
        made.start()
        wait(lambda: made.state is State.NOT_INSTALLED)
        assert made.error.sentence == "The backend is not installed yet."

    def test_a_broken_backend_is_started_again_once(self, ready, launch, wait):
        kill(launch)
        wait(lambda: ready.ready and len(launch.started) == 2, 20)
        assert any("started again" in notice for notice in ready.notices)
        kill(launch)
        wait(lambda: ready.state is State.BROKEN)
        assert ready.error.code == errors.BACKEND_BROKEN
        assert len(launch.started) == 2
        ready.start()
        wait(lambda: ready.ready)

    def test_a_backend_elsewhere(self, launch, application, wait):
        backend = launch()
        kept = Settings(MemoryStore())
        kept.set(BACKEND_MODE, REMOTE)
        kept.set(REMOTE_URL, backend.url)
        tokens = ["wrong", backend.token]
        made = Connection(kept, lambda: tokens.pop(0))
        made.start()
        wait(lambda: made.state is State.FAILED)
        assert made.error.code == codes.UNAUTHORIZED
        made.start()
        wait(lambda: made.ready)
        made.stop()
        assert backend.poll() is None

    def test_an_address_that_would_show_the_token_is_refused(self, application):
        kept = Settings(MemoryStore())
        kept.set(BACKEND_MODE, REMOTE)
        kept.set(REMOTE_URL, "http://gpu.example:8000")
        made = Connection(kept, str)
        made.start()
        assert made.state is State.FAILED
        assert "https" in made.error.action


class TestJobs:
    @pytest.fixture
    def jobs(self, ready):
        made = JobList(ready, lambda: ["info: read /srv/secret/place.tif"], lambda: ["QGIS 3.40"])
        made.ended = []
        made.finished.connect(made.ended.append)
        return made

    def role(self, jobs, role, row=0):
        return jobs.data(jobs.index(row), role)

    def test_progress_and_end(self, jobs, wait):
        seen = []
        jobs.dataChanged.connect(lambda *_: seen.append(self.role(jobs, JobList.PROGRESS_ROLE)))
        key = jobs.submit(JobRequest("count", parameters={"pieces": 20}), "Count")
        assert self.role(jobs, JobList.TITLE_ROLE) == "Count"
        wait(lambda: jobs.ended)
        assert self.role(jobs, JobList.STATUS_ROLE) == "successful"
        assert jobs.state(key).id == self.role(jobs, JobList.ID_ROLE)
        assert seen == sorted(seen)
        assert any(0 < progress < 100 for progress in seen)

    def test_a_quick_job_ends_once(self, jobs, wait):
        keys = [jobs.submit(JobRequest("write", parameters={"size": 1}), "Write") for _ in range(10)]
        wait(lambda: len(jobs.ended) == 10)
        assert {jobs.state(key).status for key in keys} == {"successful"}

    def test_cancel(self, jobs, wait):
        key = jobs.submit(JobRequest("count", parameters={"pieces": 1000}), "Count")
        wait(lambda: self.role(jobs, JobList.STATUS_ROLE) == "running")
        jobs.cancel(key)
        wait(lambda: jobs.ended)
        assert jobs.ended[0].status == "dismissed"

    def test_cancel_before_the_backend_answered(self, jobs, ready, wait):
        key = jobs.submit(JobRequest("count", parameters={"pieces": 1000}), "Count")
        jobs.cancel(key)
        assert jobs.ended[0].status == "dismissed"
        later = jobs.submit(JobRequest("write", parameters={"size": 1}), "Write")
        wait(lambda: jobs.state(later).status == "successful")

    def test_a_failed_job_says_why_and_its_report_keeps_secrets(self, jobs, wait):
        key = jobs.submit(JobRequest("fail"), "Fail on /srv/secret/place.tif")
        wait(lambda: jobs.ended)
        assert jobs.error(key).code == codes.OUT_OF_MEMORY
        assert "memory" in self.role(jobs, JobList.ERROR_ROLE)
        report = jobs.report(key)
        assert "out-of-memory" in report
        assert "QGIS 3.40" in report
        assert "place" not in report
        assert jobs.report("unknown") == ""

    def test_the_backend_is_killed_during_a_job(self, jobs, ready, launch, wait):
        key = jobs.submit(JobRequest("count", parameters={"pieces": 1000}), "Count")
        wait(lambda: self.role(jobs, JobList.STATUS_ROLE) == "running")
        kill(launch)
        wait(lambda: jobs.ended)
        assert jobs.error(key).code == errors.JOB_INTERRUPTED
        wait(lambda: ready.ready, 20)
        jobs.submit(JobRequest("write", parameters={"size": 1}), "Write")
        wait(lambda: len(jobs.ended) == 2)
        assert jobs.ended[1].status == "successful"

    def test_without_a_backend_a_job_fails_at_once(self, jobs, ready):
        ready.stop()
        key = jobs.submit(JobRequest("count"), "Count")
        assert jobs.error(key).code == errors.BACKEND_NOT_STARTED

    def test_weights_come_and_go(self, jobs, ready, wait):
        catalog = Catalog(ready, jobs)
        assert catalog.choose("segment", "tiny") == "slow"
        assert [parameter.name for parameter in catalog.parameters("segment")] == ["seconds"]
        catalog.download("tiny", "secret")
        wait(lambda: catalog.model("tiny").installed)
        assert catalog.choose("segment", "tiny") == "tiny"
        assert self.role(jobs, JobList.TITLE_ROLE) == "Download Tiny"
        catalog.remove("tiny")
        wait(lambda: not catalog.model("tiny").installed)
