"""What the backend says to a person can be translated: it stands in the plugin's tables, which are read as text."""

import ast
import re
from pathlib import Path

from backend.geo.outline import OUTLINE_PARAMETERS
from backend.jobs.tasks import HANDLERS
from backend.models import tiers
from backend.models.catalog import BUILT_IN
from backend.models.weights_stream import Meter
from backend.protocol import jobs

ROOT = Path(__file__).parents[2]
TABLES = ("plugin/backend_texts.py", "plugin/backend_texts_synthetic.py")


def _tree(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def table():
    """Return the texts the plugin can translate."""
    nodes = [node for path in TABLES for node in ast.walk(_tree(path))]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    marked = [call for call in calls if getattr(call.func, "id", "") == "QT_TRANSLATE_NOOP"]
    return [call.args[1].value for call in marked]


def names():
    """Return the ids that have a name."""
    [names] = [node for node in ast.walk(_tree("plugin/gui/labels.py")) if isinstance(node, ast.Dict)]
    return {key.value for key in names.keys}


def said(node):
    """Return a literal of the backend with `{}` where a value goes, None for another node."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def translatable(text):
    return any(re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(entry)), text) for entry in table())


def test_parameters():
    parameters = [
        *OUTLINE_PARAMETERS,
        *(parameter for handler in HANDLERS.values() for parameter in handler.task.parameters),
    ]
    parameters += [parameter for spec in BUILT_IN.specs.values() for parameter in spec.parameters]
    wanted = [text for parameter in parameters for text in (parameter.label, parameter.help) if text]
    assert [text for text in wanted if text not in table()] == []
    assert {choice for parameter in parameters for choice in parameter.choices} <= names()


def test_tasks_and_models():
    wanted = [
        *(handler.task.title for handler in HANDLERS.values()),
        *(spec.summary for spec in BUILT_IN.specs.values() if spec.summary),
    ]
    assert [text for text in wanted if text not in table()] == []
    assert {spec.speed for spec in BUILT_IN.specs.values()} | {spec.tier for spec in BUILT_IN.specs.values()} <= names()
    assert {jobs.ACCEPTED, jobs.RUNNING, jobs.SUCCESSFUL, jobs.FAILED, jobs.DISMISSED} <= names()


def test_a_missing_tier(monkeypatch):
    monkeypatch.setattr(tiers, "missing", lambda tier: ("torch", "transformers"))
    assert all(translatable(tiers.why_unavailable(tier)) for tier in ("core", "full"))


def test_download_progress():
    lines = []
    meter = Meter(2_000_000, lambda percent, message: lines.append(message))
    meter.start("model.safetensors", 0)
    meter.update(1_000_000)
    assert all(translatable(line) for line in lines)


def test_the_table_holds_only_what_the_backend_says():
    nodes = [node for path in (ROOT / "backend").rglob("*.py") for node in ast.walk(_tree(path))]
    literals = [text for text in map(said, nodes) if text]
    stale = []
    for entry in table():
        form = re.sub(r"\{\w+\}", "{}", re.sub(r"The (orthogonal|rectangle|circle) outline", "The {} outline", entry))
        if form.startswith("{}: {} of {} MB"):  # put together by the meter, see above
            continue
        if not any(form in literal for literal in literals):
            stale.append(entry)
    assert stale == []
