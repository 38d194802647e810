"""Build the plugin's zip as `pb_tool.cfg` lists it: tracked files plus compiled translations.

Usage: python3 scripts/make_zip.py [--out dist/toposcope.zip]
"""

from __future__ import annotations

import argparse
import configparser
import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EPOCH = (2026, 1, 1, 0, 0, 0)  # equal trees give equal zips


def members() -> list[Path]:
    """Return the files that go into the zip, relative to the root."""
    config = configparser.ConfigParser()
    config.read(ROOT / "pb_tool.cfg", encoding="utf-8")
    files = config["files"]
    singles = {Path(name) for key in ("python_files", "extras") for name in files[key].split()}
    folders = tuple(files["extra_dirs"].split())
    return sorted(path for path in _tracked() | _compiled() if path in singles or path.parts[0] in folders)


def _tracked() -> set[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return {Path(name) for name in listing.stdout.split("\0") if name and not name.startswith("backend/training")}


def _compiled() -> set[Path]:
    return {path.relative_to(ROOT) for path in (ROOT / "i18n").glob("*.qm")}


def build(out: Path) -> None:
    """Write the zip with the single top folder `toposcope`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in members():
            entry = zipfile.ZipInfo(f"toposcope/{path.as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (ROOT / path).read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist/toposcope.zip")
    target = parser.parse_args().out
    build(target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
