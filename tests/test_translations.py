"""Every text a person sees is in the translation files, under the context it is asked for with; zh_CN is complete."""

import shutil
import string
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from tests.translatable import ROOT, TS, texts


def messages():
    """Yield (context, source, translation element)."""
    for context in ElementTree.parse(TS).getroot().iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name"), message.findtext("source"), message.find("translation")


def test_every_text_is_collected_under_its_context():
    """One that is missing: run scripts/translations.sh; pylupdate5 does not look into f-strings."""
    known = {(context, source) for context, source, _ in messages()}
    assert not [text for text in texts() if (text.context, text.text) not in known]


def test_nothing_is_translated_that_is_not_in_the_code():
    wanted = {(text.context, text.text) for text in texts()}
    assert not [(context, source) for context, source, _ in messages() if (context, source) not in wanted]


def test_chinese_is_complete():
    assert not [source for _, source, chinese in messages() if chinese.get("type") or not chinese.text]


def test_placeholders_survive_translation():
    assert not [source for _, source, chinese in messages() if placeholders(source) != placeholders(chinese.text)]


def test_the_placeholder_check_sees_what_it_should():
    assert placeholders("{a} of {b}") == placeholders("{b}/{a}")
    assert placeholders("{:.1f} % of {}") != placeholders("{} {:.1f} %")
    assert placeholders("{a}") != placeholders("{A}")


def test_a_translated_file_name_is_a_file():
    named = [chinese.text for _, source, chinese in messages() if source.endswith(".html")]
    assert len(named) >= 2
    assert all((ROOT / "resources/help" / name).is_file() for name in named)


def test_collecting_again_changes_nothing(tmp_path):
    if shutil.which("pylupdate5") is None or not (ROOT / ".git").exists():
        pytest.skip("needs pylupdate5 and a checkout")
    copy = tmp_path / TS.name
    shutil.copy(TS, copy)
    subprocess.run(["bash", str(ROOT / "scripts/translations.sh"), "collect", str(copy)], check=True)
    assert copy.read_text(encoding="utf-8").splitlines() == TS.read_text(encoding="utf-8").splitlines()


def placeholders(text):
    """Return what a text fills in: by name in any order, what has no name in the order it comes."""
    fields = [(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None]
    return sorted(field for field in fields if field[0]), [field for field in fields if not field[0]]
