"""How QtNetwork is set up for a backend, and what its errors mean."""

from __future__ import annotations

from typing import Mapping, Optional

from qgis.PyQt.QtCore import QT_VERSION, QObject, QUrl
from qgis.PyQt.QtNetwork import QNetworkAccessManager, QNetworkProxy, QNetworkReply, QNetworkRequest, QSslCertificate

from ...backend.protocol.problem import Problem
from .endpoint import Endpoint
from .failures import CONNECTION_LOST, CONNECTION_REFUSED, CONNECTION_TIMEOUT, TLS_FAILED, failure

QT_6 = 0x060000


def make_manager(endpoint: Endpoint, parent: QObject) -> QNetworkAccessManager:
    """Return a manager of our own.

    QGIS's would send 127.0.0.1 through the user's proxy and end an event stream that is silent for a minute.
    """
    manager = QNetworkAccessManager(parent)
    manager.setRedirectPolicy(QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)
    if endpoint.near:
        manager.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
    return manager


def make_request(endpoint: Endpoint, path: str, headers: Mapping[str, str], timeout_s: int) -> QNetworkRequest:
    """Return a request with the token. `timeout_s` bounds silence; 0 means it may last."""
    request = QNetworkRequest(QUrl(endpoint.url + path))
    request.setAttribute(
        QNetworkRequest.Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
    )
    request.setTransferTimeout(timeout_s * 1000)
    if endpoint.authority:
        trust = request.sslConfiguration()
        trust.setCaCertificates(QSslCertificate.fromData(endpoint.authority.encode()))
        request.setSslConfiguration(trust)
    request.setRawHeader(b"Authorization", b"Bearer " + endpoint.token.encode())
    for name, value in headers.items():
        request.setRawHeader(name.encode(), value.encode())
    return request


def close_after(request: QNetworkRequest) -> None:
    """Ask for a connection of its own for a request with a body.

    Qt 5 writes header and body separately and leaves Nagle's algorithm on: on a connection that was used before, the
    body waits for the peer's delayed acknowledgement: 44 ms a click. A new connection costs 0.8 ms. Qt 6 is not so.
    """
    if QT_VERSION < QT_6:
        request.setRawHeader(b"Connection", b"close")


def transport_problem(reply: QNetworkReply, tls_errors: str) -> Optional[Problem]:
    """Return what went wrong below HTTP, None where the server answered."""
    code = _TRANSPORT.get(reply.error())
    if code is None and status(reply) == 0:
        code = CONNECTION_LOST
    if code is None:
        return None
    return failure(code, f"{_SENTENCES[code]} ({tls_errors or reply.errorString()})")


def status(reply: QNetworkReply) -> int:
    """Return the HTTP status, 0 when no answer came."""
    return reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0


_Error = QNetworkReply.NetworkError
_TRANSPORT = {
    _Error.ConnectionRefusedError: CONNECTION_REFUSED,
    _Error.HostNotFoundError: CONNECTION_REFUSED,
    _Error.RemoteHostClosedError: CONNECTION_LOST,
    _Error.TemporaryNetworkFailureError: CONNECTION_LOST,
    _Error.NetworkSessionFailedError: CONNECTION_LOST,
    _Error.UnknownNetworkError: CONNECTION_LOST,
    _Error.TimeoutError: CONNECTION_TIMEOUT,
    _Error.OperationCanceledError: CONNECTION_TIMEOUT,  # what Qt reports when a transfer times out
    _Error.SslHandshakeFailedError: TLS_FAILED,
    _Error.ProxyConnectionRefusedError: CONNECTION_REFUSED,
    _Error.ProxyConnectionClosedError: CONNECTION_LOST,
    _Error.ProxyNotFoundError: CONNECTION_REFUSED,
    _Error.ProxyTimeoutError: CONNECTION_TIMEOUT,
    _Error.ProxyAuthenticationRequiredError: CONNECTION_REFUSED,
    _Error.UnknownProxyError: CONNECTION_REFUSED,
}
_SENTENCES = {
    CONNECTION_REFUSED: "Nothing answers at the backend's address.",
    CONNECTION_LOST: "The connection to the backend was lost.",
    CONNECTION_TIMEOUT: "The backend did not answer in time.",
    TLS_FAILED: "The backend's certificate was not accepted.",
}
