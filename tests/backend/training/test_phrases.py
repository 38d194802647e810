from backend.training.phrases import ABSENT, CLASSES, SCENES, TRAINED, UNSEEN, held_out


def test_the_benchmarks_phrases_are_never_trained():
    trained = {phrase for group in (*TRAINED.values(), *SCENES.values(), ABSENT) for phrase in group}
    assert not trained & {phrase for group in UNSEEN.values() for phrase in group}


def test_every_class_has_phrases():
    assert set(TRAINED) == set(CLASSES)
    assert all(len(phrases) >= 8 for phrases in TRAINED.values())


def test_a_fifth_is_held_out_by_name():
    names = [f"River_{i}.jpg" for i in range(2000)]
    held = [held_out(name) for name in names]
    assert 0.17 < sum(held) / len(held) < 0.23
    assert held == [held_out(name) for name in names]
