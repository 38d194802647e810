"""Every literal the plugin gives to tr() or translate(), with where it stands; shared by the tests of translations."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TS = ROOT / "i18n/toposcope_zh_CN.ts"
NAMED = ("translate", "QT_TRANSLATE_NOOP")


@dataclass(frozen=True)
class Text:
    """A literal in `module` ("plugin.gui.dock"); `kind` is `self.tr`, `tr` or `translate`; `owner` its class."""

    module: str
    kind: str
    context: str
    text: str


def texts():
    """Return all of them."""
    found = []
    for path in sorted((ROOT / "plugin").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found += _texts(ast.parse(path.read_text(encoding="utf-8")), module, "")
    return found


def _texts(node, module, owner):
    if isinstance(node, ast.ClassDef):
        owner = node.name
    if isinstance(node, ast.Call):
        text = _text(node, module, owner)
        if text:
            yield text
    for child in ast.iter_child_nodes(node):
        yield from _texts(child, module, owner)


def _text(call, module, owner):
    function, arguments = call.func, [getattr(argument, "value", None) for argument in call.args]
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "tr" and isinstance(function, ast.Attribute) and isinstance(arguments[0], str):
        return Text(module, "self.tr", owner, arguments[0])
    if name == "tr" and isinstance(arguments[0], str):
        return Text(module, "tr", "@default", arguments[0])
    if name in NAMED and len(arguments) > 1 and isinstance(arguments[1], str):
        return Text(module, "translate", arguments[0], arguments[1])
    return None
