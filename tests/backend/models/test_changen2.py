"""Changen2's painter on a tiny network and a tiny autoencoder of the real classes."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")

from safetensors.torch import save_file  # noqa: E402

from backend.device import cpu  # noqa: E402
from backend.errors import Unavailable  # noqa: E402
from backend.models import oem  # noqa: E402
from backend.models.catalog_change import PAINTERS, SD_VAE  # noqa: E402
from backend.models.change_painter import Place  # noqa: E402
from backend.models.changen2 import Changen2, load, one_hot  # noqa: E402
from backend.models.rs_dit import RsDit, RsDitConfig  # noqa: E402
from backend.models.vae import SCALE, vae_from  # noqa: E402
from backend.models.weights_import import import_from  # noqa: E402
from backend.protocol import codes  # noqa: E402
from backend.tasks.change.transitions import NO_DATA  # noqa: E402
from tests.backend.models.drawn_weights import drawn  # noqa: E402
from tests.backend.models.painters import changed_into  # noqa: E402
from tests.backend.models.promptable import picture  # noqa: E402

SIDE = 64
IMAGE = picture(SIDE, SIDE)[0]
BEFORE = np.full((SIDE, SIDE), oem.TREE, np.uint8)
AFTER = BEFORE.copy()
AFTER[20:45, 10:41] = oem.BUILDING


def place(seed=3, col=0, steps=6):
    return Place(seed, col, 0, 0.5, steps)


def autoencoder(folder, **other):
    torch.manual_seed(0)
    sizes = {"block_out_channels": [8, 8, 16, 16], "norm_num_groups": 4} | other
    count = len(sizes["block_out_channels"])
    network = diffusers.AutoencoderKL(
        down_block_types=["DownEncoderBlock2D"] * count, up_block_types=["UpDecoderBlock2D"] * count, **sizes
    )
    network.save_pretrained(folder)
    return network.eval()


@pytest.fixture(scope="module")
def painter(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vae")
    autoencoder(folder)
    network = RsDit(RsDitConfig(64, 4, 4, 9)).eval().requires_grad_(False)
    network.load_state_dict(drawn(network.state_dict()))
    return Changen2(network, vae_from(folder, cpu()), cpu())


def test_latents_are_the_autoencoders(tmp_path):
    network, ours = autoencoder(tmp_path), vae_from(tmp_path, cpu())
    with torch.no_grad():
        values = torch.from_numpy(IMAGE).permute(2, 0, 1)[None] / 127.5 - 1
        expected = network.encode(values).latent_dist.mean * SCALE
        latents = ours.encode(IMAGE)
        torch.testing.assert_close(latents, expected)
        assert latents.shape == (1, 4, 8, 8)
        decoded = network.decode(expected / SCALE).sample[0].permute(1, 2, 0).numpy()
    assert abs(ours.decode(latents).astype(float) - np.clip((decoded + 1) * 127.5, 0, 255)).max() <= 0.51


def test_another_autoencoder_is_told(tmp_path):
    autoencoder(tmp_path / "coarse", block_out_channels=[8, 8, 16])
    with pytest.raises(Unavailable, match=r"4 channels at 1/4, not 4 at 1/8"):
        vae_from(tmp_path / "coarse", cpu())
    autoencoder(tmp_path / "cut")
    config = tmp_path / "cut" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"layers_per_block": 2}))
    with pytest.raises(Unavailable, match=r"tensors are missing") as told:
        vae_from(tmp_path / "cut", cpu())
    assert told.value.code == codes.WEIGHTS_MISMATCH


def test_what_did_not_change_stays_to_the_bit(painter):
    found = changed_into(painter, IMAGE, BEFORE, AFTER, place())
    changed = BEFORE != AFTER
    np.testing.assert_array_equal(found[~changed], IMAGE[~changed])
    assert (found[changed] != IMAGE[changed]).any(-1).mean() > 0.9
    np.testing.assert_array_equal(changed_into(painter, IMAGE, AFTER, AFTER, place()), IMAGE)


def test_around_what_changed_is_painted_where_it_is_said(painter):
    around = np.zeros_like(BEFORE, bool)
    around[16:50, 5:45] = True
    for then in (AFTER, BEFORE):
        found = painter.after(IMAGE, BEFORE, then, around, place())
        np.testing.assert_array_equal(found[~around], IMAGE[~around])
        assert (found[around] != IMAGE[around]).any(-1).mean() > 0.9


def test_a_seed_gives_the_same_picture(painter):
    places = place(), place(), place(seed=4), place(col=-64)
    first, again, *others = (changed_into(painter, IMAGE, BEFORE, AFTER, one) for one in places)
    np.testing.assert_array_equal(first, again)
    assert all((first != other).any() for other in others)


def test_what_it_becomes_counts(painter):
    water = np.where(AFTER == oem.BUILDING, oem.WATER, AFTER)
    assert (
        changed_into(painter, IMAGE, BEFORE, AFTER, place()) != changed_into(painter, IMAGE, BEFORE, water, place())
    ).any()


@torch.no_grad()
def test_known_latents_are_held_for_the_share_of_steps(painter, monkeypatch):
    known = painter._vae.encode(IMAGE)
    changed = torch.zeros(1, 1, 8, 8, dtype=torch.bool)
    changed[..., 2:6, 1:6] = True
    seen = []
    denoise = painter._network.denoise
    spy = SimpleNamespace(
        told=painter._network.told,
        denoise=lambda here, at, told: (seen.append((int(at), here)), denoise(here, at, told))[1],
    )
    monkeypatch.setattr(painter, "_network", spy)
    for guidance, held in ((1.0, 6), (0.5, 3), (0.0, 0)):
        monkeypatch.setattr(painter, "guidance", guidance)
        seen.clear()
        found = painter._sample(known, changed, AFTER, 6, torch.Generator().manual_seed(0))
        assert [at for at, _ in seen] == [999, 799, 599, 400, 200, 0]
        # at step 0 hardly any noise is left, so what is held is the picture's
        near = (seen[-1][1] - known).abs().where(~changed, 0).max()
        assert (float(near) < 0.1) is (held == 6)
        assert torch.equal(found.where(~changed, 0), known.where(~changed, 0)) is (held == 6)
        assert (found - known).abs().where(changed, 0).max() > 0.1


def test_labels_are_a_map_a_class():
    labels = np.array([[0, 3], [8, NO_DATA]])
    maps = one_hot(labels, 9)[0]
    assert maps.sum(0).eq(1).all()
    assert maps.argmax(0).tolist() == [[0, 3], [8, 0]]
    assert one_hot(labels, 1)[0, 0].tolist() == [[0, 1], [1, 0]]


def test_weights_are_imported_and_loaded(tmp_path):
    models, spec = tmp_path / "models", PAINTERS[1]
    file = tmp_path / "rsdit.safetensors"
    save_file(drawn(RsDit(RsDitConfig(384, 1, 6, 9)).state_dict()), file)
    import_from(spec, models, file)
    with pytest.raises(Unavailable, match="Stable Diffusion autoencoder") as told:
        load(spec, models / spec.id, cpu())
    assert told.value.code == codes.MODEL_NOT_INSTALLED
    autoencoder(tmp_path / "vae")
    import_from(SD_VAE, models, tmp_path / "vae")
    painter = load(spec, models / spec.id, cpu())
    assert painter.classes == oem.NAMES
    assert (changed_into(painter, IMAGE, BEFORE, AFTER, place(steps=2)) != IMAGE).any()
    painter.close()


def test_damaged_weights_are_told(tmp_path):
    models, spec = tmp_path / "models", PAINTERS[2]
    autoencoder(tmp_path / "vae")
    import_from(SD_VAE, models, tmp_path / "vae")
    folder = models / spec.id
    folder.mkdir()
    save_file({"x_embedder.proj.bias": torch.zeros(384)}, folder / "rsdit.safetensors")
    with pytest.raises(Unavailable, match="changen2-xview2 cannot be used") as told:
        load(spec, folder, cpu())
    assert told.value.code == codes.WEIGHTS_MISMATCH
