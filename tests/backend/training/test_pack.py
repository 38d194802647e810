"""The pack, from a tiny copy of the data's layout."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from backend.training.objects import even_pieces, parts_of_classes
from backend.training.pack import pack
from backend.training.phrases import SCENES, held_out
from tests.backend.training.packed import encoded

pytest.importorskip("torch")


@pytest.fixture
def data(tmp_path):
    drawn = np.random.default_rng(0)
    for folder in (
        "dubai/images",
        "dubai/masks",
        "banepa/images",
        "banepa/unlabelled",
        "naip_trees/images",
        "sentinel2",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "banepa/buildings.geojson").write_text('{"features": []}')
    for tile in ("tile1_001", "tile3_001", "tile8_001"):
        label = np.zeros((300, 320), np.uint8)
        label[50:150, 60:200], label[200:280, 20:300] = 1, 5
        image = (label * 40)[:, :, None].repeat(3, 2) + drawn.integers(0, 20, (300, 320, 3)).astype(np.uint8)
        (tmp_path / f"dubai/images/{tile}.jpg").write_bytes(encoded(image, "JPEG", quality=95))
        Image.fromarray(label).save(tmp_path / f"dubai/masks/{tile}.png")
    with zipfile.ZipFile(tmp_path / "eurosat.zip", "w") as archive:
        for name in SCENES:
            for i in range(10):
                chip = drawn.integers(0, 256, (64, 64, 3), np.uint8)
                archive.writestr(f"{name}/{name}_{i}.jpg", encoded(chip, "JPEG", quality=95))
    return tmp_path


def test_held_out_places_are_not_in_the_pack(data, tmp_path):
    from backend.training.pictures import load, load_scenes

    out = tmp_path / "pack.zip"
    pack(data, out)
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
    assert any("tile1" in name for name in names)
    assert not any("tile3" in name or "tile8" in name for name in names)
    chips, classes = load_scenes(out)
    kept = sum(not held_out(f"{name}_{i}.jpg") for name in SCENES for i in range(10))
    assert len(chips) == len(classes) == kept
    (picture,) = load(out)
    assert picture.classes[100, 100] == 0
    assert picture.classes[240, 100] == 4
    assert picture.objects[100, 100] != picture.objects[240, 100] != 0
    assert set(picture.anchors) == {0, 4}


def test_crops_keep_image_and_labels_together(data, tmp_path):
    from backend.training.crops import Cropper, chosen_objects
    from backend.training.pictures import load

    pack(data, tmp_path / "pack.zip")
    pictures = load(tmp_path / "pack.zip") * 4
    pictures = [type(p)(s, p.image, p.classes, p.objects, p.anchors)
                for p, s in zip(pictures, ("dubai", "banepa", "naip", "free"), strict=True)]  # fmt: skip
    drawn = np.random.default_rng(1)
    cropper = Cropper(pictures, drawn)
    for _ in range(10):
        sample = cropper.zoomed(96)
        assert sample.image.shape == (3, 96, 96)
        water, rest = sample.classes == 4, sample.classes == 255
        if water.sum() > 50 and rest.sum() > 50:
            assert sample.image.numpy()[:, water].mean() > sample.image.numpy()[:, rest].mean()
        assert all(mask.any() for mask in chosen_objects(sample, 3, drawn))


def test_parts_are_numbered_apart():
    label = np.zeros((10, 10), np.int32)
    label[:3, :3], label[:3, 6:], label[6:] = 1, 1, 2
    assert len(np.unique(parts_of_classes(label))) == 4


def test_even_pieces_cover_everything():
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, 32:] = 200
    pieces = even_pieces(image)
    assert pieces.min() == 1
    assert pieces[10, 5] != pieces[10, 60]
