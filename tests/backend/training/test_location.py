"""The location encoder's recipe: what views say, that it learns, goes on where it stopped, and leaves a model."""

import numpy as np
import pytest
from pyproj import Geod

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from backend.models.mini_places import MiniPlaces  # noqa: E402
from backend.models.spherical_harmonics import harmonics  # noqa: E402
from backend.training import location, location_maps  # noqa: E402
from backend.training.location import Places, fit, rate  # noqa: E402
from backend.training.location_maps import CHANNELS, LAND, RELIEF, heights, pyramid  # noqa: E402
from backend.training.location_views import moved, sunshine, views, weights  # noqa: E402

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def maps():
    """A world of 72 x 144 cells with smooth channels of its own."""
    drawn = np.random.default_rng(0)
    latitude, longitude = np.meshgrid(np.linspace(1.5, -1.5, 72), np.linspace(-np.pi, np.pi, 144), indexing="ij")
    phases = drawn.uniform(0, 6, (CHANNELS, 2, 1, 1))
    found = np.sin(3 * latitude + phases[:, 0]) * np.sin(2 * longitude + phases[:, 1])
    found[LAND] = longitude > 0
    return found.astype(np.float32)


@pytest.fixture(scope="module")
def places(maps):
    asked = np.stack([np.random.default_rng(1).uniform(-180, 180, 300), np.linspace(-60, 60, 300)], 1)
    looks = views(pyramid(maps), asked)
    looks = (looks - looks.mean(0)) * weights(looks.var(0))
    return Places(harmonics(asked, 40).astype(np.float16), looks.astype(np.float16))


def test_heights_are_the_legends_in_sun_and_shade():
    row = RELIEF[[2, 5, 9, 14], 1:].T[:, None].astype(np.float32)
    for shade in (1, 0.7):
        assert heights(row * shade)[0] == pytest.approx(RELIEF[[2, 5, 9, 14], 0], abs=130)


def test_a_blur_keeps_what_is_even_and_reaches_over_the_date_line(maps):
    even = np.full((1, 72, 144), 0.7, np.float32)
    assert all(level == pytest.approx(0.7, abs=1e-3) for level in pyramid(even))
    spot = np.zeros((1, 72, 144), np.float32)
    spot[0, 36, 0] = 1
    assert pyramid(spot)[-1][0, 4, -1] == pytest.approx(pyramid(spot)[-1][0, 4, 1], abs=1e-3)
    assert pyramid(spot)[-1][0, 4, -1] > 1e-3


def test_a_mirrored_world_has_the_same_views(maps):
    """Nothing in a view says which hemisphere it is."""
    asked = np.array([[20.0, 35], [-100, 50], [175, 10]])
    mirrored = views(pyramid(maps[:, ::-1]), asked * [1, -1])
    assert mirrored == pytest.approx(views(pyramid(maps), asked), abs=5e-3)


@pytest.mark.parametrize(("bearing", "azimuth"), [(0, 180), (np.pi / 2, 90), (np.pi, 0)])
def test_aside_is_so_far_and_towards_the_pole(bearing, azimuth):
    start = np.array([[179.0, -45]])
    [[x, y]] = moved(start, bearing, 500)
    there, _, metres = Geod(ellps="sphere").inv(179, -45, x, y)
    assert metres / 1000 == pytest.approx(500, rel=2e-3)
    assert there % 360 == pytest.approx(azimuth, abs=1e-6)


def test_sunshine_at_the_equator_the_pole_and_in_either_hemisphere():
    found = sunshine(np.array([0.0, 90, 40, -40]))
    assert found[1, :3] == pytest.approx(0, abs=1e-6)  # polar night
    assert found[1, 6] > found[0, 6]  # and more at midsummer than anywhere
    assert found[2] == pytest.approx(found[3])


def test_each_kind_of_thing_weighs_what_is_written(places):
    variance = places.looks.astype(np.float64).var(0)
    assert variance[-10:].sum() == pytest.approx(9 * 3, rel=1e-2)
    assert variance[:3].sum() == pytest.approx(9 * 2 * 1.5, rel=1e-2)
    assert variance[5 * CHANNELS : 5 * CHANNELS + 48].sum() == pytest.approx(9, rel=1e-2)


def test_places_are_drawn_on_land_three_of_four(monkeypatch, maps):
    monkeypatch.setattr(location, "ROWS", 72)
    monkeypatch.setattr(location, "COLUMNS", 144)
    drawn = location._drawn(maps[LAND] > 0.5, 400, np.random.default_rng(0))
    assert (drawn[:, 0] > 0).sum() == 300
    assert np.abs(np.sin(np.radians(drawn[:, 1])).mean()) < 0.1


def test_it_learns_and_ends_as_a_run_that_was_never_stopped(tmp_path, places, monkeypatch, capsys):
    monkeypatch.setattr(location, "BATCH", 100)
    whole = fit(places, 3, 7, None, CPU)
    losses = [float(line.split()[3].rstrip(",")) for line in capsys.readouterr().err.splitlines()]
    assert losses[-1] < losses[0]
    kept = tmp_path / "kept"
    batches, stopped = Places.batches, []

    def stop(self, epoch, *others):
        if epoch == 1 and not stopped:
            stopped.append(epoch)
            raise KeyboardInterrupt
        return batches(self, epoch, *others)

    monkeypatch.setattr(Places, "batches", stop)
    with pytest.raises(KeyboardInterrupt):
        fit(places, 3, 7, kept, CPU)
    again = fit(places, 3, 7, kept, CPU)
    for one, other in zip(whole.location.parameters(), again.location.parameters(), strict=True):
        assert torch.equal(one, other)


def test_what_is_saved_is_read_without_torch(tmp_path, places, monkeypatch):
    monkeypatch.setattr(location, "BATCH", 100)
    trained = fit(places, 1, 7, None, CPU)
    tensors = {f"nnet.{name}": value.half() for name, value in trained.location.state_dict().items()}
    save_file(tensors, tmp_path / "places.safetensors")
    asked = np.array([[13.4, 52.5], [-70, -33], [0, 90]])
    with torch.no_grad():
        wanted = trained.location(torch.from_numpy(harmonics(asked, 40)).float()).numpy()
    assert MiniPlaces(tmp_path / "places.safetensors").encode(asked) == pytest.approx(wanted, abs=5e-2)


def test_the_rate_rises_and_falls():
    steps = [rate(step, 1000) for step in range(1000)]
    assert steps[0] < 0.02
    assert max(steps) == pytest.approx(1, abs=0.05)
    assert steps[-1] < 1e-4


def test_packages_that_are_not_there_are_named(monkeypatch):
    monkeypatch.setattr(location_maps, "BASEMAP", "no.such_basemap")
    with pytest.raises(FileNotFoundError, match=r"no\.such_basemap"):
        location_maps.package_files()
