"""The certificate of a server, or of the authority that signed it, from a file a person chose."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtNetwork import QSslCertificate

from .failures import AUTHORITY_UNREADABLE, ClientError, failure


def read_authority(path: Path) -> str:
    """Return the certificates in a PEM file, without what else it holds (a key must not be kept in memory).

    Raises:
        ClientError: it cannot be read, or holds no certificate.
    """
    try:
        found = QSslCertificate.fromData(path.read_bytes())
    except OSError as error:
        raise _unreadable(f"{path.name} cannot be read: {error.strerror}.") from error
    if not found:
        raise _unreadable(f"{path.name} holds no certificate; it must be a PEM file.")
    return "".join(bytes(certificate.toPem()).decode("ascii") for certificate in found)


def _unreadable(detail: str) -> ClientError:
    return ClientError(failure(AUTHORITY_UNREADABLE, detail))
