"""A bundle goes from one machine to another, and a bad one is refused before anything is unpacked beyond it."""

import json
import zipfile

import pytest
from toposcope.plugin.server import bundle, process
from toposcope.plugin.server.errors import ServerError


def rewrite(source, target, change):
    """Copy a bundle, letting `change` alter its manifest and members (name to bytes)."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop(bundle.MANIFEST))
    change(manifest, members)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(bundle.MANIFEST, json.dumps(manifest))
        for name, data in members.items():
            archive.writestr(name, data)
    return target


@pytest.fixture
def made(world, tmp_path):
    """Return a bundle of the tiny wheel, written by hand where only reading is of interest."""
    plan = world.plan()
    target = tmp_path / "made.zip"
    bundle._write(plan, [world.wheel], target, process.Feedback())
    return target


def test_round_trip(world, tmp_path, monkeypatch):
    target = bundle.export(world.plan(), tmp_path / "bundle.zip", process.Feedback())
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "another machine"))
    for wheel in world.wheels.iterdir():
        wheel.unlink()
    python = bundle.install(target, process.Feedback(), python=world.python, requirements=world.requirements)
    assert process.capture([str(python), "-c", "import tiny; print(tiny.VALUE)"]) == (0, "42")
    assert not (tmp_path / "another machine" / "bundles").exists()


def traversal(manifest, members):
    data = members.pop("wheels/tiny-1.0-py3-none-any.whl")
    manifest["files"] = {"../../evil.whl": manifest["files"].popitem()[1]}
    members["wheels/../../evil.whl"] = data


def extra(_manifest, members):
    members["wheels/more.whl"] = b"x"


def altered(_manifest, members):
    members["wheels/tiny-1.0-py3-none-any.whl"] = b"x" * len(members["wheels/tiny-1.0-py3-none-any.whl"])


def longer(_manifest, members):
    members["wheels/tiny-1.0-py3-none-any.whl"] += b"x"


def huge(manifest, _members):
    next(iter(manifest["files"].values()))["size"] = bundle.LARGEST_MEMBER + 1


def not_an_object(manifest, _members):
    manifest["files"] = ["tiny"]


def no_tier(manifest, _members):
    del manifest["tier"]


@pytest.mark.parametrize("change", [traversal, extra, altered, longer, huge, not_an_object, no_tier])
def test_a_bad_bundle_is_refused(world, made, tmp_path, change):
    bad = rewrite(made, tmp_path / "bad.zip", change)
    with pytest.raises(ServerError) as caught:
        bundle.load(bad, process.Feedback(), python=world.python, requirements=world.requirements)
    assert caught.value.code in ("bundle-damaged", "no-space")
    assert not list(tmp_path.rglob("evil.whl"))


def test_half_a_bundle_and_no_bundle(world, made, tmp_path):
    half = tmp_path / "half.zip"
    half.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    for source in (half, tmp_path / "none.zip"):
        with pytest.raises(ServerError) as caught:
            bundle.load(source, process.Feedback(), python=world.python, requirements=world.requirements)
        assert caught.value.code == "bundle-damaged"


def test_a_bundle_for_another_machine_says_so(world, made, tmp_path):
    other = rewrite(made, tmp_path / "other.zip", lambda manifest, _: manifest.update(machine="riscv64"))
    with pytest.raises(ServerError) as caught:
        bundle.load(other, process.Feedback(), python=world.python, requirements=world.requirements)
    assert caught.value.code == "other-machine"
    assert "riscv64" in caught.value.sentence
