from pathlib import Path

from backend import paths


def test_the_chosen_folder_holds_all(monkeypatch, tmp_path):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path))
    assert paths.data_folder() == tmp_path
    assert {paths.models_folder(), paths.runs_folder(), paths.logs_folder()} == {
        tmp_path / "models",
        tmp_path / "runs",
        tmp_path / "logs",
    }


def test_the_platforms_place(monkeypatch, tmp_path):
    for name in ("TOPOSCOPE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    found = {}
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr("sys.platform", platform)
        found[platform] = paths.data_folder().relative_to(tmp_path).parts
    assert found == {
        "linux": (".local", "share", "toposcope"),
        "darwin": ("Library", "Application Support", "Toposcope"),
        "win32": ("AppData", "Local", "Toposcope"),
    }
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert paths.data_folder() == tmp_path / "data" / "toposcope"
