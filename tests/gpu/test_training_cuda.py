"""On a real GPU: every stage that trains stays near the CPU, and goes on there. Run with `-m gpu`.

None of these has run yet: no GPU was at hand when they were written.
"""

import numpy as np
import pytest
import torch

from backend.device import choose_device
from backend.training import granularity, upsampler
from backend.training.upsampler_data import Crops, Extractor
from tests.backend.training.test_compressor import run as compressor_run
from tests.backend.training.test_devices import CPU, gate_of, group, pack, stop_once, student_of, tensors, trained
from tests.backend.training.test_upsampler import CROP, colours, images
from tests.backend.training.tiny_pack import write_phrases

DEVICE = choose_device("cuda")
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(DEVICE.kind != "cuda", reason=DEVICE.notice or "no CUDA device")]
__all__ = ["group", "images", "pack"]
CUDA = torch.device("cuda")


def test_two_steps_of_training_and_the_next_on_the_cpu(pack, tmp_path, group):
    folders = [tmp_path / name for name in ("here", "there")]
    for folder, device in zip(folders, (CPU, CUDA), strict=True):
        write_phrases(folder)
        run = trained(pack, folder, device, 2)
        assert {p.device.type for p in run._network.parameters()} == {device.type}
    losses = [trained(pack, folder, CPU, 1)._sums for folder in folders]
    assert losses[0].keys() == losses[1].keys()
    for name in ("click", "text"):
        assert losses[0][name] == pytest.approx(losses[1][name], rel=0.1)
    here, there = (tensors(folder) for folder in folders)
    assert {name: value.shape for name, value in here.items()} == {name: value.shape for name, value in there.items()}
    assert all(torch.isfinite(value).all() for value in there.values())


def test_what_the_cpu_began_goes_on(pack, tmp_path, group):
    write_phrases(tmp_path)
    trained(pack, tmp_path, CPU, 1)
    run = trained(pack, tmp_path, CUDA, 1)
    assert run.progress() == 0.5
    assert np.isfinite(run._sums["click"]).all()


@pytest.mark.parametrize("stage", ["gate", "student"])
def test_short_stages_agree_and_go_on_on_the_cpu(stage, pack, tmp_path, monkeypatch):
    def work(device, kept=None):
        return gate_of(pack, device, kept, 4) if stage == "gate" else student_of(device, kept, 4)

    whole, kept = work(CPU), tmp_path / "unfinished"
    stop_once(stage, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        work(CUDA, kept)
    for here, there in zip(whole, work(CPU, kept), strict=True):
        torch.testing.assert_close(there, here, rtol=0, atol=0.02)


def test_the_granularity_head_agrees():
    inputs, labels = torch.randn(600, 384, generator=torch.Generator().manual_seed(5)), torch.arange(600) % 3
    found = []
    for device in (CPU, CUDA):
        torch.manual_seed(6)
        found.append(granularity.fit(inputs.to(device), labels.to(device)))
    for name, value in found[0].items():
        np.testing.assert_allclose(found[1][name], value, atol=0.02)


def test_the_upsampler_is_trained_there_and_goes_on_here(images, tmp_path):
    model = Extractor(colours, 6, 4, CROP, radius=1)
    first = upsampler.Run(model, Crops(images, CROP), tmp_path, 1, CUDA, batch=2, views=2)
    first.until(2)
    assert {p.device.type for p in first.upsampler.parameters()} == {CUDA.type}
    again = upsampler.Run(model, Crops(images, CROP), tmp_path, 1, CPU, batch=2, views=2)
    again.until(3)
    assert again.losses[:2] == first.losses
    assert np.isfinite(again.losses).all()


def test_the_compressor_agrees():
    found = [compressor_run(device) for device in (CPU, CUDA)]
    losses = [run.fit(4) for run in found]
    assert {p.device.type for p in found[1].network.parameters()} == {"cuda"}
    np.testing.assert_allclose(*losses, rtol=0.02)
    for here, there in zip(found[0].network.parameters(), found[1].network.parameters(), strict=True):
        torch.testing.assert_close(there.cpu(), here, rtol=0, atol=0.02)
