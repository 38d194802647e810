import pytest

OCTETS = {"Content-Type": "application/octet-stream"}


def upload(backend, content):
    return backend.client.post("/uploads", content=content, headers=OCTETS)


def kept(backend):
    return [path for path in (backend.data / "uploads").rglob("[!.]*") if path.is_file()]


def test_an_upload_is_a_source_until_it_is_deleted(backend):
    upload_id = upload(backend, b"pixels" * 1000).json()["id"]
    assert [path.read_bytes() for path in kept(backend)] == [b"pixels" * 1000]
    message = {"source": {"upload": upload_id}, "model": "tiny"}
    assert backend.client.post("/sessions", json=message).status_code == 201
    assert backend.client.delete(f"/uploads/{upload_id}").status_code == 204
    assert backend.client.post("/sessions", json=message).json()["code"] == "source-missing"
    assert backend.client.delete(f"/uploads/{upload_id}").status_code == 404


@pytest.mark.parametrize("upload_id", ["../../etc/passwd", "0" * 32, "", "x"])
def test_an_upload_that_is_none_is_refused(backend, upload_id):
    answer = backend.client.post("/sessions", json={"source": {"upload": upload_id}, "model": "tiny"})
    assert answer.status_code in (400, 404)


def test_an_upload_over_the_limit_leaves_nothing(backend):
    before = len(kept(backend))
    assert upload(backend, iter([b"x" * (1 << 20)] * 5)).status_code == 413
    assert upload(backend, b"x" * (5 << 20)).status_code == 413
    assert len(kept(backend)) == before


def test_an_empty_upload_is_refused(backend):
    assert upload(backend, b"").status_code == 400


def test_an_upload_keeps_the_ending_of_its_name(backend):
    def send(ending):
        return backend.client.post("/uploads", content=b"PAR1", headers={**OCTETS, "toposcope-ending": ending})

    upload_id = send(".parquet").json()["id"]
    assert f"{upload_id}.parquet" in [path.name for path in kept(backend)]
    assert backend.client.delete(f"/uploads/{upload_id}").status_code == 204
    for wrong in ("parquet", ".a/b", "..", ".PARQUET", "." + 13 * "x"):
        assert send(wrong).status_code == 400


def test_uploads_end_with_the_server(fresh):
    backend = fresh()
    upload(backend, b"pixels")
    backend.process.stdin.close()
    backend.process.wait(10)
    assert kept(backend) == []


def test_a_remote_client_reads_uploads_and_configured_folders_only(fresh, tmp_path):
    (tmp_path / "images").mkdir()
    inside, outside = tmp_path / "images" / "in.tif", tmp_path / "out.tif"
    for path in (inside, outside):
        path.touch()
    (tmp_path / "images" / "link.tif").symlink_to(outside)
    backend = fresh(tmp_path / "images")

    def code(path):
        answer = backend.client.post("/sessions", json={"source": {"path": str(path)}, "model": "tiny"})
        return answer.json().get("code", answer.status_code)

    assert code(inside) == 201
    assert code(outside) == "source-refused"
    assert code(tmp_path / "images" / "link.tif") == "source-refused"
    assert code(tmp_path / "images" / ".." / "out.tif") == "source-refused"
    output = {"task": "write", "output": {"path": str(tmp_path / "out.gpkg")}}
    assert backend.client.post("/jobs", json=output).json()["code"] == "output-unwritable"
    imported = backend.client.post("/models/tiny/import", json={"path": str(tmp_path)})
    assert imported.json()["code"] == "weights-refused"
    backend.process.kill()
