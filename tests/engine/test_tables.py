"""A person's own table: whatever spreadsheets write is read, and what cannot be is told in a sentence with its line."""

import os

import numpy as np
import pytest

from engine.config import Config
from engine.datasets import catalog
from engine.datasets.info import Column
from engine.errors import UserError
from engine.job import result_of
from engine.points import csv_file
from engine.points.rows import to_csv
from engine.points.scale import to_own, to_unit


def read(tmp_path, content):
    path = tmp_path / "own.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return result_of(csv_file.read(path))


SAME = [[1.5, -2.0], [3.0, 40.25]]


@pytest.mark.parametrize(
    "content",
    [
        "1.5,-2\n3,40.25\n",
        "a,b\r\n1.5,-2\r\n3,40.25",
        "1,5;-2\n3;40,25\n",
        "1.5\t-2\n3\t40.25\n",
        "# a b\n1.5 -2\n  3   40.25\n",
        '"1.5","-2"\n\n"3","4.025e1"\n\n',
        "a;b;\n1,5;-2;\n3;40,25;\n",
        "1.5|−2\n3|+40.25\n",
        b"\xef\xbb\xbfa,b\n1.5,-2\n3,40.25\n",
        "Año,b\n1.5,-2\n3,40.25\n".encode("latin-1"),
        "a\tb\n1.5\t-2\n3\t40.25\n".encode("utf-16"),
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path, content):
    table = read(tmp_path, content)
    assert table.values.tolist() == SAME
    assert [(column.low, column.high) for column in table.columns] == [(1.5, 3.0), (-2.0, 40.25)]


def test_columns_have_the_names_of_the_file_or_usual_ones(tmp_path):
    assert [column.name for column in read(tmp_path, "año; \n1;2\n3;2\n").columns] == ["año", "c2"]
    assert [column.name for column in read(tmp_path, "1,2,3\n1,2,4\n").columns] == ["x", "y", "z"]
    assert [column.name for column in read(tmp_path, "1,2,3,4\n1,2,3,5\n").columns] == ["c1", "c2", "c3", "c4"]


def test_thousands_of_spanish_spreadsheets_are_no_decimals(tmp_path):
    assert read(tmp_path, "1.234,5;2\n7;1.234.567\n").values.tolist() == [[1234.5, 2], [7, 1234567]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("a,b\n", "no numbers"),
        ("a,b\n1,2\n", "one point only"),
        ("1,2\n" * 30, "one point only"),
        ("1\n2\n", "one column"),
        ("a,b\n1,2\n3\n", "line 3: 1 cell instead of 2"),
        ("1,2\n3,4,5\n", "line 2: 3 cells instead of 2"),
        ("a,b\n1,2\n3,x\n", "1 line .*: line 3, column 2: “x” is no number"),
        ("a,1\n2,3\n", "line 1, column 1: “a” is no number"),
        ("1,2\n,4\n", "line 2, column 1: empty"),
        ("1,2\n3,nan\n", "“nan” is no number"),
        ("1,2\n3,-inf\n", "“-inf” is no number"),
        ("1,2\n3,1e999\n", "“1e999” is no number"),
        (
            "a,b\n" + "".join(f"{n},{n if n % 2 else 'x'}\n" for n in range(40)),
            "^20 lines of .*: line 2, column 2: .*; line 4, .*; line 6, [^;]*; and 17 more",
        ),
        ('1,"1,234"\n', "may mean two numbers"),
        ("1,2\n3,<b>x\x1b[2J\n", "is no number"),
        (b"PK\x03\x04 whatever", "is no text"),
        (b"1,2\n3,\x004\n", "is no text"),
        (",".join(["1"] * 65), "65 columns"),
        ('1,2\n3,"' + "4" * 200_000, "no line of a table|no number"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path, content, told):
    with pytest.raises(UserError, match=told) as caught:
        read(tmp_path, content)
    assert "own.csv" in caught.value.message and len(caught.value.whole) < 250 and "\x1b" not in caught.value.whole


def test_a_pipe_a_folder_and_nothing_at_all_are_told(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", ".", "absent"):
        with pytest.raises(UserError, match="cannot be read"):
            result_of(csv_file.read(tmp_path / name))


def test_a_huge_table_is_told_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "MOST_BYTES", 7)
    with pytest.raises(UserError, match="is larger than"):
        read(tmp_path, "1,2\n3,4\n")


def test_reading_tells_how_far_it_is_can_be_canceled_and_is_done_once(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "_ROWS_AT_ONCE", 4)
    (tmp_path / "own.csv").write_text("1,2\n3,4\n" * 5)
    reading = csv_file.read(tmp_path / "own.csv")
    assert "own.csv" in next(reading).what
    assert (event := next(reading)) and (event.done, event.total) == (4, 10)
    reading.close()
    config = Config(dataset="table", data_root=str(tmp_path / "own.csv"))
    first = catalog.load(config)
    monkeypatch.setattr(csv_file, "read", None)
    assert np.shares_memory(catalog.load(config).images, first.images), "it was read by now"
    (tmp_path / "own.csv").write_text("1,2\n3,4\n" * 4)
    with pytest.raises(TypeError):
        catalog.load(config)


def test_units_there_and_back():
    columns = (Column("a", -3.0, 5.0), Column("b", 7.0, 7.0))
    values = np.array([[-3.0, 7.0], [5.0, 7.0], [1.0, 7.0]])
    points = to_unit(values, columns)
    assert points.tolist() == [[-1, 0], [1, 0], [0, 0]] and points.dtype == np.float32
    assert np.array_equal(to_own(points, columns), values)


def test_rows_are_written_as_the_table_was(tmp_path):
    table = read(tmp_path, 'one,"t,wo",tiny\n1.50,7,1e-7\n2.25,9,3e-7\n')
    written = to_csv(to_unit(table.values, table.columns), table.columns)
    assert written.decode() == 'one,"t,wo",tiny\n1.50,7,1e-07\n2.25,9,3e-07\n'
    assert read(tmp_path, written).values.tolist() == table.values.tolist()
    assert b"-0" not in to_csv(np.full((1, 3), -1e-9, np.float32), (Column("a", -1, 1),) * 3)
