"""`python -m backend serve`: the server, for the plugin on this machine or for clients of a GPU machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from backend import paths
from backend.jobs.local_engine import LocalEngine
from backend.models.catalog import catalog
from backend.server import lifetime
from backend.server.main import serve
from backend.server.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; other than 127.0.0.1 needs TLS")
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="certificate: serve clients on other machines")
    parser.add_argument("--tls-key", type=Path, metavar="PEM", help="key of the certificate")
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name clients reach us by")
    parser.add_argument("--root", action="append", default=[], type=Path, help="folder remote clients may read")


def run(arguments: argparse.Namespace) -> int:
    """Serve until stdin ends (on this machine) or until stopped (for other machines)."""
    token = lifetime.token_from_environment()
    settings = Settings(
        token=lifetime.read_token() if token is None else token,
        runs=paths.runs_folder(),
        host=arguments.host,
        port=arguments.port,
        hosts=tuple(arguments.allow_host),
        certificate=arguments.tls_cert,
        key=arguments.tls_key,
        remote=arguments.tls_cert is not None,
        roots=tuple(arguments.root),
    )
    models = paths.models_folder()
    serve(settings, LocalEngine(catalog(models), models), paths.data_folder())
    return 0
