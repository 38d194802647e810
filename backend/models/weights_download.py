"""Weights from the hub: a pinned commit, resumable, checked before they are put in place."""

from __future__ import annotations

import errno
import re
import shutil
from pathlib import Path
from typing import Any

from backend.errors import BadInput, Unavailable
from backend.protocol import codes

from . import tiers, weights
from .spec import FULL, ModelSpec, WeightFile
from .weights_stream import Meter, fetch_file, http_error

COMMIT = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def download(  # nosec B107 # an empty token is none
    spec: ModelSpec,
    models: Path,
    token: str = "",
    revision: str = "",
    progress: weights.Progress = lambda percent, message: None,
) -> None:
    """Download the weights of `spec`; an interrupted download goes on where it stopped.

    `revision` (40 hex digits) is for models the catalogue does not pin: sizes and checksums then come from the hub
    and are recorded. `token` opens gated repositories; it is handed to the hub's client and kept nowhere.

    Raises:
        BadInput: PARAMETER_INVALID, the revision.
        Unavailable: TIER_MISSING, WEIGHTS_GATED, WEIGHTS_MISMATCH, DOWNLOAD_FAILED, DISK_FULL.
    """
    commit = _commit(spec, revision)
    tiers.require(FULL)
    part = models / f"{spec.id}.part" / commit
    try:
        part.mkdir(parents=True, exist_ok=True)
        files = _fetch(spec, commit, token, part, progress)
        weights.publish(part, spec, models, "hub", commit, files)
    except (OSError, http_error()) as error:
        raise _explained(error, spec) from error
    shutil.rmtree(part.parent)


def _commit(spec: ModelSpec, revision: str) -> str:
    if spec.weights is None:
        raise weights.not_installed(spec)
    if not spec.weights.repo:
        way = f"take it from a file with `models import {spec.id} PATH`"
        raise Unavailable(codes.DOWNLOAD_FAILED, f"{spec.title} is not on the hub; {way}.")
    if spec.weights.revision:
        if revision not in ("", spec.weights.revision):
            pinned = spec.weights.revision[:12]
            raise BadInput(
                codes.PARAMETER_INVALID, f"{spec.title} is pinned to commit {pinned}; leave out the revision."
            )
        return spec.weights.revision
    if not COMMIT.fullmatch(revision):
        detail = f"No commit of {spec.weights.repo} is pinned; name one with --revision (40 hexadecimal digits)."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return revision


def _fetch(spec: ModelSpec, commit: str, token: str, part: Path, progress: weights.Progress) -> tuple[WeightFile, ...]:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.utils._headers import build_hf_headers

    if spec.weights is None:
        raise weights.not_installed(spec)
    headers = build_hf_headers(token=token or False)
    names = [file.name for file in spec.weights.files]
    urls = {name: hf_hub_url(spec.weights.repo, name, revision=commit) for name in names}
    described = {name: _describe(url, commit, headers) for name, url in urls.items()}
    known = {file.name: file.sha256 for file in weights.known_files(spec)}
    for name, sha256 in known.items():
        if sha256 != (_promised(described[name].etag) or sha256):
            raise _mismatch(spec, name)
    sizes = {name: described[name].size or 0 for name in names}
    _check_room(spec, part, sizes)
    meter = Meter(sum(sizes.values()), progress)
    files = []
    for name in names:
        fetch_file(part / name, described[name], headers, sizes[name], meter)
        files.append(_checked(spec, part / name, known.get(name) or _promised(described[name].etag)))
    return tuple(files)


def _describe(url: str, commit: str, headers: dict[str, str]) -> Any:
    """Return the hub's metadata of a file: size, etag (the sha256 of large files), where it is served."""
    from huggingface_hub import get_hf_file_metadata

    found = get_hf_file_metadata(url, headers=headers)
    if found.commit_hash != commit:
        raise OSError("the hub answered for another commit")
    return found


def _check_room(spec: ModelSpec, part: Path, sizes: dict[str, int]) -> None:
    there = sum(path.stat().st_size for path in part.iterdir())
    if shutil.disk_usage(part).free < sum(sizes.values()) - there:
        raise weights.disk_full(spec, sum(sizes.values()) - there)


def _promised(etag: str | None) -> str:
    """Return the sha256 the hub promises: the etag of a large file is one, that of a small file is a git hash."""
    return etag if etag and SHA256.fullmatch(etag) else ""


def _checked(spec: ModelSpec, path: Path, promised: str) -> WeightFile:
    """Return the file as found; a file that is not what it should be is deleted."""
    found = weights.measure(path)
    if promised and found.sha256 != promised:
        path.unlink()
        raise _mismatch(spec, path.name)
    return found


def _mismatch(spec: ModelSpec, name: str) -> Unavailable:
    what = f"{name} of {spec.title} on the hub is not the file it should be (its sha256 differs)"
    return Unavailable(codes.WEIGHTS_MISMATCH, f"{what}; it was not kept. Try again, or import it from a file.")


def _explained(error: Exception, spec: ModelSpec) -> Unavailable:
    """Return the error a person should see; never the hub's own text, which may hold headers."""
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return weights.disk_full(spec)
    repo = spec.weights.repo if spec.weights else ""
    if isinstance(error, (GatedRepoError, RepositoryNotFoundError)) or _status(error) in (401, 403):
        detail = f"{repo} asks for access: accept its licence on the hub, then give a token that may read it."
        return Unavailable(codes.WEIGHTS_GATED, detail)
    what = (
        f"the hub answered {_status(error)}"
        if isinstance(error, HfHubHTTPError)
        else "the connection failed or broke off"
    )
    detail = f"{spec.title} could not be downloaded: {what}; try again (it resumes), or import the files."
    return Unavailable(codes.DOWNLOAD_FAILED, detail)


def _status(error: Exception) -> int:
    return int(getattr(getattr(error, "response", None), "status_code", 0) or 0)
