import pytest

from backend.tasks.ground_policy.subject import core, noun_of, subject_of


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("swimming pool", "swimming pool"),
        ("Where are the ships?", "ships"),
        ("please outline all the ships in this image.", "ships"),
        ("How many cars are there in the parking lot?", "cars in the parking lot"),
        ("segment the red roofs", "red roofs"),
        ("the mask of the lake", "lake"),
        ("find out all of the trees near the river, please", "trees near the river"),
        ("how many ship are there in the image", "ship"),
        ("what share is water body", "water body"),
        ("all-terrain vehicle", "all-terrain vehicle"),
        ("boxing ring", "boxing ring"),
        ("coloured roofs", "coloured roofs"),
        ("aircraft carrier", "aircraft carrier"),
        ("describe this image", ""),
    ],
)
def test_what_a_question_is_about(question, subject):
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("where are the ships", "where are object"),
        ("large red roofs near the river", "roofs"),
        ("describe this image", "describe this image"),
        ("find pictures similar to this harbour scene", "find pictures similar to this harbour scene"),
        ("what kind of place is this", "what kind of place is this"),
    ],
)
def test_what_is_left_to_tell_the_granularity_by(question, left):
    assert core(question) == left


def test_a_quality_alone_stays():
    assert noun_of("red") == "red"
