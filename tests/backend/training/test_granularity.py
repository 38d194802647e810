"""The questions that teach the granularity head, and that what is held out is."""

import numpy as np
import pytest

from backend.tasks.ground_policy.chinese import read
from backend.tasks.ground_policy.granularity import NAMES
from backend.training.granularity_nouns import COVER, MEANINGS, THINGS, plural
from backend.training.granularity_questions import BARE, FORMS, OPENERS, TAILS
from backend.training.granularity_set import questions, split, wording


@pytest.mark.parametrize("seed", [1337, 1, 2])
def test_nothing_held_out_teaches(seed):
    teaching, held = split(seed)
    for name, pairs in held.forms.items():
        taught = {wording(form) for pair in teaching.forms[name] for form in pair}
        assert len(pairs) >= 12
        assert not {wording(form) for pair in pairs for form in pair} & taught
        assert not set(pairs) & set(teaching.forms[name])
    heads = {noun.split()[-1] for noun in teaching.things + teaching.cover}
    assert not {noun.split()[-1] for noun in held.things} & {noun.split()[-1] for noun in teaching.things}
    assert not {noun.split()[-1] for noun in held.cover} & {noun.split()[-1] for noun in teaching.cover}
    assert len(heads) > 200


def test_questions_are_balanced_and_drawn_by_seed():
    teaching, _ = split(1337)
    asked = questions(teaching, 200, np.random.default_rng(5))
    assert [sum(q.label == i for q in asked) for i in range(len(NAMES))] == [200, 200, 200]
    assert sum(q.language == "zh" for q in asked) == 300
    assert asked == questions(teaching, 200, np.random.default_rng(5))
    assert all(q.text.isascii() == (q.language == "en") for q in asked)
    assert not [q.text for q in asked if "{" in q.text]


def test_bare_nouns_are_labelled_by_what_they_are():
    teaching, _ = split(1337)
    bare = [q for q in questions(teaching, 400, np.random.default_rng(5)) if q.bare]
    assert {NAMES[q.label] for q in bare} == {"region", "pixel"}
    assert all(NAMES[q.label] == "region" for q in bare if "tennis court" in q.text and "near" not in q.text)


def test_every_chinese_form_and_noun_is_understood():
    for pairs in (*FORMS.values(), BARE, OPENERS, TAILS):
        for _, chinese in pairs:
            assert read(chinese.replace("{other}", "河").replace("{}", "船")).unknown == ()
    assert not [noun for noun in THINGS + COVER if noun not in MEANINGS]


def test_wording_ignores_nouns_order_and_language():
    assert wording("segment the {s}") == wording("分割{}") == wording("{} segment")
    assert wording("segment the {s}") != wording("count the {s}")


def test_plurals():
    assert [plural(n) for n in ("ship", "church", "ferry", "aircraft", "water")] == [
        "ships",
        "churches",
        "ferries",
        "aircraft",
        "water",
    ]
