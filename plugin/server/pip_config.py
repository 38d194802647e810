"""pip's configured package sources, handed to uv, which does not read pip's files. No host name is written anywhere."""

from __future__ import annotations

import ast
from typing import Dict

from . import process

PLAIN = "index-url", "extra-index-url", "find-links", "cert", "no-index"


def read(python: str) -> Dict[str, str]:
    """Return the settings of `python -m pip config list` that say where packages come from; later sections win."""
    status, output = process.capture([python, "-m", "pip", "config", "list"])
    settings: Dict[str, str] = {}
    for line in output.splitlines() if status == 0 else ():
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2]
        if name in PLAIN:
            settings[name] = str(ast.literal_eval(value))
    return settings


def names_a_source(settings: Dict[str, str]) -> bool:
    """Say whether somebody configured where packages come from; then that decision covers torch's builds too."""
    return any(settings.get(name) for name in ("index-url", "extra-index-url", "find-links"))


def uv_environment(settings: Dict[str, str], extra: bool = True) -> Dict[str, str]:
    """Return the environment variables that make uv look where pip looks.

    Args:
        settings: what `read` returned.
        extra: also the additional indexes; with them uv is told to compare all indexes, as pip does.
    """
    variables = {"UV_SYSTEM_CERTS": "1", "UV_HTTP_TIMEOUT": "300"}
    if settings.get("index-url"):
        variables["UV_DEFAULT_INDEX"] = settings["index-url"]
    if settings.get("cert"):
        variables["SSL_CERT_FILE"] = settings["cert"]
    if extra and settings.get("extra-index-url"):
        variables["UV_INDEX"] = " ".join(settings["extra-index-url"].split())
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if extra and settings.get("find-links"):
        variables["UV_FIND_LINKS"] = ",".join(settings["find-links"].split())
    return variables
