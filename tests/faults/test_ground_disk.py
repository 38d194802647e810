"""Grounding on a disk that is full: one sentence, nothing half written, and with room the next try works."""

import pytest

from tests.faults.test_disk import fill, names

ASKED = ("--text", "bright roof; dark ground", "--granularity", "pixel")


@pytest.mark.parametrize("leave", [0, 60_000, 110_000])
def test_results_come_together_or_not_at_all(command, image, small_disk, sentence, leave):
    words = ("ground", image, *ASKED, "--out", small_disk / "o.gpkg", "--classes", small_disk / "c.tif")
    fill(small_disk, leave)
    code, _, said = command(*words)
    assert code == 1
    assert "full" in said
    assert sentence(said.strip().splitlines()[-1])
    assert names(small_disk) == []
    (small_disk / "fill").unlink()
    assert command(*words)[0] == 0
    assert {"c.tif", "o.gpkg"} <= set(names(small_disk))


def test_units_that_do_not_fit_are_said(command, image, small_disk, sentence, tmp_path):
    home = small_disk / "home"
    (home / "runs").mkdir(parents=True)
    (home / "logs").mkdir()
    fill(small_disk, 8192)
    code, _, said = command("ground", image, *ASKED, "--out", tmp_path / "o.gpkg", home=home)
    assert code == 1
    assert "full" in said
    assert sentence(said.strip().splitlines()[-1])
    assert not list(home.rglob("*.tif"))
    assert not (tmp_path / "o.gpkg").exists()
