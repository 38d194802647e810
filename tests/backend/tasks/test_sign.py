"""Results signed by C2PA: pixels and marks as they were, records that still tell of the file, errors in one sentence.

What signs for real needs c2pa-python (`pip install c2pa-python` beside the test environment) and is skipped without.
"""

import datetime
import hashlib
import io
import json
from importlib.util import find_spec

import numpy as np
import pytest
import rasterio
from affine import Affine

from backend.errors import BadInput, Unavailable
from backend.geo.c2pa_sign import Signing
from backend.geo.mosaic_vrt import Mosaic, Piece, picture_bands
from backend.geo.raster import Grid, Window
from backend.geo.synthetic import Synthetic
from backend.geo.write_cog import AVERAGE, cog_writer
from backend.protocol import codes
from backend.tasks.sign import sign_results

needs_c2pa = pytest.mark.skipif(find_spec("c2pa") is None, reason="needs c2pa-python")
MARK = Synthetic("mini-painter", "ab" * 32, "run-7", 3, composite=True)
SIDE = 700


def write(folder, name, mark):
    pixels = np.random.default_rng(0).integers(0, 255, (3, SIDE, SIDE)).astype(np.uint8)
    with rasterio.open(folder / "a.tif", "w", driver="GTiff", width=SIDE, height=SIDE, count=3, dtype="uint8") as file:
        file.write(pixels)
    grid = Grid(SIDE, SIDE, Affine(0.5, 0, 500_000, 0, -0.5, 4_000_000), "EPSG:32640")
    tags, xmp = (mark.tags(), mark.xmp()) if mark else ({}, "")
    mosaic = Mosaic(grid, [Piece("a.tif", Window(0, 0, SIDE, SIDE))], picture_bands(opaque=True), tags, xmp)
    cog_writer(mosaic.write(folder / "a.vrt"), AVERAGE, picture=True)(folder / name)
    for scratch in ("a.tif", "a.vrt"):
        (folder / scratch).unlink()
    return folder / name


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def results(tmp_path):
    """Return a folder as a change job leaves it: before and after, and what tells of them."""
    folder = tmp_path / "pair"
    folder.mkdir()
    files = [write(folder, "before.tif", None), write(folder, "after.tif", MARK)]
    outputs = [{"name": path.name, "sha256": digest(path)} for path in files]
    (folder / "run.json").write_text(json.dumps({"outputs": outputs, "seed": 3}))
    asset = {"href": "./after.tif", "file:checksum": f"1220{digest(files[1])}", "file:size": files[1].stat().st_size}
    (folder / "item.json").write_text(json.dumps({"assets": {"after": asset}}))
    return folder


@pytest.fixture
def signing(tmp_path):
    """Return a certificate made for this test by an authority made for this test, and its key."""
    pytest.importorskip("cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(text):
        return x509.Name([x509.NameAttribute(kind, text) for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)])

    above, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    begun = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)

    def certificate(subject, key, authority):
        draft = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begun)
            .not_valid_after(begun + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(
                x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), True
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
        )
        if not authority:
            draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        return draft.sign(above, hashes.SHA256()).public_bytes(Encoding.PEM)

    (tmp_path / "chain.pem").write_bytes(certificate("somebody", own, False) + certificate("authority", above, True))
    (tmp_path / "key.pem").write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "other.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Signing(tmp_path / "chain.pem", tmp_path / "key.pem")


@needs_c2pa
def test_a_signed_file_says_what_made_it_and_shows_what_it_showed(results, signing):
    import c2pa

    with rasterio.open(results / "after.tif") as dataset:
        before = dataset.read(), dataset.tags(), dataset.transform, dataset.crs, dataset.overviews(1)
        small = dataset.read(out_shape=(3, 100, 100))
    signing.check()
    assert sign_results(sorted(results.iterdir()), signing) == [results / "after.tif"]
    with rasterio.open(results / "after.tif") as dataset:
        after = dataset.read(), dataset.tags(), dataset.transform, dataset.crs, dataset.overviews(1)
        assert (dataset.read(out_shape=(3, 100, 100)) == small).all()
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert (after[0] == before[0]).all()
    assert after[1:] == before[1:]
    told = json.loads(c2pa.Reader(str(results / "after.tif")).json())
    assert told["validation_state"] == "Valid"
    (statement,) = told["manifests"][told["active_manifest"]]["assertions"]
    (made,) = statement["data"]["actions"]
    assert made["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert made["softwareAgent"]["name"] == "Toposcope mini-painter"


@needs_c2pa
def test_a_changed_pixel_breaks_the_signature(results, signing):
    import c2pa

    sign_results([results / "after.tif"], signing)
    data = bytearray((results / "after.tif").read_bytes())
    data[len(data) // 2] ^= 1
    told = json.loads(c2pa.Reader("image/tiff", io.BytesIO(bytes(data))).json())
    assert told["validation_state"] == "Invalid"


@needs_c2pa
def test_records_tell_of_the_signed_file_and_of_observations_as_before(results, signing):
    before = digest(results / "before.tif")
    sign_results(sorted(results.iterdir()), signing)
    observed, made = json.loads((results / "run.json").read_text())["outputs"]
    assert observed == {"name": "before.tif", "sha256": before}
    assert digest(results / "before.tif") == before
    assert made == {"name": "after.tif", "sha256": digest(results / "after.tif"), "signed": "c2pa"}
    asset = json.loads((results / "item.json").read_text())["assets"]["after"]
    assert asset["file:checksum"] == f"1220{digest(results / 'after.tif')}"
    assert asset["file:size"] == (results / "after.tif").stat().st_size
    assert sorted(path.name for path in results.iterdir()) == ["after.tif", "before.tif", "item.json", "run.json"]


@needs_c2pa
@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        ("chain.pem", "other.pem", "cannot sign"),
        ("key.pem", "key.pem", "cannot sign"),
        ("chain.pem", "chain.pem", "no private key"),
        ("missing.pem", "key.pem", "cannot be read"),
    ],
)
def test_what_cannot_sign_is_said_before_the_run(tmp_path, signing, certificate, key, words):
    with pytest.raises(BadInput, match=words) as error:
        Signing(tmp_path / certificate, tmp_path / key).check()
    assert error.value.code == codes.PARAMETER_INVALID


@needs_c2pa
def test_where_signing_fails_all_is_as_it_was(results, tmp_path, signing):
    before = {path.name: path.read_bytes() for path in results.iterdir()}
    with pytest.raises(BadInput):
        sign_results(sorted(results.iterdir()), Signing(tmp_path / "chain.pem", tmp_path / "other.pem"))
    assert {path.name: path.read_bytes() for path in results.iterdir()} == before


def test_without_the_package_one_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr("backend.geo.c2pa_sign.find_spec", lambda name: None)
    with pytest.raises(Unavailable, match="pip install c2pa-python") as error:
        Signing(tmp_path / "chain.pem", tmp_path / "key.pem").check()
    assert error.value.code == codes.TIER_MISSING
