"""Every command speaks to every terminal: encodings that lack what is said, and twenty columns."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.table import Table

from engine import bench, cli, i18n, legible
from engine.bench.part import PartStep
from engine.cli import terminal, waiting
from engine.evaluation.evaluate import Evaluation
from engine.recipes import RECIPES
from engine.runs import runs_root
from tests import films, tiny

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = [f"--set={name}={value}" for name, value in (tiny.OPTIONS | {"epochs": 1}).items()]


def measure_nothing():
    """Return the parts of the benchmark with findings at hand."""
    joy = {"images_per_second": 2700.5, "label_accuracy": 0.993, "frechet_distance": 4.4, "frechet_distance_real": 2.7}
    found = {
        "minute": {"seed": 0, "ratio": 1.6, **joy},
        "engine": {"recipe": "dcgan-tutorial", "engine": 800.0, "textbook": 300.0, "ratio": 2.3, "bar": 1.5},
        "recipes": {"recipe": "studio", "images_per_second": 2700.0},
        "plane": {"recipe": "plane-ring", "drawn": True, "steps_per_second": 900.0, "drawings_per_second": 10.0},
        "threads": {"fixed": 1500.0, "alone": 1500.0, "beside": 1100.0, "share": 0.7, "back_seconds": 1.5},
    }
    return [
        replace(part, steps=lambda name=part.name: [PartStep("“minute” 1 · ⚠", 60.0, lambda: found[name])])
        for part in bench.PARTS
    ]


@pytest.fixture
def spoken(tiny_data, tmp_path, monkeypatch):
    """Run every command with this encoding and width; return what each said, decoded strictly."""
    films.make(runs_root() / "ñandú", epochs=1)
    monkeypatch.setattr(bench, "PARTS", measure_nothing())
    verdict = Evaluation("ñ", "studio", "digits", 80, 50, *[0.5] * 6, None, 4.4, 2.7, None, "well", "It is well.", ())
    monkeypatch.setattr("engine.evaluation.evaluate.evaluate", lambda *_: verdict)
    run = str(runs_root() / "ñandú")
    commands = {
        "train": ["train", *OPTIONS, "--run", str(tmp_path / "új")],
        "again": ["train", *OPTIONS, "--run", str(tmp_path / "új")],
        "sample": ["sample", str(tmp_path / "új"), "--out", str(tmp_path / "año.png")],
        "film": ["film", run, "--out", str(tmp_path / "año.png")],
        "evaluate": ["evaluate", str(tmp_path / "új"), "--count", "50"],
        "queue add": ["queue", "add", "--title", "ñ"],
        "queue list": ["queue", "list"],
        "runs list": ["runs", "list"],
        "runs show": ["runs", "show", run],
        "runs compare": ["runs", "compare", run, str(tmp_path / "új")],
        "nowhere": ["sample", str(tmp_path / "dónde"), "--out", "x.png"],
        "no name": ["train", "--recipe", "“ñ”"],
        "no option": ["train", "--ñ"],
        **{name: [name] for name in ("recipes", "datasets", "bench", "--help")},
        **{
            f"{name} --help": [name, "--help"]
            for name in ("train", "sample", "evaluate", "film", "bench", "runs", "queue")
        },
    }

    def speak(encoding, columns=20):
        monkeypatch.setenv("COLUMNS", str(columns))
        said = {}
        for name, arguments in commands.items():
            heard = [io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2)]
            with monkeypatch.context() as patch:
                patch.setattr(sys, "stdout", heard[0])
                patch.setattr(sys, "stderr", heard[1])
                assert cli.main(arguments) == (1 if name in ("again", "nowhere", "no name", "no option") else 0), name
                for stream in heard:
                    stream.flush()
            said[name] = "".join(stream.buffer.getvalue().decode(encoding) for stream in heard)
        return said

    return speak


@pytest.mark.parametrize(
    ("encoding", "language"),
    [("ascii", "es"), ("cp1252", "es"), ("latin-1", "en"), ("cp850", "es"), ("utf-8", "en")],
)
def test_every_command_is_legible_in_any_encoding_on_twenty_columns(spoken, encoding, language):
    i18n.set_language(language)
    said = spoken(encoding)
    for name, text in said.items():
        assert text.strip() and "�" not in text and "\\u" not in text, (name, text)
    assert all(name in said["recipes"] for name in RECIPES)  # none is cut
    for name in ("recipes", "datasets", "bench", "evaluate", "runs list", "runs show", "runs compare"):
        assert max(map(len, said[name].splitlines())) <= max(24, *(len(word) for word in said[name].split())), name
    assert "--epochs" in said["train --help"] and "..." not in said["evaluate --help"]


def test_on_a_wide_terminal_lists_are_tables(spoken):
    said = spoken("utf-8", 120)
    assert "┃" in said["recipes"] and "│" in said["datasets"] and "╭" in said["train --help"]


def test_a_table_that_would_cut_a_word_is_told_row_by_row(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    table = Table("Run", "What")
    table.add_row("a", "x" * 50)
    terminal.show_table(table)
    assert "┃" in capsys.readouterr().out
    table.add_row("2026-11-27", "y" * 50)
    terminal.show_table(table)
    said = capsys.readouterr().out
    assert "┃" not in said and "2026-11-27\n" in said and "y" * 50 in said


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", '"a" - 2x ! e ? n 0 >= 1 \\u304a'),
        ("latin-1", '"a" · 2× ! é ? ñ 0 >= 1 \\u304a'),
        ("cp1252", "“a” · 2× ! é ? ñ 0 >= 1 \\u304a"),
        ("utf-8", "“a” · 2× ⚠ é ? ñ 0 ≥ 1 お"),
    ],
)
def test_what_an_encoding_lacks_becomes_the_nearest(monkeypatch, encoding, expected):
    stream = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    legible.prepare()
    print("“a” · 2× ⚠ é ? ñ 0 ≥ 1 お", end="", flush=True)
    assert stream.buffer.getvalue().decode(encoding) == expected


def test_a_file_name_that_is_no_text_stays_usable(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    legible.prepare()
    print(os.fsdecode(b"run-\xff"), end="", flush=True)
    assert stream.buffer.getvalue() == b"run-\xff"


def test_a_real_pipe_takes_a_list():
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "DUELO_LANGUAGE": "es"}
    command = [sys.executable, str(ROOT / "main.py"), "datasets"]
    done = subprocess.run(command, env=environment, capture_output=True)
    assert done.returncode == 0 and "28x28" in done.stdout.decode("ascii")


def test_what_is_in_the_way_is_told_once_however_often_it_is_tried(monkeypatch, capfd):
    monkeypatch.setattr(waiting, "_RETRY_SECONDS", 0.0)
    halt = waiting.Waiting("It waits.", lambda: False)

    def told():
        out, error = capfd.readouterr()
        return (out + error).count("The disk is full."), (out + error).count("It waits.")

    for _ in range(3):
        halt.wait("The disk is full.", "Free some space.")
    assert told() == (1, 1)
    halt.wait("The folder is gone.", "Bring it back.")
    assert told() == (0, 1)
    halt.wait("The disk is full.", "Free some space.")
    halt.end()
    halt.wait("The disk is full.", "Free some space.")
    assert told() == (2, 2)
