"""Every candidate is really run; what it says of itself decides."""

import os
import sys

import pytest
from toposcope.plugin.server import python_finder
from toposcope.plugin.server.errors import ServerError
from toposcope.plugin.server.plan import make_plan

posix = pytest.mark.skipif(os.name == "nt", reason="fake interpreters are shell scripts")
FACTS = (
    '{{"implementation": "{0}", "version": [{1}], "bits": {2}, "machine": "x", "venv": {3}, "libc": ["glibc", "{4}"]}}'
)


@pytest.fixture
def fake(tmp_path):
    def make(output, status=0):
        path = tmp_path / "fake python"
        path.write_text(f"#!/bin/sh\necho '{output}'\nexit {status}\n")
        path.chmod(0o700)
        return str(path)

    return make


def test_this_interpreter_answers():
    python = python_finder.probe(sys.executable)
    assert python.version == sys.version_info[:3]
    assert python.minor == f"{sys.version_info[0]}.{sys.version_info[1]}"


@posix
@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (("cpython", "3,12,1", 64, "true", "2.36"), ""),
        (("cpython", "3,10,9", 64, "true", "2.36"), "3.10.9"),
        (("cpython", "3,14,0", 64, "true", "2.36"), "3.14.0"),
        (("pypy", "3,11,1", 64, "true", "2.36"), "CPython"),
        (("cpython", "3,12,1", 32, "true", "2.36"), "32-bit"),
        (("cpython", "3,12,1", 64, "false", "2.36"), "venv"),
        (("cpython", "3,12,1", 64, "true", "2.17"), "2.17"),
    ],
)
def test_what_will_do_and_why_not(fake, facts, word):
    why_not = python_finder.probe(fake(FACTS.format(*facts))).why_not
    assert word in why_not
    assert bool(why_not) == bool(word)


@posix
@pytest.mark.parametrize(("output", "status"), [("", 0), ("QGIS 3.40 started", 0), ("[1]", 0), ("{}", 1)])
def test_a_program_that_is_no_python_is_said_not_to_run(fake, output, status):
    assert "does not run" in python_finder.probe(fake(output, status)).why_not


def test_a_missing_program_is_said_not_to_run(tmp_path):
    assert "does not run" in python_finder.probe(str(tmp_path / "none")).why_not


def test_a_choice_is_the_only_candidate(monkeypatch):
    monkeypatch.setenv("TOPOSCOPE_PYTHON", "from the environment")
    assert python_finder.candidates() == ["from the environment"]
    assert python_finder.candidates("chosen") == ["chosen"]


@posix
def test_a_bad_choice_ends_in_one_sentence(world, fake):
    with pytest.raises(ServerError) as caught:
        make_plan("core", "cpu", fake(FACTS.format("cpython", "3,9,2", 64, "true", "2.36")))
    assert caught.value.code == "no-python"
    assert "it is 3.9.2, not 3.11 to 3.13" in caught.value.sentence
