"""Own handwriting in the window: a sheet is saved, a photograph read, and what was cut out becomes a data set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.datasets import digits
from engine.errors import UserError
from engine.sheets import keeping, reading
from engine.sheets.reading import Digits
from studio.panels.own_handwriting import OwnHandwritingDialog
from studio.widgets.dialogs.dialogs import FileDialog
from studio.workers.job_runner import JobRunner
from tests.studio.hands import click, shown


@pytest.fixture
def written(monkeypatch):
    """Let two of every photograph's thirty digits be read otherwise, and one photograph show none."""
    images, labels = digits.load()
    chosen = np.concatenate([np.flatnonzero(labels == label)[:3] for label in range(10)])
    found = Digits(images[chosen], labels[chosen], 230)

    def read(path):
        if path.stem == "cat":
            raise UserError("No sheet.", "Take one.")
        return found

    monkeypatch.setattr(reading, "read_sheet", read)
    monkeypatch.setattr(keeping, "read_by_judge", lambda digits: np.where(np.arange(30) < 2, 9, digits.labels))
    return found


@pytest.fixture
def dialog(qtbot, jobs: JobRunner, written):
    return shown(qtbot, OwnHandwritingDialog(jobs))


def kept(folder):
    return sorted(path.parent.name for path in Path(folder).rglob("*.png"))


def read(dialog, qtbot, *names):
    dialog.read_photographs([Path(name) for name in names])
    qtbot.waitUntil(lambda: not dialog.work.isVisible())


def test_what_was_written_is_shown_and_what_is_read_otherwise_left_out(dialog, qtbot):
    assert not dialog.train.isEnabled()
    read(dialog, qtbot, "ana.jpg")
    assert dialog.told.text().startswith("30 digits") and "0: 3" in dialog.told.text()
    assert "2 that the judge" in dialog.leave_out.text() and dialog.leave_out.isChecked()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        click(qtbot, dialog.train)
    assert kept(chosen.args[0]) == ["0"] + [str(label) for label in range(1, 10) for _ in range(3)]
    assert not dialog.isVisible()


def test_a_person_may_keep_all(dialog, qtbot):
    read(dialog, qtbot, "ana.jpg", "bea.jpg")
    dialog.leave_out.setChecked(False)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        click(qtbot, dialog.train)
    assert len(kept(chosen.args[0])) == 60


def test_a_photograph_without_a_sheet_is_told_and_the_others_count(dialog, qtbot):
    read(dialog, qtbot, "cat.jpg", "ana.jpg")
    assert "No sheet." in dialog.message.text and "Take one." in dialog.message.text
    assert dialog.told.text().startswith("30 digits")
    read(dialog, qtbot, "cat.jpg")
    assert dialog.told.text().startswith("30 digits") and dialog.train.isEnabled(), "what was read before stays"


def test_the_sheet_is_saved_where_the_person_says(dialog, qtbot, tmp_path):
    click(qtbot, dialog.sheet)
    dialog.findChild(FileDialog).fileSelected.emit(str(tmp_path / "sheet.png"))
    qtbot.waitUntil(lambda: "print it" in dialog.message.text)
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2480, 3508)


def test_the_command_leads_to_the_dialog_of_own_pictures(window, qtbot, written):
    window.commands.do("own_handwriting")
    dialog = window.findChild(OwnHandwritingDialog)
    read(dialog, qtbot, "ana.jpg")
    click(qtbot, dialog.train)
    qtbot.waitUntil(lambda: window.findChild(type(dialog).__base__, "own_pictures_dialog") is not None)


def test_a_sheet_is_saved_although_the_dialog_goes(dialog, qtbot, tmp_path):
    click(qtbot, dialog.sheet)
    dialog.findChild(FileDialog).fileSelected.emit(str(tmp_path / "sheet.png"))
    dialog.reject()
    qtbot.waitUntil(lambda: (tmp_path / "sheet.png").exists())
    assert "print it" not in dialog.message.text
