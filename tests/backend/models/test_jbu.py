"""Joint bilateral upsampling: the published layouts, real weights, and the formula written out."""

import os
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

from backend.errors import Unavailable  # noqa: E402
from backend.models import jbu_weights  # noqa: E402
from backend.models.catalog_ground import CLIP  # noqa: E402
from backend.models.jbu import Upsampler  # noqa: E402
from backend.models.preprocess import normalise  # noqa: E402

REAL = Path(__file__).parents[4] / "shared" / "data" / "weights"
OEM = os.environ.get("TOPOSCOPE_OEM_IMAGE", "")
"""The OpenEarthMap demo picture of SegEarth-OV's repository, whose terms keep it out of ours."""

PUBLISHED = {  # mean, standard deviation, three values: float32
    "clip": (-0.000156, 0.727411, 1.05357, -0.00080, -1.22582),
    "maskclip": (-0.000580, 0.720928, 0.82225, 0.09652, -1.27162),
}
SMALL = {  # of this implementation on the day it reproduced `PUBLISHED`, for a picture of waves
    "clip": (-1.6e-05, 0.785636, 0.95638, -0.569735, -0.757453),
    "maskclip": (-0.003237, 0.783545, 0.658877, -0.519038, -0.496358),
}


def random_upsampler(channels=6, radius=1, shared=True, steps=2):
    generator = torch.Generator().manual_seed(3)
    model = Upsampler(channels, radius, shared, steps).eval().requires_grad_(False)
    for parameter in model.parameters():
        parameter.normal_(0.05, 0.2, generator=generator)
    return model


def real(name):
    checkpoint = torch.load(REAL / f"{name}_jbu_stack_cocostuff.ckpt", map_location="cpu", weights_only=True)
    return jbu_weights.built(jbu_weights.from_checkpoint(checkpoint))


def source(side):
    channel, row, column = np.ogrid[:512, :side, :side]
    values = np.sin(0.37 * channel + 0.9 * row) + np.cos(0.11 * channel - 0.7 * column)
    return torch.from_numpy(values.astype(np.float32))[None]


def guide(image):
    return torch.from_numpy(normalise(image, np.ones(image.shape[:2], bool), CLIP))


def waves(height, width):
    y, x = np.mgrid[:height, :width]
    return np.stack([127 + 120 * np.sin(x / 7 + k) * np.cos(y / 11 - k) for k in range(3)], -1).astype(np.uint8)


needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real weights are not here")


@needs_real
@pytest.mark.skipif(not OEM, reason="TOPOSCOPE_OEM_IMAGE does not name the OpenEarthMap demo picture")
@pytest.mark.parametrize("name", PUBLISHED)
def test_real_weights_give_the_published_values(name):
    import rasterio

    with rasterio.open(OEM) as dataset:
        image = dataset.read(window=((0, 224), (0, 224))).transpose(1, 2, 0)
    with torch.inference_mode():
        found = real(name)(source(14), guide(image))
    values = [found.mean(), found.std(), found[0, 0, 0, 0], found[0, 100, 50, 60], found[0, 511, 223, 223]]
    np.testing.assert_allclose(values, PUBLISHED[name], atol=1e-5)


@needs_real
@pytest.mark.parametrize("name", SMALL)
def test_real_weights_on_a_small_picture(name):
    with torch.inference_mode():
        found = real(name)(source(4), guide(waves(64, 64)))
    values = [found.mean(), found.std(), found[0, 0, 0, 0], found[0, 100, 20, 33], found[0, 511, 63, 63]]
    np.testing.assert_allclose(values, SMALL[name], atol=1e-5)


@needs_real
def test_real_weights_have_the_published_temperatures():
    steps = [getattr(real("clip"), name) for name in ("up1", "up2", "up3", "up4")]
    found = [(float(step.range_temp), float(step.sigma_spatial)) for step in steps]
    expected = [(0.398070, 0.657884), (0.600511, 0.924600), (0.046565, 1.180692), (0.140342, 1.289339)]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_published_layouts():
    featup, simfeatup = Upsampler(512, 3, shared=False), Upsampler(512, 5, shared=True)
    assert [len(model.state_dict()) for model in (featup, simfeatup)] == [42, 12]
    assert [sum(p.numel() for p in m.parameters()) for m in (featup, simfeatup)] == [287_588, 293_729]
    assert simfeatup.state_dict()["up.fixup_proj.0.weight"].shape == (121, 124, 1, 1)
    assert featup.state_dict()["up4.fixup_proj.3.weight"].shape == (49, 49, 1, 1)


@pytest.mark.parametrize(("radius", "shared", "steps"), [(5, True, 4), (3, False, 4), (1, True, 2)])
def test_tensors_tell_the_layout(tmp_path, radius, shared, steps):
    model = random_upsampler(4, radius, shared, steps)
    save_file(jbu_weights.tensors(model), tmp_path / jbu_weights.FILE)
    again = jbu_weights.upsampler_from(tmp_path)
    assert again.steps == model.steps
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in again.state_dict().items())


def test_a_training_checkpoint_gives_its_upsampler_alone():
    model = random_upsampler(4, 5, True, 4)
    state = {f"upsampler.{name}": value for name, value in model.state_dict().items()}
    wrapped = {"state_dict": {**state, "downsampler.w": torch.zeros(1)}, "optimizer_states": []}
    found = jbu_weights.built(jbu_weights.from_checkpoint(wrapped))
    picture = guide(waves(48, 48))
    assert torch.equal(found(torch.ones(1, 4, 3, 3), picture), model(torch.ones(1, 4, 3, 3), picture))


@pytest.mark.parametrize("broken", ["missing", "extra", "shape"])
def test_other_weights_are_refused_in_a_sentence(tmp_path, broken):
    state = jbu_weights.tensors(random_upsampler(4, 1, True, 4))
    if broken == "missing":
        del state["up.range_temp"]
    elif broken == "extra":
        state["other"] = torch.zeros(1)
    else:
        state["up.fixup_proj.3.weight"] = torch.zeros(8, 8, 1, 1)
    save_file(state, tmp_path / jbu_weights.FILE)
    with pytest.raises(Unavailable, match="cannot be used"):
        jbu_weights.upsampler_from(tmp_path)


@pytest.mark.parametrize("shared", [True, False])
def test_agrees_with_the_formula_written_out(shared):
    model, features = random_upsampler(shared=shared), torch.rand(1, 6, 5, 7, generator=torch.manual_seed(0))
    picture = guide(waves(20, 28))
    larger = written_out(model, model.steps[0], features, torch.nn.functional.adaptive_avg_pool2d(picture, (10, 14)))
    larger = written_out(model, model.steps[1], larger, picture)
    expected = larger + 0.1 * model.fixup_proj(larger)
    torch.testing.assert_close(model(features, picture), expected, atol=1e-4, rtol=1e-4)
    with torch.inference_mode():
        torch.testing.assert_close(model(features, picture), expected, atol=1e-4, rtol=1e-4)


def written_out(model, name, features, picture):
    """One step by unfolding."""
    step, fold = getattr(model, name), torch.nn.functional
    side = step.side

    def neighbours(values):
        padded = fold.pad(values, [side // 2] * 4, mode="reflect")
        return fold.unfold(padded, side).unflatten(1, (values.shape[1], -1)).unflatten(-1, values.shape[-2:])

    projected = step.range_proj(picture)
    likeness = torch.einsum("bchw,bcnhw->bnhw", projected, neighbours(projected))
    likeness = (likeness * step.range_temp.exp().clamp(1e-4, 1e4)).softmax(1)
    y, x = torch.meshgrid(*[torch.linspace(-1, 1, side)] * 2, indexing="ij")
    near = torch.exp(-(x**2 + y**2) / (2 * step.sigma_spatial**2)).view(1, -1, 1, 1)
    kernel = likeness * near
    kernel = kernel / kernel.sum(1, keepdim=True).clamp(1e-7)
    kernel = kernel + 0.1 * step.fixup_proj(torch.cat([kernel, picture], 1))
    size = picture.shape[-2:]
    source = fold.interpolate(features, size, mode="bicubic", align_corners=False)
    return torch.einsum("bcnhw,bnhw->bchw", neighbours(source), kernel)


def test_neighbours_are_never_held_all_at_once():
    class Largest(TorchDispatchMode):
        numbers = 0

        def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
            found = function(*arguments, **(keywords or {}))
            if isinstance(found, torch.Tensor):
                self.numbers = max(self.numbers, found.untyped_storage().nbytes() // 4)
            return found

    model = random_upsampler(128, 5, True, 2)
    with torch.inference_mode(), Largest() as largest:
        model(torch.rand(1, 128, 10, 10), guide(waves(40, 40)))
    assert largest.numbers == 128 * (40 + 10) ** 2


def test_a_picture_larger_than_the_result_is_averaged():
    model, features = random_upsampler(), torch.rand(1, 6, 4, 4)
    fine = guide(waves(48, 48))
    expected = model(features, torch.nn.functional.adaptive_avg_pool2d(fine, (16, 16)))
    torch.testing.assert_close(model(features, fine), expected, atol=1e-4, rtol=1e-4)
    uneven = guide(waves(50, 49))
    assert model(features, uneven).shape == (1, 6, 16, 16)
