import pytest
from toposcope.plugin.client.endpoint import parse_endpoint
from toposcope.plugin.client.failures import ADDRESS_REFUSED, ClientError


@pytest.mark.parametrize(
    ("address", "url", "loopback"),
    [
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123", True),
        ("http://localhost:8123/", "http://localhost:8123", True),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443", False),
        ("https://gpu.example", "https://gpu.example:443", False),
        (" https://GPU.example:8443 ", "https://gpu.example:8443", False),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", False),
    ],
)
def test_addresses(address, url, loopback):
    endpoint = parse_endpoint(address, "secret")
    assert (endpoint.url, endpoint.loopback) == (url, loopback)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gpu.example:8443",
        "ftp://gpu.example",
        "https://",
        "https://gpu.example/path",
        "https://gpu.example?x=1",
        "https://user:pass@gpu.example",
        "https://gpu.example:99999",
        "http://gpu.example:8000",
        "http://127.0.0.1.example:8000",
    ],
)
def test_refused_addresses(address):
    with pytest.raises(ClientError) as error:
        parse_endpoint(address, "secret")
    assert error.value.problem.code == ADDRESS_REFUSED


def test_the_token_is_not_shown():
    assert "secret" not in repr(parse_endpoint("https://gpu.example", "secret"))
