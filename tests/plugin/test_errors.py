from toposcope.backend.protocol import codes
from toposcope.backend.protocol.problem import Problem
from toposcope.plugin import errors
from toposcope.plugin.client import failures

CODES = {value for name, value in vars(codes).items() if name.isupper()} | {*failures.ALL, *errors.OWN}


def test_every_code_has_a_text_of_its_own():
    unknown = errors.user_error(Problem("from-the-future", "")).sentence
    assert [code for code in CODES if errors.user_error(Problem(code, "")).sentence == unknown] == [codes.INTERNAL]


def test_every_text_is_a_sentence_and_says_what_to_do():
    no_action = {codes.SUPERSEDED, codes.CANCELLED}
    for code in CODES:
        error = errors.user_error(Problem(code, "detail"))
        assert error.title
        assert not error.title.endswith(".")
        assert error.sentence.endswith(".")
        assert error.action.endswith(".") or code in no_action, code


def test_the_backends_sentence_is_kept():
    error = errors.user_error(Problem(codes.DISK_FULL, "No space left for result.gpkg."))
    assert (error.code, error.detail) == (codes.DISK_FULL, "No space left for result.gpkg.")


def test_a_code_from_the_future_reads_as_an_internal_error():
    error = errors.user_error(Problem("from-the-future", "What it says."))
    assert error.sentence == errors.user_error(Problem(codes.INTERNAL, "")).sentence
    assert error.detail == "What it says."


def test_where_only_the_backend_knows_its_sentence_is_told():
    problem = Problem(codes.PROMPT_OUTSIDE, "Example 3 lies outside the image.")
    assert errors.told_error(problem).line == "Example 3 lies outside the image."
    general = errors.user_error(problem)
    assert errors.told_error(problem, errors.WRONG).line == f"{general.sentence} {general.action}"
