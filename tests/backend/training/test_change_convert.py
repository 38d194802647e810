"""Checkpoints as they are published become files that the loaders take."""

import sys

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

from backend.models.changestar import network_of  # noqa: E402
from backend.models.rs_dit import RsDit, RsDitConfig, built  # noqa: E402
from backend.training import change_convert  # noqa: E402
from tests.backend.models.drawn_weights import drawn  # noqa: E402
from tests.backend.models.test_changestar import TINY, tiny_state  # noqa: E402


def converted(tmp_path, monkeypatch, checkpoint):
    torch.save(checkpoint, tmp_path / "published.pth")
    out = tmp_path / "out.safetensors"
    monkeypatch.setattr(sys, "argv", ["change_convert", str(tmp_path / "published.pth"), "--out", str(out)])
    change_convert.main()
    return load_file(out)


def test_changestar(tmp_path, monkeypatch):
    state = tiny_state()
    found = converted(tmp_path, monkeypatch, {f"module.{name}": values.half() for name, values in state.items()})
    assert network_of(found).config == TINY
    assert {values.dtype for values in found.values()} == {torch.float32}


def test_the_averaged_weights_of_rs_dit_are_taken(tmp_path, monkeypatch):
    state = drawn(RsDit(RsDitConfig(384, 1, 6, 2)).state_dict())
    checkpoint = {"model": drawn(state, 1), "ema": state, "step": 4}
    found = converted(tmp_path, monkeypatch, checkpoint)
    assert built(found).config == RsDitConfig(384, 1, 6, 2)
    assert all(torch.equal(found[name], values) for name, values in state.items())


def test_another_network_is_refused(tmp_path, monkeypatch):
    with pytest.raises(KeyError):
        converted(tmp_path, monkeypatch, {"conv1.weight": torch.zeros(1)})
    assert not (tmp_path / "out.safetensors").exists()
