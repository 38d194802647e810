"""The plan says everything before anything is made, and its name changes with what is in it."""

import os
from pathlib import Path

import pytest
from toposcope.plugin.server import gpu, paths, pip_config, plan
from toposcope.plugin.server.errors import ServerError
from toposcope.plugin.server.gpu import Gpu

LOCKS = ("core-cpu", "core-cuda", "full-cpu", "full-cuda", "dev", "uv")


def test_a_plan_makes_nothing(world):
    made = world.plan()
    assert made.environment.parent == world.home / "environments"
    assert made.disk_size > 0
    assert made.free > 0
    assert made.steps
    assert not world.home.exists()


def test_the_name_follows_lock_and_tier(world):
    before = world.plan().name
    assert world.plan().name == before
    lock = world.requirements / "core-cpu.txt"
    lock.write_text(lock.read_text() + "# changed\n")
    assert world.plan().name != before


def test_a_folder_of_ones_own(world, tmp_path):
    assert world.plan(folder=str(tmp_path / "big disk")).environment.parent == tmp_path / "big disk"


@pytest.mark.parametrize(("tier", "variant"), [("huge", "cpu"), ("core", "rocm")])
def test_unknown_tiers_and_variants_are_refused(tier, variant):
    with pytest.raises(ServerError):
        plan.make_plan(tier, variant)


@pytest.mark.parametrize(
    ("table", "build", "word"),
    [
        ("NVIDIA H100 80GB HBM3, 580.65.06, 9.0, 81559", "cu130", "H100"),
        ("NVIDIA GeForce RTX 5090, 572.16, 12.0, 32607", "cpu", "580 is needed"),
        ("NVIDIA A100-SXM4-40GB, 550.54, 8.0, 40960", "cu126", "A100"),
        ("Tesla V100-SXM2-16GB, 580.65, 7.0, 16384", "cu126", "V100"),
        ("NVIDIA GeForce GT 710, 470.256, 3.5, 2048", "cpu", "470"),
        ("Tesla K80, 570.1, 3.7, 11441", "cpu", "too old"),
        ("NVIDIA GeForce MX150, 580.1, 6.1, 2048", "cpu", "2048"),
        ("NVIDIA GB10, 580.95, 12.1, [N/A]", "cpu", "No NVIDIA"),
        ("NVIDIA-SMI has failed because it could not communicate with the driver", "cpu", "No NVIDIA"),
        ("A, 580.1, 6.1, 8000\nB, 580.1, 8.9, 16000", "cu130", "B"),
    ],
)
def test_the_driver_decides_the_build(table, build, word):
    chosen, sentence = gpu.choose(gpu.parse(table))
    assert chosen == build
    assert word in sentence


def test_the_best_device_comes_first():
    assert gpu.parse("A, 1.0, 6.1, 8000\nB, 1.0, 8.9, 16000")[0] == Gpu("B", 1, (8, 9), 16000)


def test_pip_sources_become_uv_variables():
    settings = {"index-url": "I", "extra-index-url": "A B", "find-links": "/x /y", "cert": "C"}
    assert pip_config.names_a_source(settings)
    assert not pip_config.names_a_source({"cert": "C"})
    variables = pip_config.uv_environment(settings)
    assert (variables["UV_DEFAULT_INDEX"], variables["UV_INDEX"]) == ("I", "A B")
    assert (variables["UV_FIND_LINKS"], variables["SSL_CERT_FILE"]) == ("/x,/y", "C")
    assert "UV_INDEX" not in pip_config.uv_environment(settings, extra=False)


def test_pip_configuration_is_read_from_pip(world, tmp_path, monkeypatch):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nfind-links = /a\n    /b\nextra-index-url = http://one\n    http://two\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    for name in [name for name in os.environ if name.startswith("PIP_") and name != "PIP_CONFIG_FILE"]:
        monkeypatch.delenv(name)
    import sys

    settings = pip_config.read(sys.executable)
    assert settings["find-links"].split()[-2:] == ["/a", "/b"]
    assert settings["extra-index-url"].split()[-2:] == ["http://one", "http://two"]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_pin_and_hash_everything_and_name_no_place(name):
    text = Path(paths.REQUIREMENTS, f"{name}.txt").read_text()
    blocks = [block for block in text.replace("\\\n", " ").splitlines() if block and not block.startswith("#")]
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index" not in text
    assert not any(block.startswith("torch==") for block in blocks)


def test_never_both_runtimes():
    for tier in ("core", "full"):
        for variant, other in (("cpu", "onnxruntime-gpu=="), ("cuda", "\nonnxruntime==")):
            assert other not in Path(paths.REQUIREMENTS, f"{tier}-{variant}.txt").read_text()


def test_the_data_folder_is_the_backends(monkeypatch, tmp_path):
    from toposcope.backend import paths as backend_paths

    for value in (str(tmp_path), ""):
        monkeypatch.setenv("TOPOSCOPE_HOME", value)
        assert paths.data_folder() == backend_paths.data_folder()
