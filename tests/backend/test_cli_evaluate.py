"""`evaluate` as a user calls it: the benchmark's tables, our Parquet, and what is wrong with either."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from backend.__main__ import main

COUNT, WIDTH = 60, 5


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Write `e.csv` as the challenge's files are, and labels of two tasks."""
    monkeypatch.chdir(tmp_path)
    vectors = np.random.default_rng(0).normal(size=(COUNT, WIDTH)).round(4)
    lines = [",".join(["id", *map(str, range(WIDTH))])]
    lines += [f"{i:03d}.zarr.zip," + ",".join(map(str, row)) for i, row in enumerate(vectors)]
    (tmp_path / "e.csv").write_text("\n".join(lines))
    (tmp_path / "labels").mkdir()
    for name, values in (("snow__classification", vectors[:, 0] > 0), ("rain__regression", vectors[:, 1])):
        rows = [f"{i:03d},{float(value)}" for i, value in enumerate(values)]
        (tmp_path / "labels" / f"{name}.csv").write_text("\n".join(["id,label", *rows, "999,"]))
    table = {
        "id": [f"{i:03d}" for i in range(COUNT)],
        "embedding": pa.array(list(vectors), pa.list_(pa.float32(), WIDTH)),
    }
    pq.write_table(pa.table(table), tmp_path / "e.parquet", compression="zstd", row_group_size=25)
    return tmp_path


def run(capsys, *words):
    code = main([*map(str, ("evaluate", *words)), "--folds", "3", "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_a_table_and_parquet_of_the_same_vectors_score_the_same(work, capsys):
    answer = run(capsys, "e.csv", "e.parquet", "--labels", "labels", "--out", "r.json")
    one, two = answer["methods"]
    assert one["mean_q"] == pytest.approx(two["mean_q"], rel=1e-4)
    assert (one["count"], one["dimensions"], one["rank"], two["rank"]) == (COUNT, WIDTH, 1, 1)
    assert {name: task["measure"] for name, task in one["tasks"].items()} == {"rain": "R2", "snow": "F1"}
    assert json.loads((work / "r.json").read_text()) == answer
    assert (answer["protocol"]["seed"], answer["protocol"]["dimensions"]) == (42, 1024)


def test_files_of_labels_may_be_named_and_the_answer_is_lines(work, capsys):
    assert main(["evaluate", "e.csv", "--labels", "labels/rain__regression.csv", "--folds", "2", "--dim", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("e.csv  rain: Q ")
    assert lines[1].startswith("e.csv: mean Q ")


def test_numbers_that_are_missing_become_0_and_are_counted(work, capsys):
    text = (work / "e.csv").read_text().splitlines()
    text[3] = text[3].split(",")[0] + ",NaN,," + ",".join(text[3].split(",")[3:])
    (work / "gaps.csv").write_text("\n".join(text))
    assert run(capsys, "gaps.csv", "--labels", "labels")["methods"][0]["filled"] == 2


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "0,1\n2,3", "'a.csv' has no column 'id'"),
        ("a.csv", "id\nx", "'a.csv' has no vectors"),
        ("a.csv", "id,0\n001,1\n001,2", "two vectors for the id '001'"),
        ("a.csv", "id,0\n001,inf", "Row 1 of 'a.csv' has an infinite number"),
        ("a.csv", "id,0\n001,high", "no table of vectors, damaged or cut off: In CSV column #1"),
        ("a.csv", "id,0,1\n001,1,2\n002,1", "no table of vectors"),
        ("a.csv", "id,0\n001,\xff", "no table of vectors"),
        ("a.txt", "", "is of a kind that is not read"),
        ("none.csv", None, "There is no file 'none.csv'"),
    ],
)
def test_bad_vectors_are_said(work, capsys, name, text, said):
    if text is not None:
        (work / name).write_text(text)
    code, sentence = run(capsys, name, "--labels", "labels")
    assert code == 2
    assert said in sentence


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rain.csv", "id,label\n001,1", "'rain.csv' does not say what it holds"),
        ("a__regression.csv", "id,value\n001,1", "has no column label"),
        ("a__regression.csv", "id,label\n001,wet", "Row 1 of 'a__regression.csv' has the label 'wet'"),
        ("a__regression.csv", "id,label\n001,1\n001,2", "two labels for the id '001'"),
        ("a__classification.csv", "id,label\n001,0\n002,1\n003,2", "has 3 classes, and the protocol's"),
        ("none__regression.csv", None, "There is no file or folder of labels 'none__regression.csv'"),
        ("nowhere", None, "There is no file or folder of labels 'nowhere'"),
    ],
)
def test_bad_labels_are_said(work, capsys, name, text, said):
    if text is not None:
        (work / name).write_text(text)
    code, sentence = run(capsys, "e.csv", "--labels", name)
    assert code == 2
    assert said in sentence


def test_parquet_that_is_cut_off_or_has_no_vectors_is_said(work, capsys):
    (work / "cut.parquet").write_bytes((work / "e.parquet").read_bytes()[:-20])
    assert "'cut.parquet' is no Parquet file, damaged or cut off" in run(capsys, "cut.parquet", "--labels", "labels")[1]
    pq.write_table(pa.table({"id": ["001"], "height": [1.0]}), work / "other.parquet")
    assert "vectors need one of embedding" in run(capsys, "other.parquet", "--labels", "labels")[1]
