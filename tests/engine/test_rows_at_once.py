"""Rows are read thousands at a time, and are those that a reader who takes one line after the other would find."""

from __future__ import annotations

import math
import random
from io import BytesIO

import numpy as np
import pytest

from engine.events import MetricsRow
from engine.runs import metrics

WHOLE = ("step", "epoch", "images_seen", "d_skipped")
COURSE = [MetricsRow(n, n // 9 + 1, 8 * n, n / 4, math.sin(n), math.cos(n), 0.5, 0.25, n % 3) for n in range(1, 60)]


def plain(data):
    """Read ``data`` line by line, as the format is described."""
    lines, found, before = data.split(b"\n"), [], (0, 0)
    if len(lines) < 2 or len(lines[0]) >= 1000:
        return found
    columns = lines[0].decode("utf-8", "replace").rstrip("\r").split(",")
    for line in lines[1:-1]:  # what stands behind the last end of a line is torn
        try:
            values = line.decode().rstrip("\r").split(",")
            row = MetricsRow(
                **{
                    name: (int if name in WHOLE else float)(values[columns.index(name)])
                    for name in MetricsRow._fields
                    if name in columns or name != "d_skipped"  # which older runs lack
                }
            )
        except (ValueError, IndexError):
            break
        bounded = [getattr(row, name) for name in (*WHOLE, "seconds")]
        if len(line) >= 1000 or not all(0 <= value <= 2**53 for value in bounded):
            break
        if row.step <= before[0] or row.images_seen < before[1]:
            break
        found.append(row)
        before = row.step, row.images_seen
    return found


def same(data):
    assert str(list(metrics.read_rows(BytesIO(data)))) == str(plain(data)), data


TEXT = (metrics.HEADER + metrics.format_rows(COURSE)).encode()
STRANGE = [
    b"1_0",
    b" 7",
    b"+7",
    b"nan",
    b"inf",
    b"1e400",
    b"-1",
    b"",
    b"x",
    "٣".encode(),
    b"\xff",
    b"9" * 400,
    b"1.5",
    b"\r",
]


@pytest.fixture(params=[97, 1024, 2**19])
def blocks(request, monkeypatch):
    """Blocks that end within lines and numbers, and one that holds all."""
    monkeypatch.setattr(metrics, "_BLOCK", request.param)


@pytest.mark.usefixtures("blocks")
def test_whole_torn_and_empty_courses():
    lines = TEXT.splitlines(keepends=True)
    assert len(list(metrics.read_rows(BytesIO(TEXT)))) == len(COURSE)
    for data in (
        TEXT,
        TEXT[:-1],
        TEXT[:-20],
        lines[0],
        b"",
        b"\n",
        TEXT.replace(b"\n", b"\r\n"),
        TEXT + b"\n",
        TEXT + TEXT,
    ):
        same(data)
    same(b"".join([*lines[:20], b"1" * 1500, b"\n", *lines[20:]]))
    same(b"".join([*lines[:20], b"," * 3, *lines[20:]]))
    without = [b",".join(line.rstrip(b"\n").split(b",")[:-1]) + b"\n" for line in lines]
    same(b"".join(without))
    same(b"".join(reversed(lines)))
    same(b"".join([b"epoch,step\n", *lines[1:]]))


@pytest.mark.usefixtures("blocks")
def test_of_an_honest_course_no_line_is_read_for_itself(monkeypatch):
    monkeypatch.setattr(metrics, "_parse", None)
    assert len(list(metrics.read_rows(BytesIO(TEXT)))) == len(COURSE)


@pytest.mark.usefixtures("blocks")
def test_a_column_too_many_is_not_made_up_for_by_one_too_few():
    lines = TEXT.splitlines(keepends=True)
    short, long = lines[30].rsplit(b",", 1)[0] + b"\n", lines[31].replace(b"\n", b",7\n")
    same(b"".join([*lines[:30], short, long, *lines[32:]]))
    same(b"".join([*lines[:30], long, short, *lines[32:]]))


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_value_in_any_column(strange):
    lines = TEXT.splitlines()
    for column in range(len(MetricsRow._fields)):
        values = lines[33].split(b",")
        values[column] = strange
        same(b"\n".join([*lines[:33], b",".join(values), *lines[34:], b""]))


def test_random_damage(monkeypatch):
    chance = random.Random(0)
    for _ in range(300):
        monkeypatch.setattr(metrics, "_BLOCK", chance.choice([64, 300, 5000]))
        data = bytearray(TEXT)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.choice(b"0123456789,.-e\n\r \xff_+n")
        same(bytes(data))


def test_an_endless_line_is_not_read_to_its_end():
    class Endless(BytesIO):
        def read(self, size=-1):
            assert size <= 2**20 and self.tell() < 2**22
            return super().read(size)

    assert list(metrics.read_rows(Endless(TEXT + b"1" * 2**23))) == list(metrics.read_rows(BytesIO(TEXT)))
    assert np.array(list(metrics.read_rows(Endless(b"1" * 2**23)))).size == 0
