"""The import directions, checked without importing anything."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("torch", "transformers")
CONTROLLERS = (
    "plugin.segment",
    "plugin.ground",
    "plugin.embeddings",
    "plugin.places",
    "plugin.generate",
    "plugin.change",
)
RULES = [  # folder, what it may not import, the exceptions
    ("plugin", ("torch", "numpy", "rasterio", "shapely", "backend"), ("backend.protocol",)),
    ("plugin", ("PyQt5", "PyQt6", "sip"), ()),
    ("plugin/server", ("qgis.core", "qgis.gui", "qgis.utils", "plugin"), ("plugin.server",)),
    ("plugin/client", ("qgis.core", "qgis.gui", "plugin"), ("plugin.client",)),
    ("plugin/state", ("qgis.gui", "plugin.gui", "plugin.map_tools", "plugin.processing", *CONTROLLERS), ()),
    (
        "plugin/gis",
        ("qgis.gui", "plugin.gui", "plugin.map_tools", "plugin.processing", "plugin.state", *CONTROLLERS),
        (),
    ),
    ("plugin/map_tools", ("plugin.gui", "plugin.processing", "plugin.client", "plugin.server", *CONTROLLERS), ()),
    ("plugin/processing", ("plugin.gui", "plugin.map_tools", *CONTROLLERS), ()),
    ("plugin/gui", ("plugin.map_tools", "plugin.processing", *CONTROLLERS), ()),
    *((name.replace(".", "/"), ("plugin.processing", *CONTROLLERS), (name,)) for name in CONTROLLERS),
    ("backend", ("plugin", "qgis", "PyQt5", "PyQt6"), ()),
    ("backend/protocol", ("backend",), ("backend.protocol",)),
    (
        "backend/geo",
        ("backend", *HEAVY),
        ("backend.geo", "backend.given", "backend.protocol", "backend.errors", "backend.paths"),
    ),
    ("backend/models", ("backend.tasks", "backend.jobs", "backend.server", "backend.commands"), ()),
    ("backend/tasks", ("backend.jobs", "backend.server", "backend.commands", *HEAVY), ()),
    ("backend/jobs", ("backend.server", "backend.commands", *HEAVY), ()),
    ("backend/server", ("backend.commands", *HEAVY), ()),
]


def imports(path, package=None):
    """Yield the dotted names a file imports, relative ones resolved against the root."""
    package = list(path.relative_to(ROOT).parent.parts) if package is None else package
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            stem = base + (node.module.split(".") if node.module else [])
            yield from (".".join([*stem, alias.name]) for alias in node.names)


def under(name, prefixes):
    return any(name == p or name.startswith(p + ".") for p in prefixes)


def violations(paths, banned, allowed, package=None):
    return [
        f"{path.name}: {name}"
        for path in paths
        for name in imports(path, package)
        if under(name, banned) and not under(name, allowed)
    ]


@pytest.mark.parametrize(("folder", "banned", "allowed"), RULES)
def test_direction(folder, banned, allowed):
    assert not violations((ROOT / folder).rglob("*.py"), banned, allowed)


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("plugin/gui", "from ...backend.models import catalog"),
        ("plugin/state", "import qgis.gui"),
        ("backend/geo", "from ..models import spec"),
        ("backend/protocol", "from backend import errors"),
        ("backend/server", "def f():\n    import torch"),
    ],
)
def test_a_planted_violation_is_caught(tmp_path, folder, line):
    planted = tmp_path / "planted.py"
    planted.write_text(line)
    rules = [(banned, allowed) for name, banned, allowed in RULES if folder.startswith(name)]
    assert any(violations([planted], b, a, folder.split("/")) for b, a in rules)


def test_plugin_and_protocol_parse_as_python_3_9():
    for folder in ("plugin", "backend/protocol"):
        for path in (ROOT / folder).rglob("*.py"):
            ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_backend_package_is_empty():
    assert (ROOT / "backend/__init__.py").read_text() == ""


def test_qt_enums_are_scoped():
    """PyQt6 knows only scoped enums: `Qt.MouseButton.LeftButton`, not `Qt.LeftButton`."""
    wrong = []
    for path in (ROOT / "plugin").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Qt":
                wrong += [f"{path.name}:{node.lineno} Qt.{node.attr}"] if not _is_scope(node.attr) else []
            if isinstance(node, ast.Attribute) and node.attr == "exec_":
                wrong.append(f"{path.name}:{node.lineno} exec_")
    assert not wrong


def _is_scope(name):
    """An enum class holds a lower-case letter after its first and ends in no digit; members used bare are the error."""
    scopes = (
        "AlignmentFlag ArrowType AspectRatioMode BrushStyle CheckState ConnectionType ContextMenuPolicy CursorShape "
        "DateFormat DockWidgetArea FocusPolicy FocusReason GlobalColor InputMethodHint ItemDataRole ItemFlag Key "
        "KeyboardModifier LayoutDirection MatchFlag MouseButton Orientation PenCapStyle PenJoinStyle PenStyle "
        "ScrollBarPolicy ShortcutContext SortOrder TextElideMode TextFormat TextInteractionFlag ToolButtonStyle "
        "TransformationMode WidgetAttribute WindowFlags WindowModality WindowType CaseSensitivity"
    )
    return name in scopes.split()
