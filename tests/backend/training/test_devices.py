"""Every stage on another device: what it trains is what it trains on the CPU, and no tensor is left behind there."""

import contextlib

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

from backend.device import cpu  # noqa: E402
from backend.models.mini_network import MiniNetwork  # noqa: E402
from backend.models.mini_text import WordPiece  # noqa: E402
from backend.training import devices, distil_text, fit_gate, granularity, train  # noqa: E402
from backend.training.pictures import load_scenes  # noqa: E402
from backend.training.state import Run  # noqa: E402
from tests.backend.training.pretended import DEVICE, Elsewhere, Pretence  # noqa: E402
from tests.backend.training.tiny_pack import arguments, write_pack, write_phrases  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:for .* copying from a non-meta parameter")

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def lowered(monkeypatch):
    """Record what 16 bits were asked for; there are none on a device that is not there."""
    asked = []

    def autocast(kind, dtype, enabled=True):
        asked.append(kind)
        return contextlib.nullcontext()

    monkeypatch.setattr(torch, "autocast", autocast)
    torch.set_num_threads(1)
    return asked


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    path = tmp_path_factory.mktemp("pack") / "pack.zip"
    write_pack(path)
    return path


@pytest.fixture
def group(tmp_path):
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/meeting", rank=0, world_size=1)
    yield
    torch.distributed.destroy_process_group()


def trained(pack, folder, device, steps):
    """Return a run that took up what is in the folder and went on for some steps, saved."""
    run = Run(arguments(pack, folder, device=device.type), 0)
    for _ in range(steps):
        run.step()
        run.advance(0.1)
    run.save()
    return run


def tensors(folder):
    return {f"{name}.{key}": value for name in ("live", "average", "optimiser")
            for key, value in load_file(folder / f"{name}.safetensors").items()}  # fmt: skip


def test_training_elsewhere_is_training_here_and_goes_on_on_either(pack, tmp_path, group, lowered):
    folders = [tmp_path / name for name in ("here", "elsewhere")]
    for folder in folders:
        write_phrases(folder)
    here = trained(pack, folders[0], CPU, 2)
    asked, lowered[:] = set(lowered), []
    with Pretence():
        elsewhere = trained(pack, folders[1], DEVICE, 2)
        assert all(isinstance(p, Elsewhere) for p in elsewhere._network.parameters())
    assert (asked, set(lowered)) == ({"cpu"}, {"meta"})
    assert elsewhere._sums == here._sums
    same(*(tensors(folder) for folder in folders))
    again = trained(pack, folders[1], CPU, 1)
    with Pretence():
        crossed = trained(pack, folders[0], DEVICE, 1)
    assert crossed._sums == again._sums
    same(*(tensors(folder) for folder in folders))


def same(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name], rtol=0, atol=0, msg=name)


def both(work):
    """Return what `work(device)` gives, a list of tensors, on the CPU and elsewhere."""
    here = [value.detach().clone() for value in work(CPU)]
    with Pretence():
        there = [value.detach() for value in work(DEVICE)]
        assert all(isinstance(value, Elsewhere) for value in there)
        return here, [value.cpu() for value in there]


def gate_of(pack, device, kept=None, count=3):
    torch.manual_seed(3)
    network = MiniNetwork().eval().to(device)
    chips, classes = load_scenes(pack)
    views = fit_gate.pooled(network, chips, np.random.default_rng(3))
    fit_gate.fit(network.gate, views, torch.from_numpy(classes), count, kept)
    return list(network.gate.parameters())


def student_of(device, kept=None, count=2):
    torch.manual_seed(4)
    words = ["roof", "lake", "the", *(f"w{chr(97 + k % 26)}{chr(97 + k // 26)}" for k in range(150))]
    student = distil_text.Student(torch.nn.functional.normalize(torch.randn(len(words), 384), dim=1)).to(device)
    phrases = [f"{a} {b}" for a in words[:30] for b in words[30:50]]
    targets = torch.nn.functional.normalize(torch.randn(len(phrases), 384), dim=1)
    distil_text.fit(student, WordPiece(words), phrases, targets, count, kept)
    return list(student.parameters())


def test_the_gate_and_the_text_tower_elsewhere(pack):
    for work in (lambda device: gate_of(pack, device), student_of):
        for one, other in zip(*both(work), strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_the_granularity_head_elsewhere():
    torch.manual_seed(5)
    inputs, labels = torch.randn(200, 384), torch.arange(200) % 3
    found = []
    for device in (CPU, DEVICE):
        with Pretence():
            torch.manual_seed(6)
            found.append(granularity.fit(inputs.to(device), labels.to(device)))
    assert all(np.array_equal(value, found[1][name]) for name, value in found[0].items())


def stop_once(stage, patched):
    """Stop a stage at its fourth step, once."""

    def stops(optimiser, closure=None):
        taken.append(1)
        if len(taken) == 4:
            raise KeyboardInterrupt
        return step(optimiser, closure)

    kind, taken = {"gate": torch.optim.AdamW, "student": torch.optim.Adam}[stage], []
    step = kind.step
    patched.setattr(kind, "step", stops)


@pytest.mark.parametrize("stage", ["gate", "student"])
def test_a_stage_that_stopped_ends_as_one_that_did_not(stage, pack, tmp_path, monkeypatch):
    def work(kept=None):
        return gate_of(pack, CPU, kept, 4) if stage == "gate" else student_of(CPU, kept, 4)

    whole, kept = work(), tmp_path / "unfinished"
    stop_once(stage, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        work(kept)
    assert 0 < torch.load(kept, weights_only=True)["done"] < 4
    for one, other in zip(whole, work(kept), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


@pytest.mark.parametrize(("kind", "usual"), [("cpu", (2, 6, 8)), ("cuda", (1, 24, 32))])
def test_the_command_takes_the_device_that_works_and_what_suits_it(kind, usual, tmp_path, monkeypatch):
    handed = []
    monkeypatch.setattr(train, "chosen", lambda wanted: torch.device({"auto": kind}[wanted]))
    monkeypatch.setattr(train, "spawn", lambda work, args, count: handed.append((args[0], count)))
    write_phrases(tmp_path)
    command = ["train", "--pack", "pack.zip", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", command)
    train.main()
    monkeypatch.setattr("sys.argv", [*command, "--crops", "9", "--workers", "3"])
    train.main()
    (first, count), (second, _) = handed
    assert (first.device, count) == (kind, first.workers)
    assert (first.workers, first.crops, first.chips) == usual
    assert (second.workers, second.crops) == (3, 9)


def test_what_cannot_be_had_is_said(monkeypatch, capsys):
    monkeypatch.setattr(devices, "choose_device", lambda wanted: cpu(f"No {wanted}. The CPU is used."))
    assert devices.chosen("cuda") == CPU
    assert capsys.readouterr().err == "No cuda. The CPU is used.\n"
