"""The plugin's clients against the backend's server, in two processes."""

import hashlib
import os
import signal
import ssl
import threading
import time
from dataclasses import replace
from functools import partial

import pytest
from toposcope.backend.protocol import PROTOCOL_VERSION, codes
from toposcope.backend.protocol.jobs import JobRequest
from toposcope.backend.protocol.prompts import Point, Prompts
from toposcope.backend.protocol.sessions import PredictRequest, SessionRequest
from toposcope.backend.protocol.source import Source
from toposcope.backend.protocol.transfers import DownloadRequest
from toposcope.plugin.client import calls, failures
from toposcope.plugin.client.blocking_client import BlockingClient
from toposcope.plugin.client.client import ignore
from toposcope.plugin.client.endpoint import Endpoint
from toposcope.plugin.client.failures import ClientError
from toposcope.plugin.client.http_client import HttpClient


class Asker:
    """Sends calls and waits for their ends on the event loop."""

    def __init__(self, client, wait):
        self.client, self._wait = client, wait
        self.events, self.streaming = [], []
        client.happened.connect(self.events.append)
        client.streaming.connect(self.streaming.append)

    def __call__(self, call):
        return self.end(lambda done, failed: self.client.send(call, done, failed))

    def end(self, start):
        ends = []
        start(lambda answer: ends.append((answer, None)), lambda problem: ends.append((None, problem)))
        self._wait(lambda: ends)
        return ends[0]


@pytest.fixture
def http(endpoint, wait):
    client = HttpClient(endpoint)
    yield Asker(client, wait)
    client.close()


def job(task, **parameters):
    return JobRequest(task, parameters=parameters)


def predict(sequence, *points, mask="", **parameters):
    return PredictRequest(Prompts(points=tuple(Point(*point) for point in points)), sequence, mask, False, parameters)


def test_capabilities_over_both_transports(http, endpoint):
    answer, problem = http(calls.capabilities())
    assert problem is None
    assert answer.protocol == PROTOCOL_VERSION
    assert BlockingClient(endpoint).send(calls.capabilities()) == answer


def test_a_session_from_open_to_close(http, image):
    info, _ = http(calls.open_session(SessionRequest(Source(str(image)), "tiny")))
    assert (info.crs, info.width) == ("EPSG:32611", 40)
    first, _ = http(calls.predict(info.id, predict(1, (5, 6))))
    assert first.polygons[0][0][0] == (4.0, 5.0)
    second, _ = http(calls.predict(info.id, predict(2, (5, 6), (8, 8, 0), mask=first.mask)))
    assert len(second.polygons) == 1
    assert http(calls.focus(info.id, Point(3, 4))) == (None, None)
    assert http(calls.close_session(info.id)) == (None, None)
    _, problem = http(calls.predict(info.id, predict(3, (5, 6))))
    assert problem.code == codes.SESSION_GONE


def test_an_older_request_is_superseded(http, image, wait):
    info, _ = http(calls.open_session(SessionRequest(Source(str(image)), "tiny")))
    ends = {}

    def end(sequence, how):
        ends[sequence] = getattr(how, "code", "done")

    def send(sequence, seconds):
        call = calls.predict(info.id, predict(sequence, (5, 5), seconds=seconds))
        http.client.send(call, partial(end, sequence), partial(end, sequence))

    send(1, 0.5)
    wait((image.parent / "data/session.log").exists)
    send(2, 0)
    send(3, 0)
    wait(lambda: len(ends) == 3)
    assert ends == {1: "done", 2: codes.SUPERSEDED, 3: "done"}


def test_the_backends_problems_arrive(http):
    _, problem = http(calls.open_session(SessionRequest(Source("/nowhere/at-all.tif"), "tiny")))
    assert problem.code == codes.SOURCE_MISSING
    _, problem = http(calls.submit(job("unknown"), "k"))
    assert problem.code == codes.BAD_REQUEST


def test_job_events_from_start_to_result(http, wait):
    http.client.listen()
    wait(lambda: http.streaming == [True])
    state, _ = http(calls.submit(job("count", pieces=3), "k1"))
    again, _ = http(calls.submit(job("count", pieces=3), "k1"))
    assert again.id == state.id
    wait(lambda: any(event.job and event.job.status == "successful" for event in http.events))
    assert [event.seq for event in http.events] == sorted({event.seq for event in http.events})
    assert {event.job.id for event in http.events} == {state.id}


def test_a_running_job_is_cancelled_long_before_its_end(http, wait):
    http.client.listen()
    state, _ = http(calls.submit(job("count", pieces=100_000), "k"))
    wait(lambda: any(event.job.status == "running" for event in http.events))
    http(calls.dismiss(state.id))
    wait(lambda: http.events[-1].job.status == "dismissed")
    assert max(event.job.progress for event in http.events) < 50


def test_a_result_is_fetched_whole_or_not_at_all(http, endpoint, tmp_path, wait):
    blocking = BlockingClient(endpoint)
    state = blocking.run(job("write", size=3_000_000), ignore, lambda: False)
    file = state.results[0]
    target = tmp_path / "fetched.bin"
    for fetch in (
        lambda: blocking.fetch(state.id, file, target),
        lambda: http.end(lambda done, failed: http.client.fetch(state.id, file, target, done, failed))[0],
    ):
        assert fetch() == target
        assert hashlib.sha256(target.read_bytes()).hexdigest() == file.sha256
        target.unlink()
    wrong = replace(file, sha256="0" * 64)
    _, problem = http.end(lambda done, failed: http.client.fetch(state.id, wrong, target, done, failed))
    assert problem.code == failures.ANSWER_UNREADABLE
    with pytest.raises(ClientError) as error:
        blocking.fetch(state.id, wrong, target)
    assert error.value.problem.code == failures.ANSWER_UNREADABLE
    gone = replace(file, name="other.bin")
    _, problem = http.end(lambda done, failed: http.client.fetch(state.id, gone, target, done, failed))
    assert problem.code == codes.NOT_FOUND
    nowhere = tmp_path / "no" / "such" / "folder.bin"
    _, problem = http.end(lambda done, failed: http.client.fetch(state.id, file, nowhere, done, failed))
    assert problem.code == failures.FILE_UNWRITABLE
    with pytest.raises(ClientError) as error:
        blocking.fetch(state.id, file, nowhere)
    assert error.value.problem.code == failures.FILE_UNWRITABLE
    assert [path.name for path in tmp_path.iterdir() if "fetched" in path.name] == []


def test_an_upload_can_be_opened(launch, image, wait):
    backend = launch(lambda *_: None, "--remote")
    port = int(backend.url.rpartition(":")[2])
    endpoint = Endpoint("127.0.0.1", port, False, backend.token)
    client = HttpClient(endpoint)
    asker = Asker(client, wait)
    sent = []
    progress = lambda sent_bytes, total: sent.append((sent_bytes, total))  # noqa: E731
    first, _ = asker.end(lambda done, failed: client.upload(image, done, failed, progress))
    second = BlockingClient(endpoint).upload(image)
    assert first != second
    assert (image.stat().st_size, image.stat().st_size) in sent
    for upload in (first, second):
        info, problem = asker(calls.open_session(SessionRequest(Source(upload=upload), "tiny")))
        assert problem is None
        assert info.width == 40
    _, problem = asker.end(lambda done, failed: client.upload(image / "no", done, failed, lambda a, b: None))
    assert problem.code == failures.FILE_UNREADABLE
    client.close()


def test_a_wrong_token_is_refused_on_both_transports(endpoint, wait):
    wrong = replace(endpoint, token="x" * 64)
    client = HttpClient(wrong)
    _, problem = Asker(client, wait)(calls.capabilities())
    client.close()
    assert problem.code == codes.UNAUTHORIZED
    with pytest.raises(ClientError) as error:
        BlockingClient(wrong).send(calls.capabilities())
    assert error.value.problem.code == codes.UNAUTHORIZED


def test_nothing_listens(wait, launch):
    backend = launch()
    backend.stop()
    endpoint = Endpoint("127.0.0.1", int(backend.url.rpartition(":")[2]), False, backend.token)
    client = HttpClient(endpoint)
    _, problem = Asker(client, wait)(calls.capabilities())
    client.close()
    assert problem.code == failures.CONNECTION_REFUSED
    with pytest.raises(ClientError) as error:
        BlockingClient(endpoint).send(calls.capabilities())
    assert error.value.problem.code == failures.CONNECTION_REFUSED


def test_no_tls_where_tls_is_expected(endpoint, wait):
    """A server that cannot prove who it is never sees the token."""
    secure = replace(endpoint, secure=True)
    client = HttpClient(secure)
    _, problem = Asker(client, wait)(calls.capabilities())
    client.close()
    assert problem.code in (failures.TLS_FAILED, failures.CONNECTION_LOST)
    with pytest.raises(ClientError) as error:
        BlockingClient(secure).send(calls.capabilities())
    assert error.value.problem.code == failures.TLS_FAILED


def test_the_backend_is_killed_during_a_call(launch, image, wait):
    backend = launch()
    endpoint = Endpoint("127.0.0.1", int(backend.url.rpartition(":")[2]), False, backend.token)
    client = HttpClient(endpoint)
    asker = Asker(client, wait)
    client.listen()
    wait(lambda: asker.streaming == [True])
    info, _ = asker(calls.open_session(SessionRequest(Source(str(image)), "tiny")))
    threading.Timer(0.3, os.kill, (backend.pid, signal.SIGKILL)).start()
    _, problem = asker(calls.predict(info.id, predict(1, (5, 5), seconds=30)))
    lost = (failures.CONNECTION_REFUSED, failures.CONNECTION_LOST, failures.CONNECTION_TIMEOUT)
    assert problem.code in lost  # Qt 5 tries once more and then finds nobody
    wait(lambda: asker.streaming == [True, False])
    client.close()


def test_events_go_on_where_they_stopped(http, wait):
    http.client.listen()
    http(calls.submit(job("count", pieces=2), "a"))
    wait(lambda: any(event.job.status == "successful" for event in http.events))
    seen, last = len(http.events), http.events[-1].seq
    http.client._feed._hang_up()
    wait(lambda: http.streaming == [True, False])
    second, _ = http(calls.submit(job("count", pieces=2), "b"))
    wait(lambda: any(e.job.id == second.id and e.job.status == "successful" for e in http.events))
    later = http.events[seen:]
    assert {event.job.id for event in later} == {second.id}
    assert [event.seq for event in later] == list(range(last + 1, last + 1 + len(later)))


def test_a_closed_client_says_nothing_more(endpoint, image, wait):
    client = HttpClient(endpoint)
    asker = Asker(client, wait)
    client.listen()
    wait(lambda: asker.streaming == [True])
    ends = []
    client.send(calls.capabilities(), ends.append, ends.append)
    client.close()
    client.send(calls.capabilities(), ends.append, ends.append).abort()
    until = time.monotonic() + 0.3
    wait(lambda: time.monotonic() > until)
    assert ends == []
    assert asker.streaming == [True]


def test_a_blocking_job_reports_and_is_cancelled(endpoint):
    client = BlockingClient(endpoint)
    states = []
    with pytest.raises(ClientError) as error:
        client.run(job("count", pieces=1000), states.append, lambda: len(states) > 2)
    assert error.value.problem.code == codes.CANCELLED
    assert states[-1].progress >= states[0].progress
    with pytest.raises(ClientError) as error:
        client.run(job("fail"), ignore, lambda: False)
    assert error.value.problem.code == codes.OUT_OF_MEMORY


def test_models_are_downloaded_imported_and_removed(http, wait):
    http.client.listen()
    state, _ = http(calls.download_model("tiny", DownloadRequest("secret"), "k"))
    assert (state.task, state.model) == ("download", "tiny")
    wait(lambda: any(event.job.status == "successful" for event in http.events))
    assert http(calls.capabilities())[0].models[0].installed
    assert http(calls.remove_model("tiny")) == (None, None)
    assert not http(calls.capabilities())[0].models[0].installed
    _, problem = http(calls.download_model("../etc", DownloadRequest(), "k2"))
    assert problem.code in (codes.MODEL_UNKNOWN, codes.NOT_FOUND)


def test_the_default_tls_context_checks_certificates():
    context = ssl.create_default_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
