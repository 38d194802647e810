from backend.tasks.ground_policy.caption import Share, caption, to_chinese

VIEW = [
    Share("road", 0.12, 0.8),
    Share("bare land", 0.62, 0.9),
    Share("building", 0.21, 0.8),
    Share("water", 0.01, 0.7),
]


def test_the_largest_comes_first():
    found = caption(VIEW)
    assert found.english == "Mostly bare land (62 %), with building (21 %) and road (12 %); traces of water."
    assert found.chinese == "以裸地为主（62 %），另有建筑（21 %）、路（12 %）；少量水。"


def test_a_guess_is_called_one():
    unsure = [Share("forest", 0.4, 0.6)]
    assert caption(unsure).english == "Probably forest (40 %)."
    assert caption(unsure).chinese == "可能有森林（40 %）。"
    assert caption([Share("forest", 0.4, 0.2)]).english.startswith("Perhaps")


def test_nothing_seen_is_said():
    assert caption([]).english == caption([Share("road", 0.0, 0.9)]).english
    assert "None" in caption([]).english


def test_five_phrases_are_enough():
    many = [Share(f"kind {i}", 0.1, 0.9) for i in range(9)]
    assert caption(many).english.lower().count("kind") == 5


def test_a_phrase_without_chinese_stays():
    assert to_chinese("Swimming pool") == "游泳池"
    assert to_chinese("ferris wheel") == "ferris wheel"
