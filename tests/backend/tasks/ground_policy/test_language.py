import json

import pytest

from backend.errors import BadInput
from backend.protocol import codes
from backend.tasks.ground_policy.chinese import LEXICON, lexicon, read
from backend.tasks.ground_policy.language import to_english

SAID = {
    "游泳池": "swimming pool",
    "停着的飞机": "parked aircraft",
    "被淹没的农田": "flooded farmland",
    "所有的船": "all ship",
    "有没有船": "is there any ship",
    "船在哪里？": "where is the ship",
    "图中有几艘船": "how many ship are there in the image",
    "请分割图中所有的船只": "please segment all ship in the image",
    "请帮我找出停机坪上的白色客机": "please find white airliner on apron for me",
    "靠近河的房子": "house near river",
    "没有植被的裸地": "bare land without vegetation",
    "红树林": "mangrove",
    "小麦": "wheat",
    "森林、草地和农田": "forest and grassland and farmland",
    "這裡有沒有機場": "is there any airport here",
    "找出所有的tennis court": "find all tennis court",
    "X光": None,
    "摩天轮": None,
}


@pytest.mark.parametrize(("chinese", "english"), [(c, e) for c, e in SAID.items() if e])
def test_chinese_is_translated(chinese, english):
    assert to_english(chinese) == english


@pytest.mark.parametrize("phrase", ["swimming pool", "Where are the café's roofs?", "12", "tree–lined street"])
def test_english_stays_as_it_is(phrase):
    assert to_english(phrase) == phrase


@pytest.mark.parametrize(("phrase", "part"), [("红色摩天轮", "“摩天轮”"), ("水母", "“母”"), ("X光", "“光”")])
def test_an_unknown_word_is_named(phrase, part):
    with pytest.raises(BadInput, match=f"^{part} in “{phrase}” is not understood") as raised:
        to_english(phrase)
    assert raised.value.code == codes.PROMPT_INVALID


@pytest.mark.parametrize(
    ("phrase", "script"), [("самолёт", "Cyrillic"), ("비행기", "Hangul"), ("ひこうき", "Hiragana"), ("طائرة", "Arabic")]
)
def test_another_script_is_refused_by_name(phrase, script):
    with pytest.raises(BadInput, match=f"{script} script"):
        to_english(phrase)


@pytest.mark.parametrize("phrase", ["x" * 10_000, "船" * 10_000, "上的" * 41])
def test_a_phrase_that_is_too_long_is_refused(phrase):
    with pytest.raises(BadInput, match="characters long"):
        to_english(phrase)


def test_little_words_alone_name_nothing():
    with pytest.raises(BadInput, match="names nothing"):
        to_english("的")


def test_the_lexicon_covers_the_field():
    data = json.loads(LEXICON.read_text(encoding="utf-8"))
    assert len(lexicon().terms) >= 500
    assert all(len(group) >= 12 for group in data["terms"].values())
    assert len(data["traditional"]) % 2 == 0


def test_no_word_is_listed_twice():
    def pairs(found):
        names = [name for name, _ in found]
        assert len(names) == len(set(names))
        return dict(found)

    data = json.loads(LEXICON.read_text(encoding="utf-8"), object_pairs_hook=pairs)
    nouns = [word for group in data["terms"].values() for word in group]
    words = [*nouns, *data["modifiers"], *data["words"]]
    assert sorted(words) == sorted(set(words))


def test_every_frame_can_be_read():
    for literals, english in lexicon().frames:
        phrase = "船".join(literals)
        assert read(phrase).unknown == (), phrase
        assert english.count("X") == 1
        assert english.count("Y") == len(literals) - 2


@pytest.mark.parametrize(
    "phrase",
    [
        "piscina", "Schwimmbad", "maison avec jardin", "la casa", "edificios con techo rojo", "Gebäude", "Straße",
        "Häuser mit rotem Dach", "árboles", "bâtiment", "le toit de la maison", "strada", "rumah", "ağaç",
        "casas con piscina", "zwembad",
    ],
)  # fmt: skip
def test_other_languages_in_latin_letters_are_refused(phrase):
    with pytest.raises(BadInput, match="is not English; write the phrase in English or Chinese") as raised:
        to_english(phrase)
    assert raised.value.code == codes.PROMPT_INVALID


@pytest.mark.parametrize(
    "phrase",
    [
        "photovoltaic", "greenhouse", "jetty", "quay", "weir", "hedgerow", "favela", "café", "façade", "playa lake",
        "wadi", "sabkha", "pergola", "hacienda", "campo", "villa", "piazza", "crèche", "São Paulo favela",
        "Casa Grande ruins", "La Brea tar pits", "Big Sur coast", "cul-de-sac", "Y junction", "bad road", "boat",
        "auto dealer", "sans roof", "Tromsø harbour", "polder", "dacha", "kibbutz", "rue", "lac", "port", "dom",
        "hay bales", "strand", "machine", "case", "garden", "Des Moines",
    ],
)  # fmt: skip
def test_english_of_the_field_is_never_taken_for_another_language(phrase):
    assert to_english(phrase) == phrase


def test_no_english_that_ships_is_taken_for_another_language():
    from backend.tasks.ground_policy.foreign import is_foreign
    from backend.training.phrases import TRAINED, UNSEEN

    taught = [phrase for table in (TRAINED, UNSEEN) for phrases in table.values() for phrase in phrases]
    assert [said for said in (*taught, *lexicon().words.values()) if is_foreign(said)] == []
