"""What the log of a run says is said in one language: that of the person who trains."""

from __future__ import annotations

import ast
from pathlib import Path

from engine import i18n
from engine.events import Tick
from engine.runs import Branch, MemoryRun
from engine.trainer import Trainer
from engine.training import log_lines
from tests import sources, tiny


def test_a_training_is_told_in_the_language_of_its_person(tiny_data):
    i18n.set_language("es")
    run = MemoryRun()
    training = Trainer(tiny.config(epochs=1, eval_time_percent=0), run).run()
    next(event for event in training if isinstance(event, Tick))
    training.close()
    list(Trainer(tiny.config(epochs=1, eval_time_percent=0), run, resume=True).run())
    first = [line.split()[0] for line in run.lines]
    assert first == ["empezó", "detenido", "reanudado", "terminado"]
    assert "hilo" in run.lines[0] and "hilo" in run.lines[2]


def test_where_a_branch_comes_from_is_told_without_the_folders_around_it():
    branch = Branch("/home/ada/runs/first", 3, is_exact=False)
    assert log_lines.went_on_from(3, Path(branch.run)) == "went on from epoch 3 of first, exactly"
    assert log_lines.begun_with(branch) == "the networks are those of epoch 3 of first; all else is new"


def test_no_line_of_a_log_is_written_past_the_translation():
    texts = (ast.Constant, ast.JoinedStr)
    logged = [
        (path, ast.unparse(call))
        for path in sources.of("engine")
        for call in sources.nodes(path)
        if isinstance(call, ast.Call) and "log" in (getattr(call.func, "attr", ""), getattr(call.func, "id", ""))
        for argument in call.args
        if isinstance(argument, texts) and isinstance(getattr(argument, "value", ""), str)
    ]
    assert logged == []
