"""GeoCLIP's location encoder: against torch on drawn weights, and the real ones where their package is installed."""

from importlib.util import find_spec

import numpy as np
import pytest
from pyproj import Proj

torch = pytest.importorskip("torch")

from backend.errors import Unavailable  # noqa: E402
from backend.models.catalog import BUILT_IN  # noqa: E402
from backend.models.geoclip import equal_earth, load  # noqa: E402
from backend.training.places_convert import package_weights, write_geoclip  # noqa: E402

PLACES = np.array([[13.405, 52.52], [-122.42, 37.77], [151.21, -33.87], [0, 0]])


def drawn_state():
    drawn = torch.Generator().manual_seed(0)
    state = {}
    for index, sigma in enumerate((1, 16, 256)):
        sizes = {"capsule.1": (1024, 512), "capsule.3": (1024, 1024), "capsule.5": (1024, 1024), "head.0": (512, 1024)}
        state[f"LocEnc{index}.capsule.0.b"] = torch.randn(256, 2, generator=drawn) * sigma
        for name, shape in sizes.items():
            state[f"LocEnc{index}.{name}.weight"] = torch.randn(shape, generator=drawn) * shape[1] ** -0.5
            state[f"LocEnc{index}.{name}.bias"] = torch.randn(shape[0], generator=drawn) * 0.1
    return state


def by_torch(state):
    linear, total = torch.nn.functional.linear, 0
    flat = torch.from_numpy(equal_earth(PLACES))
    for index in range(3):
        part = {name.split(".", 1)[1]: v.double() for name, v in state.items() if name.startswith(f"LocEnc{index}")}
        angle = 2 * torch.pi * flat @ part["capsule.0.b"].T
        x = torch.cat([angle.cos(), angle.sin()], 1)
        for layer in ("capsule.1", "capsule.3", "capsule.5"):
            x = linear(x, part[f"{layer}.weight"], part[f"{layer}.bias"]).relu()
        total = total + linear(x, part["head.0.weight"], part["head.0.bias"])
    return total.numpy()


def model_of(state, folder):
    write_geoclip(state, folder / "geoclip.safetensors")
    return load(BUILT_IN.get("geoclip"), folder, None)


def test_equal_earth():
    """The projection's edges as its authors print them: half width 2.7066, half height 1.3174 on the unit sphere."""
    found = equal_earth(np.array([[180.0, 0], [0, 90], [0, -90], [0, 0]])) * 180 / 66.50336
    assert found[0] == pytest.approx([2.70663, 0], abs=1e-5)
    assert found[1:] == pytest.approx(np.array([[0, 1.31736], [0, -1.31736], [0, 0]]), abs=1e-5)


def test_equal_earth_is_projs():
    places = np.stack(np.meshgrid(np.linspace(-180, 180, 13), np.linspace(-85, 85, 11)), -1).reshape(-1, 2)
    expected = np.stack(Proj("+proj=eqearth +R=1")(*places.T), 1)
    assert equal_earth(places) * 180 / 66.50336 == pytest.approx(expected, abs=1e-9)


def test_agrees_with_torch(tmp_path):
    state = drawn_state()
    found = model_of(state, tmp_path).encode(PLACES)
    assert found.shape == (4, 512)
    assert found == pytest.approx(by_torch(state), abs=1e-4)


def test_a_file_that_lacks_a_tensor_is_refused(tmp_path):
    state = drawn_state()
    del state["LocEnc1.head.0.bias"]
    with pytest.raises(Unavailable, match=r"LocEnc1\.head\.0\.bias"):
        model_of(state, tmp_path)


@pytest.mark.skipif(find_spec("geoclip") is None, reason="the package geoclip is not installed")
def test_the_real_weights_give_what_the_package_gives(tmp_path):
    """The numbers are models.md 5.6's."""
    state = torch.load(package_weights(), map_location="cpu", weights_only=True)
    found = model_of(state, tmp_path).encode(PLACES)
    lengths = np.linalg.norm(found, axis=1)
    assert lengths == pytest.approx([0.248216, 0.263073, 0.271836, 0.395226], rel=1e-3)
    assert found[0] @ found[1] / lengths[0] / lengths[1] == pytest.approx(0.2955, abs=5e-4)
