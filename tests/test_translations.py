"""Every text a person sees is in the translation files, and zh_CN is complete."""

import ast
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).parent.parent
TS = ROOT / "i18n/toposcope_zh_CN.ts"


def texts_in_code():
    """Yield (file, text) of every literal given to tr() or translate()."""
    for path in sorted((ROOT / "plugin").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            position = {"tr": 0, "translate": 1}.get(name)
            if position is None or len(node.args) <= position:
                continue
            argument = node.args[position]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield path.relative_to(ROOT), argument.value


def messages():
    return [message for message in ElementTree.parse(TS).getroot().iter("message")]


def test_every_text_is_in_the_chinese_file():
    known = {message.findtext("source") for message in messages()}
    missing = [f"{path}: {text}" for path, text in texts_in_code() if text not in known]
    assert not missing


def test_chinese_is_complete():
    unfinished = [
        message.findtext("source")
        for message in messages()
        if message.find("translation").get("type") == "unfinished" or not message.findtext("translation")
    ]
    assert not unfinished


def test_placeholders_survive_translation():
    wrong = [
        message.findtext("source")
        for message in messages()
        if set(_placeholders(message.findtext("source"))) != set(_placeholders(message.findtext("translation")))
    ]
    assert not wrong


def _placeholders(text):
    return [part.split("}")[0] for part in text.split("{")[1:]]
