"""The upsampler's recipe: it learns, it goes on where it stopped, and what it leaves can be imported."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

pytestmark = pytest.mark.filterwarnings("ignore:Dataset has no geotransform")

from PIL import Image  # noqa: E402

from backend.errors import BadInput  # noqa: E402
from backend.models import jbu_weights  # noqa: E402
from backend.models.clip_weights import clip_from  # noqa: E402
from backend.training.upsampler import Run  # noqa: E402
from backend.training.upsampler_convert import write_clip, write_upsampler  # noqa: E402
from backend.training.upsampler_data import Crops, Extractor, extractor, normalised  # noqa: E402
from backend.training.upsampler_losses import Downsampler, Teaching, moved, view_grid  # noqa: E402
from tests.backend.models.test_jbu import random_upsampler  # noqa: E402
from tests.backend.models.tiny_clip import open_layout, tiny_clip  # noqa: E402
from tests.backend.training.stopping import check_stopping  # noqa: E402

CROP = 32


def colours(pixels):
    """Features of 4 x 4 pixels that follow the picture: means of its colours and of their edges."""
    values = pixels / 127.5 - 1
    edges = (values - torch.nn.functional.avg_pool2d(values, 3, 1, 1)).abs()
    return torch.nn.functional.avg_pool2d(torch.cat([values, edges], 1), 4)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder, drawn = tmp_path_factory.mktemp("images"), np.random.default_rng(0)
    for index in range(3):
        blocks = drawn.integers(0, 256, (6, 7, 3), np.uint8)
        Image.fromarray(blocks.repeat(9, 0).repeat(9, 1)).save(folder / f"{index}.png")
    return folder


def run(images, folder, seed=1):
    torch.set_num_threads(1)
    model = Extractor(colours, 6, 4, CROP, radius=1)
    return Run(model, Crops(images, CROP), folder, seed, batch=2, views=2)


def test_the_loss_falls_and_with_it_the_distance_to_the_fine_colours(images, tmp_path, capsys):
    trained = run(images, tmp_path)
    before, bilinear = distance(trained)
    trained.until(60)
    assert np.mean(trained.losses[-15:]) < 0.7 * np.mean(trained.losses[:15])
    assert distance(trained)[0] < min(0.9 * before, 0.8 * bilinear)
    assert "60 loss" in capsys.readouterr().out


def distance(trained):
    """Return how far the enlarged colours of an image are from its own: by the upsampler, and by interpolation."""
    pixels = trained._crops.draw(np.random.default_rng(99))
    features, truth = colours(pixels), pixels / 127.5 - 1
    with torch.inference_mode():
        ours = trained.upsampler.eval()(features, normalised(pixels))
    plain = torch.nn.functional.interpolate(features, (CROP, CROP), mode="bilinear")
    return [float((found[:, :3] - truth).square().mean()) for found in (ours, plain)]


def test_a_run_that_stopped_ends_as_one_that_did_not(images, tmp_path):
    check_stopping(lambda folder: run(images, folder), tmp_path)
    found = [run(images, tmp_path / "whole"), run(images, tmp_path / "other", seed=2)]
    found[1].until(1)
    assert found[0].losses[0] != found[1].losses[0]


def test_its_file_is_an_upsampler(images, tmp_path):
    trained = run(images, tmp_path)
    trained.until(1)
    model = jbu_weights.upsampler_from(tmp_path)
    assert model.steps == ("up", "up")
    assert (tmp_path / "upsampler.safetensors").name == jbu_weights.FILE


def test_crops_are_mirrored_where_the_image_ends(images):
    crop = Crops(images, 80).draw(np.random.default_rng(0))
    assert crop.shape == (1, 3, 80, 80)
    assert torch.equal(crop[..., 54:, :63], crop[..., 28:54, :63].flip(-2))


def test_a_folder_without_images_is_said(tmp_path):
    with pytest.raises(BadInput, match="no images"):
        Crops(tmp_path, 32)


def test_imagery_without_whole_crops_is_said(tmp_path, monkeypatch):
    Image.fromarray(np.zeros((40, 40, 4), np.uint8)).save(tmp_path / "empty.png")
    monkeypatch.setattr("backend.training.upsampler_data.MOST_DRAWS", 3)
    with pytest.raises(BadInput, match="without data"):
        Crops(tmp_path, 32).draw(np.random.default_rng(0))


@torch.no_grad()
def test_a_downsampler_makes_means_of_its_pixels():
    down = Downsampler(5, 4).eval()
    assert down(torch.full((1, 5, 16, 24), 2.0)).shape == (1, 5, 4, 6)
    torch.testing.assert_close(down(torch.full((1, 5, 16, 24), 2.0)), torch.full((1, 5, 4, 6), 2.0))
    large = torch.zeros(1, 5, 16, 16)
    large[..., :4, 4:8] = 1
    found = down(large)
    expected = torch.zeros(4, 4)
    expected[0, 1] = 1
    torch.testing.assert_close(found[0, 0], expected)


def test_the_right_features_cost_less_than_others():
    torch.manual_seed(0)
    teaching = Teaching(6, 4).eval()
    view = torch.rand(1, 3, 32, 32) * 255
    large = torch.randn(1, 6, 32, 32)
    seen = teaching.down(large)
    assert teaching(large, view, seen) < teaching(large, view, seen.flip(-1))


def test_a_view_moves_picture_and_features_alike():
    drawn = np.random.default_rng(3)
    row, column = torch.meshgrid(*[torch.arange(64.0)] * 2, indexing="ij")
    both = torch.stack([row, column])[None]
    seen = moved(both, view_grid(64, drawn))
    steps = seen[0, 0].diff(dim=0)[16:48, 16:48], seen[0, 1].diff(dim=1)[16:48, 16:48]
    assert 0.5 <= float(steps[0].median()) <= 1
    assert abs(float(steps[1].median())) == pytest.approx(float(steps[0].median()), abs=1e-3)


def test_clips_features_are_learnt_from_before_its_last_block(tmp_path):
    model = tiny_clip()
    model.save_pretrained(tmp_path)
    with pytest.raises(BadInput, match="16 pixels, not of 8"):
        extractor(str(tmp_path), torch.device("cpu"))


def test_published_checkpoints_are_converted(tmp_path):
    upsampler = random_upsampler(4, 5, True, 4)
    state = {f"upsampler.{name}": value for name, value in upsampler.state_dict().items()}
    write_upsampler({"state_dict": state}, tmp_path / "upsampler.safetensors")
    again = jbu_weights.upsampler_from(tmp_path).state_dict()
    assert all(torch.equal(value, again[name]) for name, value in upsampler.state_dict().items())
    clip = tiny_clip("gelu")
    write_clip(open_layout(clip), tmp_path / "clip", quick_gelu=False)
    found = clip_from(tmp_path / "clip").state_dict()
    assert all(torch.equal(value, found[name]) for name, value in clip.state_dict().items())
    with pytest.raises((KeyError, ValueError)):
        write_upsampler({"state_dict": {}}, tmp_path / "none.safetensors")
