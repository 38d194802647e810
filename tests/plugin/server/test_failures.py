"""Real lines of pip, uv, Python and the systems, and what a person is told."""

import pytest
from toposcope.plugin.server import failures

SAMPLES = [
    ("no-space", "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
    ("no-space", "error: failed to copy file: There is not enough space on the disk. (os error 112)"),
    ("hash-mismatch", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."),
    ("hash-mismatch", "error: Hash mismatch for `numpy==2.4.6`"),
    (
        "tls",
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
        "unable to get local issuer certificate (_ssl.c:992)'))",
    ),
    ("tls", "error: client error (Connect): invalid peer certificate: UnknownIssuer"),
    ("proxy", "OSError('Tunnel connection failed: 407 Proxy Authentication Required')"),
    ("proxy", "ProxyError('Cannot connect to proxy.', RemoteDisconnected('closed'))"),
    (
        "no-network",
        "NewConnectionError('Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')\n"
        "ERROR: Could not find a version that satisfies the requirement numpy==2.4.6 (from versions: none)\n"
        "ERROR: No matching distribution found for numpy==2.4.6",
    ),
    ("no-network", "[Errno 11001] getaddrinfo failed"),
    ("no-network", "error: error sending request for url: dns error: failed to lookup address information"),
    ("no-network", "pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out."),
    ("no-match", "ERROR: No matching distribution found for onnxruntime==1.31.1"),
    ("no-match", "  × No solution found when resolving dependencies:"),
    ("vc-runtime", "OSError: [WinError 1114] A dynamic link library (DLL) initialization routine failed. c10.dll"),
    ("vc-runtime", "ImportError: DLL load failed while importing onnxruntime_pybind11_state"),
    ("old-system", "ImportError: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by libonnxruntime.so)"),
    ("old-system", "/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.29' not found"),
    (
        "permission",
        "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'lib'",
    ),
    ("permission", "PermissionError: [WinError 5] Access is denied: 'python.exe'"),
    ("blocked", "OSError: [WinError 1260] This program is blocked by group policy."),
    ("blocked", "OSError: [WinError 225] Operation did not complete: the file contains a virus"),
    (
        "file-locked",
        "PermissionError: [WinError 32] The process cannot access the file: being used by another process",
    ),
    ("no-venv", "The virtual environment was not created successfully because ensurepip is not available."),
    ("module-missing", "ModuleNotFoundError: No module named 'onnxruntime'"),
    ("path-too-long", "OSError: [Errno 36] File name too long: 'x'"),
    ("out-of-memory", "OSError: [Errno 12] Cannot allocate memory"),
    ("failed", "something nobody has seen before"),
]


@pytest.mark.parametrize(("code", "output"), SAMPLES)
def test_known_output(code, output):
    error = failures.explain(output)
    assert error.code == code
    assert error.sentence.endswith(".")
    assert error.action.endswith(".")


def test_every_row_has_a_sample():
    assert {row[0] for row in failures.TABLE} == {code for code, _ in SAMPLES} - {"failed"}


def test_what_the_file_system_refuses_is_explained(tmp_path):
    with pytest.raises(failures.ServerError) as caught, failures.explained():
        (tmp_path / ("x" * 5000)).write_text("")
    assert caught.value.code == "path-too-long"
