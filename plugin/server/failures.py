"""Known output of pip, uv, Python and the system, and what it means to a person. First match wins."""

from __future__ import annotations

import contextlib
import re
from typing import Iterator, List, Tuple

from .errors import ServerError
from .text import QT_TRANSLATE_NOOP, translate

Row = Tuple[str, str, str, str]

TABLE: List[Row] = [
    (
        "no-space",
        r"no space left on device|errno 28|not enough space on the disk|winerror 112\b|disk quota exceeded",
        QT_TRANSLATE_NOOP("Server", "The disk is full."),
        QT_TRANSLATE_NOOP("Server", "Free some space or choose another folder, then install again."),
    ),
    (
        "hash-mismatch",
        r"do not match the hashes|hash mismatch|hashes are required|hash-checking mode",
        QT_TRANSLATE_NOOP("Server", "A downloaded package is not the one this version was tested with."),
        QT_TRANSLATE_NOOP(
            "Server", "Install again; if it happens twice, a proxy or mirror changes files: ask whoever runs it."
        ),
    ),
    (
        "tls",
        r"certificate[_ ]verify[_ ]failed|sslerror|ssl: |unknownissuer|self.signed certificate|tls handshake",
        QT_TRANSLATE_NOOP(
            "Server", "The secure connection was refused: something between here and the server replaces certificates."
        ),
        QT_TRANSLATE_NOOP(
            "Server", "Ask your administrator for the certificate file and set SSL_CERT_FILE to it, or import a bundle."
        ),
    ),
    (
        "proxy",
        r"407 proxy|proxyerror|proxy authentication|tunnel connection failed|cannot connect to proxy",
        QT_TRANSLATE_NOOP("Server", "The proxy did not let the download through."),
        QT_TRANSLATE_NOOP("Server", "Set HTTPS_PROXY to the proxy with its user name, or import a bundle."),
    ),
    (
        "no-network",
        r"name or service not known|temporary failure in name resolution|getaddrinfo failed|nodename nor servname"
        r"|network is unreachable|connection refused|connection reset|failed to establish a new connection"
        r"|read timed out|readtimeout|operation timed out|dns error|error sending request|no route to host",
        QT_TRANSLATE_NOOP("Server", "The package server cannot be reached."),
        QT_TRANSLATE_NOOP(
            "Server", "Check the network and install again (what was downloaded is kept), or import a bundle."
        ),
    ),
    (
        "old-system",
        r"glibc(xx)?_[\d.]+['`’]? not found|glibc [\d.]+ (or newer|is too old)|built for a newer macos",
        QT_TRANSLATE_NOOP("Server", "This operating system is older than the packages support."),
        QT_TRANSLATE_NOOP("Server", "Use a newer system (glibc 2.28, Windows 10, macOS 15), or connect to a server."),
    ),
    (
        "vc-runtime",
        r"winerror 1114\b|winerror 126\b|vcruntime140|msvcp140|dll load failed",
        QT_TRANSLATE_NOOP("Server", "A Windows runtime library is missing."),
        QT_TRANSLATE_NOOP(
            "Server", "Install Microsoft's Visual C++ Redistributable 2015-2022 (x64), then choose Repair."
        ),
    ),
    (
        "blocked",
        r"blocked by group policy|winerror 1260\b|applocker|winerror 225\b|contains a virus|winerror 4551\b",
        QT_TRANSLATE_NOOP("Server", "A security policy does not let the backend's Python run."),
        QT_TRANSLATE_NOOP("Server", "Ask your administrator to allow the folder shown above."),
    ),
    (
        "file-locked",
        r"winerror 32\b|winerror 33\b|being used by another process|text file busy",
        QT_TRANSLATE_NOOP("Server", "Another program, often a virus scanner, holds a file of the installation."),
        QT_TRANSLATE_NOOP(
            "Server", "Wait a minute and install again; exclude the folder from scanning if it happens again."
        ),
    ),
    (
        "permission",
        r"permission denied|winerror 5\b|access is denied|errno (13|17|20)\b"
        r"|operation not permitted|read-only file system",
        QT_TRANSLATE_NOOP("Server", "A file or folder of the installation cannot be written."),
        QT_TRANSLATE_NOOP("Server", "Choose a folder of your own, then install again."),
    ),
    (
        "path-too-long",
        r"file ?name too long|winerror 206\b|errno 36\b",
        QT_TRANSLATE_NOOP("Server", "A path became longer than this system allows."),
        QT_TRANSLATE_NOOP("Server", "Choose a folder with a short path."),
    ),
    (
        "no-venv",
        r"ensurepip is not available|no module named '?(venv|ensurepip)",
        QT_TRANSLATE_NOOP("Server", "This Python cannot make virtual environments."),
        QT_TRANSLATE_NOOP("Server", "On Debian or Ubuntu install python3-venv; elsewhere choose another Python."),
    ),
    (
        "no-match",
        r"no matching distribution|could not find a version|no solution found|resolutionimpossible|no usable wheels"
        r"|conflicting dependencies|no wheels with a matching",
        QT_TRANSLATE_NOOP("Server", "There is no build of a needed package for this system and Python."),
        QT_TRANSLATE_NOOP(
            "Server", "Choose Python 3.11 to 3.13 (64-bit), or import a bundle made on a machine like this one."
        ),
    ),
    (
        "out-of-memory",
        r"memoryerror|cannot allocate memory|out of memory",
        QT_TRANSLATE_NOOP("Server", "Memory ran out."),
        QT_TRANSLATE_NOOP("Server", "Close other programs and try again."),
    ),
    (
        "module-missing",
        r"modulenotfounderror|no module named",
        QT_TRANSLATE_NOOP("Server", "A package is missing from this Python."),
        QT_TRANSLATE_NOOP("Server", "Choose Repair, or install the packages of backend/requirements into it."),
    ),
]

UNKNOWN: Row = (
    "failed",
    "",
    QT_TRANSLATE_NOOP("Server", "A step of the installation failed."),
    QT_TRANSLATE_NOOP("Server", "The log has the details; choose Repair to try again."),
)


def explain(output: str) -> ServerError:
    """Return the error that `output`, the last lines of a failed step, speaks of."""
    code, _, sentence, action = next((row for row in TABLE if re.search(row[1], output, re.IGNORECASE)), UNKNOWN)
    return ServerError(code, translate("Server", sentence), translate("Server", action))


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn what the file system refuses inside the block into the error it speaks of."""
    try:
        yield
    except OSError as error:
        raise explain(str(error)) from error
