"""The plugin's zip as the plugin repository's validator wants it, and the weights' budget."""

import configparser
import re
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import make_zip  # noqa: E402

REQUIRED = ["name", "description", "version", "qgisMinimumVersion", "author", "email", "about", "tracker", "repository"]
BINARIES = {".exe", ".dll", ".so", ".dylib", ".bat", ".sh", ".ps1", ".cmd", ".pyc"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "toposcope.zip"
    make_zip.build(path)
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(archive):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(archive.read("toposcope/metadata.txt").decode("utf-8"))
    return parser["general"]


def test_zip_is_small_enough(archive):
    assert Path(archive.filename).stat().st_size < 25e6


def test_zip_has_one_top_folder_that_is_an_identifier(archive):
    tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops == {"toposcope"}
    assert all("\\" not in name and ".." not in name.split("/") for name in archive.namelist())


def test_zip_holds_what_a_plugin_needs(archive):
    names = set(archive.namelist())
    wanted = ["__init__.py", "metadata.txt", "LICENSE", "README.md", "plugin/plugin.py", "backend/__main__.py"]
    assert not [name for name in wanted if f"toposcope/{name}" not in names]


def test_zip_holds_no_binaries_tests_or_caches(archive):
    bad = [n for n in archive.namelist() if Path(n).suffix in BINARIES or "__pycache__" in n or "/tests/" in n]
    assert not bad


def test_metadata_has_every_required_key(metadata):
    assert not [key for key in REQUIRED if not metadata.get(key)]


def test_metadata_says_what_the_repository_checks(metadata):
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"])
    assert "supportsQt6" not in metadata
    assert "plugin" not in metadata["name"].lower()
    assert "/" not in metadata["author"]
    assert not re.search(r"<[a-z]+>", metadata["about"] + metadata["description"])
    assert metadata["hasProcessingProvider"] == "yes"
    assert (ROOT / metadata["icon"]).is_file()


def test_version_is_the_same_everywhere(metadata):
    assert f'version = "{metadata["version"]}"' in (ROOT / "pyproject.toml").read_text()


def test_weights_fit_their_budgets():
    files = [path for path in (ROOT / "backend/weights").rglob("*") if path.is_file()]
    assert all(path.suffix in {".safetensors", ".onnx", ".json", ".md"} for path in files)
    assert sum(path.stat().st_size for path in files) < 64e6


def test_the_archive_is_reproducible(archive, tmp_path):
    make_zip.build(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == Path(archive.filename).read_bytes()
