import hashlib
import json
import pickle
from pathlib import Path

import pytest

from backend.errors import BadInput, Unavailable
from backend.models import weights
from backend.models.spec import FULL, ModelSpec, WeightFile, Weights
from backend.models.weights_import import import_from
from backend.protocol import codes

CONFIG, TENSORS = b'{"model_type": "x"}', bytes(range(256)) * 5000


@pytest.fixture
def store(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "config.json").write_bytes(CONFIG)
    (tmp_path / "given" / "model.safetensors").write_bytes(TENSORS)
    return tmp_path / "given"


def spec(files=None):
    files = files or (WeightFile("config.json", 0, ""), WeightFile("model.safetensors", 77, ""))
    held = Weights(files, "MIT", "someone/thing")
    return ModelSpec("thing", "Thing", ("segment",), "a:b", FULL, 64, "slow", 1000, held, "MIT")


def pinned_to(folder):
    return spec(tuple(weights.measure(folder / name) for name in ("config.json", "model.safetensors")))


def test_an_unpinned_import_records_what_it_found_and_says_so(store, folder):
    said = import_from(spec(), store, folder)
    assert "recorded" in said
    manifest = weights.verify(spec(), store)
    assert not manifest.pinned
    assert manifest.origin == "file"
    assert manifest.files[1] == weights.measure(folder / "model.safetensors")
    assert manifest.size == len(CONFIG) + len(TENSORS)
    assert sorted(path.name for path in store.iterdir()) == ["thing"]


def test_a_pinned_import_is_compared_with_the_pin(store, folder):
    wanted = pinned_to(folder)
    assert "the catalogue knows" in import_from(wanted, store, folder)
    assert weights.installed(wanted, store).pinned
    (folder / "model.safetensors").write_bytes(TENSORS[::-1])
    weights.remove(wanted, store)
    with pytest.raises(Unavailable, match=r"model\.safetensors") as caught:
        import_from(wanted, store, folder)
    assert caught.value.code == codes.WEIGHTS_MISMATCH
    assert not list(store.iterdir())


def test_a_file_brings_the_files_beside_it(store, folder):
    import_from(spec(), store, folder / "model.safetensors")
    assert weights.installed(spec(), store)


def test_a_file_may_have_another_name(store, folder):
    (folder / "model.safetensors").rename(folder / "downloaded-7.safetensors")
    import_from(spec(), store, folder / "downloaded-7.safetensors")
    assert (store / "thing" / "model.safetensors").read_bytes() == TENSORS


@pytest.mark.parametrize("name", ["model.pt", "model.ckpt", "pytorch_model.bin", "model.pkl", "MODEL.PTH"])
def test_pickles_are_refused_unopened(store, tmp_path, name):
    trap = tmp_path / "trap"
    (tmp_path / name).write_bytes(pickle.dumps({"x": 1}))
    with pytest.raises(BadInput, match="could run code") as caught:
        import_from(spec(), store, tmp_path / name)
    assert caught.value.code == codes.WEIGHTS_REFUSED
    assert not trap.exists()


def test_a_folder_of_pickles_says_why(store, tmp_path):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(BadInput, match="could run code"):
        import_from(spec(), store, tmp_path / "given")


def test_missing_and_foreign_files_are_named(store, folder):
    (folder / "config.json").unlink()
    with pytest.raises(BadInput, match=r"config\.json"):
        import_from(spec(), store, folder)
    (folder / "notes.txt").write_text("x")
    with pytest.raises(BadInput, match=r"notes\.txt"):
        import_from(spec(), store, folder / "notes.txt")
    with pytest.raises(BadInput, match="no file or folder"):
        import_from(spec(), store, folder / "nowhere")


def test_a_changed_byte_is_noticed(store, folder):
    import_from(spec(), store, folder)
    path = store / "thing" / "model.safetensors"
    path.write_bytes(b"\0" + TENSORS[1:-1] + b"\0")
    assert weights.installed(spec(), store)
    with pytest.raises(Unavailable) as caught:
        weights.checked_folder(spec(), store)
    assert caught.value.code == codes.WEIGHTS_MISMATCH


def test_a_shortened_file_is_not_installed(store, folder):
    import_from(spec(), store, folder)
    (store / "thing" / "model.safetensors").write_bytes(TENSORS[:-1])
    assert weights.installed(spec(), store) is None


def test_a_pin_that_came_later_counts(store, folder):
    import_from(spec(), store, folder)
    other = spec((WeightFile("config.json", 0, ""), WeightFile("model.safetensors", 0, "0" * 64)))
    with pytest.raises(Unavailable) as caught:
        weights.verify(other, store)
    assert caught.value.code == codes.WEIGHTS_MISMATCH


def test_a_cancelled_import_leaves_nothing_and_keeps_the_old(store, folder):
    import_from(spec(), store, folder)

    def stop(percent, message):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_from(spec(), store, folder, stop)
    assert [path.name for path in store.iterdir()] == ["thing"]
    weights.verify(spec(), store)


def test_a_full_disk_is_said(store, folder, monkeypatch):
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(Unavailable, match="room") as caught:
        import_from(spec(), store, folder)
    assert caught.value.code == codes.DISK_FULL
    assert not list(store.iterdir())


def test_removing_and_verifying_what_is_not_there(store):
    for act in (weights.remove, weights.verify):
        with pytest.raises(Unavailable, match="models pull thing") as caught:
            act(spec(), store)
        assert caught.value.code == codes.MODEL_NOT_INSTALLED


def test_a_damaged_manifest_counts_as_not_installed(store, folder):
    import_from(spec(), store, folder)
    (store / "thing" / weights.MANIFEST).write_text(json.dumps({"model": "thing"}))
    assert weights.installed(spec(), store) is None


def test_weights_that_ship_have_checksums_too(tmp_path):
    from backend.models.catalog import BUILT_IN

    found = weights.checksums(BUILT_IN.get("mini-places"), tmp_path)
    shipped = Path(__file__).parents[3] / "backend/weights/places/places.safetensors"
    assert found == {"places.safetensors": hashlib.sha256(shipped.read_bytes()).hexdigest()}
    assert weights.checksums(BUILT_IN.get("classic"), tmp_path) == {}
