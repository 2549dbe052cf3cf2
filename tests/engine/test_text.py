"""A stranger's text in sentences, in a terminal and in a log: plain, short, and obeyed by nobody."""

from __future__ import annotations

import json
import unicodedata

import pytest

from engine import cli
from engine.config import Config
from engine.errors import UserError
from engine.i18n import tr, trn
from engine.runs import RunFolder, RunSummary, UnreadableRun, list_runs
from engine.runs import store as listings
from engine.text import LONGEST_NAME, breakable, plain
from tests.engine import hostile

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m"
TURNED = "\u202egnp.exe\u2066"
HALVES = "\ud800\udcff"
TEXTS = [ESCAPE, TURNED, HALVES, "<img src=file:///etc/passwd>", "< b >", "a\r\nb\u2028c", "x<" * 500, "[/]:cat:", "\0"]


def is_plain(text: str) -> bool:
    text.encode()
    return not any(unicodedata.category(c) in ("Cc", "Cs") for c in text) and "\u202e" not in text


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
@pytest.mark.parametrize("longest", [10, LONGEST_NAME])
def test_anything_becomes_one_short_plain_line_and_stays_it(text, longest):
    line = plain(text, longest)
    assert is_plain(line) and len(line.replace("\u2060", "")) <= longest
    assert plain(line, longest) == line


@pytest.mark.parametrize(
    "text", ["Ñandú", "/home/ana/Duelo/runs/2026_studio", "0,5 %", "1\u202f169", "手書き", "❤\u200d🔥"]
)
def test_honest_text_stays_as_it_is(text):
    assert plain(text) == text


def test_both_ends_of_a_long_name_are_kept():
    assert plain("a" * 500 + "left", 20).startswith("aaa") and plain("a" * 500 + "left", 20).endswith("left")


def test_every_sentence_makes_what_it_is_filled_with_plain_and_leaves_numbers_alone():
    assert is_plain(tr("“{path}” could not be written.", path=ESCAPE + HALVES))
    assert is_plain(trn("{count} thread, {it}", "{count} threads, {it}", 2, it=TURNED))
    assert tr("{speed:,.0f}", speed=1234.5) == "1,234"


@pytest.mark.parametrize(
    "values",
    [{"x" * 914_081: 1}, {ESCAPE: 1}, {"g_lr": "9" * 914_081}, {"g_lr": ESCAPE}, {"loss": ["a"] * 10**5}, {HALVES: 1}],
    ids=range(6),
)
def test_an_option_from_anywhere_is_refused_in_a_short_plain_sentence(values):
    with pytest.raises(UserError) as refused:
        Config.parse(values)
    assert is_plain(str(refused.value)) and len(str(refused.value)) < 2500


def test_a_terminal_is_told_nothing_that_it_would_obey(tmp_path, capsys):
    run = tmp_path / f"[/] [bold]:cat: {ESCAPE}"
    assert cli.main(["evaluate", str(run)]) == 1
    said = capsys.readouterr().err
    assert is_plain(said.replace("\n", " ")) and "[/] [bold]:cat: " in said


def test_class_names_of_a_stranger_are_plain_from_the_beginning(tmp_path):
    run = hostile.make_run(tmp_path / "run")
    content = json.loads((run.path / "config.json").read_text())
    content["facts"]["class_names"] = [ESCAPE, TURNED, "<b>", *"3456789"]
    (run.path / "config.json").write_text(json.dumps(content))
    assert all(map(is_plain, run.info().facts.class_names)) and "<\u2060b>" in run.info().facts.class_names


# --- one bad run never touches the others


def spoil(run: RunFolder, change) -> None:
    content = json.loads((run.path / "config.json").read_text())
    change(content)
    (run.path / "config.json").write_text(json.dumps(content))


def deep(run):
    (run.path / "config.json").write_text('{"a":' * 100_000)


WAYS = {
    "half of a character": lambda run: spoil(run, lambda it: it["config"].update({"\udc80": 1})),
    "another half": lambda run: spoil(run, lambda it: it["config"].update({"\ud800": 1})),
    "half in a value": lambda run: spoil(run, lambda it: it["config"].update({"recipe": "\udc80"})),
    "endless name": lambda run: spoil(run, lambda it: it["config"].update({"x" * 500_000: 1})),
    "endless value": lambda run: spoil(run, lambda it: it["config"].update({"g_lr": "9" * 500_000})),
    "unknown option": lambda run: spoil(run, lambda it: it["config"].update({ESCAPE: 1})),
    "newer": lambda run: spoil(run, lambda it: it.update({"schema": 99, "duelo": ESCAPE})),
    "deep": deep,
    "no config": lambda run: (run.path / "config.json").unlink(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_bad_run_is_listed_with_what_is_wrong_beside_the_honest_ones(tmp_path, way):
    good, bad = hostile.make_run(tmp_path / "good"), hostile.make_run(tmp_path / "bad")
    WAYS[way](bad)
    listed = {run.path.name: run for run in list_runs(tmp_path)}
    assert isinstance(listed["good"], RunSummary) and listed["good"].path == good.path
    assert isinstance(listed["bad"], UnreadableRun)
    assert is_plain(listed["bad"].reason) and 10 < len(listed["bad"].reason) < 2500


def test_even_a_defect_of_the_reader_hides_no_other_run(tmp_path, monkeypatch):
    hostile.make_run(tmp_path / "good")
    hostile.make_run(tmp_path / "bad")
    honest = listings.summary

    def summary(path):
        if path.name == "bad":
            raise KeyError(ESCAPE)
        return honest(path)

    monkeypatch.setattr(listings, "summary", summary)
    listed = {run.path.name: run for run in list_runs(tmp_path)}
    assert isinstance(listed["good"], RunSummary) and is_plain(listed["bad"].reason)


def test_a_store_reads_again_only_what_changed(tmp_path, monkeypatch):
    runs = [hostile.make_run(tmp_path / f"run-{number}") for number in range(5)]
    store, honest, read = listings.RunStore(tmp_path), listings.summary, []
    monkeypatch.setattr(listings, "summary", lambda path: read.append(path.name) or honest(path))
    assert len(store.runs()) == len(read) == 5
    read.clear()
    assert len(store.runs()) == 5 and read == []
    runs[3].save_state(400, {}, {})
    listed = {run.path.name: run for run in store.runs()}
    assert read == ["run-3"] and listed["run-3"].images_seen == 400


def test_long_words_break_behind_their_parts():
    assert breakable("2026-11-27_10-21-58_studio-fine").split("\u200b") == [
        "2026-11-27_",
        "10-21-58_",
        "studio-",
        "fine",
    ]
    assert breakable("small-unconditional").split("\u200b") == ["small-", "unconditional"]
    assert breakable("abcdefghijklmnop").split("\u200b") == ["abcdefgh", "ijklmnop"]
    assert breakable("a_b_c d") == "a_b_c d"
