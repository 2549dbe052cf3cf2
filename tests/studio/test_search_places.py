"""Searches in the window as wholes: kept elsewhere, shared with others, called otherwise, deleted and had back."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import optuna
import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from engine.runs.pictures import to_png
from engine.search import keeping, storages
from engine.search.opening import join, studies
from studio import language
from studio.services import search_jobs
from studio.settings import Settings
from studio.widgets.dialogs.name_dialog import NameDialog
from studio.widgets.dialogs.search_place_dialog import SearchPlaceDialog
from tests.engine import searching
from tests.studio.hands import announced
from tests.studio.trials import search_page


@pytest.fixture
def page(window, monkeypatch):
    """The page in front of a window; what is measured takes no time."""
    return search_page(window, monkeypatch)


@pytest.fixture
def journal(tmp_path):
    return str(tmp_path / "our.journal")


def finished(study, value=7.0):
    trial = study.ask()
    study.claim(trial)
    study.finish(trial, value)
    return trial


def names(page):
    box = page.form.chooser.search
    return [box.itemData(at) for at in range(1, box.count())]


def keep_in(page, window, qtbot, where):
    """Say in the dialog where searches are kept, as a person types it."""
    window.commands.do("choose_search_place")
    dialog = window.findChild(SearchPlaceDialog)
    dialog.kinds[2 if "://" in where else 1].setChecked(True)
    field = dialog.url if "://" in where else dialog.file
    field.setText(where)
    field.textEdited.emit(where)
    dialog.confirm()
    return dialog


# --- where


def test_searches_are_kept_where_a_person_says_also_after_a_restart(page, window, make_window, qtbot, journal):
    begun = join(searching.plan(), journal, "ours")
    finished(begun)
    keep_in(page, window, qtbot, journal)
    qtbot.waitUntil(lambda: names(page) == ["ours"])
    assert page.form.chooser.place.currentText() == journal and window.services.searching.where == journal
    window.close()
    again = make_window()
    again.wake()
    again.commands.do("go_to_compare")
    again.workspace.pages.setCurrentWidget(again.searching.page)
    qtbot.waitUntil(lambda: names(again.searching) == ["ours"])
    box = again.searching.form.chooser.place
    box.setCurrentIndex(0)
    box.activated.emit(0)
    qtbot.waitUntil(lambda: names(again.searching) == [])
    assert again.services.searching.where == "" and again.settings.search_places == [journal]


def test_a_search_begins_in_a_journal_that_is_not_there_yet(page, window, qtbot, journal):
    keep_in(page, window, qtbot, journal.removesuffix(".journal"))
    qtbot.waitUntil(lambda: window.services.searching.where == journal)
    page.form.length.setCurrentIndex(1)
    page.form.images.setValue(80)
    window.commands.do("start_search")
    service = window.services.searching
    qtbot.waitUntil(lambda: any(it.state == "finished" for it in service.trials.values()))
    window.commands.do("stop_search")
    qtbot.waitUntil(lambda: not service.is_busy)
    (study,) = studies(journal)
    assert study.name == service.name and studies() == []
    assert next(iter(service.trials.values())).thumbnail.parts[-3] == "our.journal-trials"


def test_what_cannot_be_used_is_told_where_it_was_typed(page, window, qtbot, tmp_path):
    (tmp_path / "foreign.log").write_bytes(b"no journal\n")
    dialog = keep_in(page, window, qtbot, str(tmp_path / "foreign.log"))
    qtbot.waitUntil(lambda: "no journal of studies" in dialog.problem.text())
    assert dialog.isVisible() and window.services.searching.where == "" and window.settings.search_places == []
    dialog.file.setText(str(tmp_path / "other"))
    assert not dialog.problem.isVisible() and dialog.where == f"{tmp_path / 'other'}.journal"
    dialog.reject()


def test_a_password_is_neither_shown_nor_kept(page, window, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr("studio.services.search_jobs.tried", asked.append)
    monkeypatch.setattr("studio.services.search_jobs.listed", lambda where: asked.append(where) or [])
    dialog = keep_in(page, window, qtbot, "postgresql://me:se%40cret@lab/studies")
    assert dialog.url.text() == "postgresql://me@lab/studies"
    assert dialog.password.text() == "se@cret" and dialog.password.echoMode() == QLineEdit.EchoMode.Password
    qtbot.waitUntil(lambda: window.services.searching.where != "")
    assert set(asked) == {"postgresql://me:se%40cret@lab/studies"}, "whoever opens it needs it"
    chooser, settings = page.form.chooser, window.settings
    assert "cret" not in chooser.place.currentText() + chooser.place.toolTip()
    settings.save()
    assert settings.search_place == settings.search_places[0] == "postgresql://me@lab/studies"
    page.studies.go_to("")
    page.studies.go_to("postgresql://me@lab/studies")
    assert "se%40cret" in window.services.searching.where, "while the window is open, it is asked for once"


def test_the_settings_keep_the_places_chosen_last(tmp_path):
    settings = Settings(tmp_path / "studio.ini")
    for number in range(12):
        settings.search_place = f"/shared/a,b;{number} ñ.journal"
    settings.search_place = "/shared/a,b;8 ñ.journal"
    settings.save()
    again = Settings(tmp_path / "studio.ini")
    assert again.search_place == "/shared/a,b;8 ñ.journal" and len(again.search_places) == 8
    again.search_place = ""
    assert again.search_place == "" and len(again.search_places) == 8


def test_a_storage_that_is_away_is_told_and_nothing_is_begun_there(page, window, qtbot, monkeypatch):
    def away(_where):
        raise storages.StorageError("The storage is away.", "Plug it in.")

    monkeypatch.setattr("studio.services.search_jobs.listed", away)
    window.services.searching.list_searches()
    qtbot.waitUntil(lambda: "The storage is away." in window.message_bar.text)
    assert "away" in window.commands["start_search"].why_not() and "away" in page.form.offer.text()
    monkeypatch.setattr("studio.services.search_jobs.listed", lambda _where: [])
    window.services.searching.list_searches()
    qtbot.waitUntil(lambda: window.commands.is_possible("start_search"))


@pytest.fixture
def slow(monkeypatch):
    """A server that takes its time: ``answers`` lets it answer, ``asked`` are the places it was asked for."""

    class Slow:
        answers, asked, tried = threading.Event(), [], []

    def listed(where):
        Slow.asked.append(where)
        if where:
            Slow.answers.wait(60)
        return []

    def tried(where):
        Slow.tried.append(where)
        if "slow" in where:
            Slow.answers.wait(60)
            raise storages.StorageError("It is too slow.", "Wait.")

    Slow.asked, Slow.tried, Slow.answers = [], [], threading.Event()
    monkeypatch.setattr("studio.services.search_jobs.listed", listed)
    monkeypatch.setattr("studio.services.search_jobs.tried", tried)
    yield Slow
    Slow.answers.set()


def test_a_server_that_takes_its_time_is_asked_once_and_its_answer_is_heard(page, window, qtbot, slow):
    service = window.services.searching
    qtbot.waitUntil(lambda: not service.is_listing)
    service.look_elsewhere("postgresql://me@lab/studies")
    for _ in range(3):
        page.studies.look_again()
    assert service.is_listing
    with announced(qtbot, service.listed):
        slow.answers.set()
    assert slow.asked.count("postgresql://me@lab/studies") == 1
    page.studies.look_again()
    qtbot.waitUntil(lambda: slow.asked.count("postgresql://me@lab/studies") == 2)


def test_a_person_need_not_wait_for_a_server_that_takes_its_time(page, window, qtbot, slow):
    dialog = keep_in(page, window, qtbot, "postgresql://me@slow/studies")
    qtbot.waitUntil(lambda: len(slow.tried) == 1)
    dialog.url.setText("postgresql://me@quick/studies")
    assert not dialog.problem.isVisible()
    dialog.confirm()
    qtbot.waitUntil(lambda: window.services.searching.where == "postgresql://me@quick/studies")
    slow.answers.set()
    slow.answers = threading.Event()
    other = keep_in(page, window, qtbot, "postgresql://me@slow/studies")
    qtbot.waitUntil(lambda: len(slow.tried) == 3)
    other.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    slow.answers.set()
    qtbot.waitUntil(lambda: "trying a storage" not in [thread.name for thread in threading.enumerate()])
    with announced(qtbot, window.services.searching.listed):
        window.services.searching.list_searches()
    assert window.services.searching.where == "postgresql://me@quick/studies" and window.message_bar.text == ""


# --- with others


def test_what_others_do_is_seen(page, window, qtbot, journal):
    theirs = join(searching.plan(), journal, "ours")
    keep_in(page, window, qtbot, journal)
    qtbot.waitUntil(lambda: names(page) == ["ours"])
    page.form.chooser.search.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.sheet.model.rowCount() == 1)
    trial = finished(theirs)
    theirs.folder.mkdir(parents=True)
    picture = theirs.folder / "trial-0000.png"
    picture.write_bytes(to_png(np.full((8, 8), 90, np.uint8)))
    second = theirs.ask()
    theirs.claim(second)
    theirs.note(second, thumbnail=picture)
    page.studies.look_again()
    qtbot.waitUntil(lambda: page.sheet.model.rowCount() == 2)
    assert [it.state for it in page.sheet.model.rows] == ["finished", "learning"] and trial.number == 0
    qtbot.waitUntil(lambda: 1 in page.sheet.model.pictures)
    assert "the best so far is number 0" in page.sheet.sentence.text()


def test_of_what_others_did_only_what_is_new_is_told(journal, monkeypatch):
    searching.use_known_judge(monkeypatch)
    theirs = join(searching.plan(), journal, "ours")
    finished(theirs)
    known = {trial.number: trial for trial in theirs.trials()}
    assert search_jobs.looked_at_again(journal, "ours", known) is None
    finished(theirs)
    assert [trial.number for trial in search_jobs.looked_at_again(journal, "ours", known).trials] == [1]


def test_what_others_begin_is_offered(page, window, qtbot, journal):
    keep_in(page, window, qtbot, journal)
    searches = window.services.searching
    qtbot.waitUntil(lambda: searches.where == journal and not searches.is_listing)
    finished(join(searching.plan(), journal, "theirs"))
    page.studies.look_again()
    qtbot.waitUntil(lambda: names(page) == ["theirs"])


def test_who_looks_away_asks_no_more_until_looking_here_again(page, window, monkeypatch):
    (again,) = page.studies.findChildren(QTimer)
    again.start()
    pages = window.workspace.pages
    here = pages.currentIndex()
    pages.setCurrentIndex(0)
    page.studies.look_again()
    assert not again.isActive()
    asked: list[bool] = []
    monkeypatch.setattr(window.services.searching, "list_searches", lambda: asked.append(True))
    window.show_workspace("style")
    pages.setCurrentIndex(here)
    assert not asked
    window.show_workspace("compare")
    assert asked == [True] and again.isActive()


def test_of_a_trial_under_way_here_this_process_knows_best(page, window):
    from studio.model.search import SearchNews
    from tests.studio.trials import TRIALS, opened

    service = window.services.searching
    service.hear(opened())
    service.current = 6
    old = replace(TRIALS[6], measures=())
    other = replace(TRIALS[4], state="finished", value=1.0)
    service.hear(SearchNews("one", (old, other), {}, opened().findings))
    assert service.trials[6] is TRIALS[6] and service.trials[4].value == 1.0
    service.hear(SearchNews("another", (replace(other, value=2.0),), {}, opened().findings))
    assert service.trials[4].value == 1.0
    service.current = None


# --- what they are called, and the trash


def chosen(page, window, qtbot, where=""):
    begun = join(searching.plan(), where, "mine")
    finished(begun)
    window.services.searching.list_searches()
    qtbot.waitUntil(lambda: names(page) == ["mine"])
    page.form.chooser.search.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.sheet.model.rowCount() == 1)
    return begun


def test_a_search_is_deleted_and_had_back(page, window, qtbot):
    assert "Choose a search" in window.commands["delete_search"].why_not()
    assert "No deleted search" in window.commands["undo_delete_search"].why_not()
    chosen(page, window, qtbot)
    window.commands.do("delete_search")
    qtbot.waitUntil(lambda: names(page) == [] and bool(page.studies.deleted))
    assert page.sheet.model.rowCount() == 0 and page.form.chosen == "" and window.services.searching.name == ""
    assert "“mine” is in the trash (1 trial, " in window.message_bar.text
    window.commands.do("undo_delete_search")
    qtbot.waitUntil(lambda: names(page) == ["mine"])
    qtbot.waitUntil(lambda: page.sheet.model.rowCount() == 1)
    assert studies()[0].deleted == 0 and not page.studies.deleted and page.form.chosen == "mine"


def test_a_search_that_others_see_is_deleted_once_a_person_says_so(page, window, qtbot, journal, monkeypatch):
    keep_in(page, window, qtbot, journal)
    qtbot.waitUntil(lambda: window.services.searching.where == journal)
    chosen(page, window, qtbot, journal)
    window.commands.do("delete_search")
    (box,) = (each for each in window.children() if each.metaObject().className() == "MessageBox")
    assert "for everybody who uses" in box.text() and journal in box.text()
    assert studies(journal)[0].deleted == 0
    next(it for it in box.findChildren(QAbstractButton) if it.text() == "Delete").click()
    qtbot.waitUntil(lambda: studies(journal)[0].deleted > 0)
    qtbot.waitUntil(lambda: names(page) == [])


def test_a_search_is_called_as_a_person_says(page, window, qtbot):
    chosen(page, window, qtbot)
    window.commands.do("rename_search")
    dialog = window.findChild(NameDialog)
    assert dialog.name.text() == "mine"
    dialog.name.setText("Rates of D")
    dialog.confirm()
    qtbot.waitUntil(lambda: "Rates of D" in page.form.chooser.search.currentText())
    assert page.form.chosen == "mine" and window.services.searching.name == "mine"


def test_a_study_of_another_program_is_shown_with_what_is_wrong_and_left_alone(page, window, qtbot):
    optuna.create_study(study_name="foreign", storage=storages.open_storage())
    window.services.searching.list_searches()
    qtbot.waitUntil(lambda: names(page) == ["foreign"])
    page.form.chooser.search.setCurrentIndex(1)
    assert page.form.chooser.search.currentText().startswith("⚠ foreign")
    assert "no search of Duelo" in page.form.about.text() and page.form.about.isVisible()
    assert "no search of Duelo" in window.commands["start_search"].why_not()
    assert "Another program" in window.commands["delete_search"].why_not()
    window.services.searching.list_searches()
    page.form.chooser.search.setCurrentIndex(0)
    assert "no search of Duelo" not in window.commands["start_search"].why_not()


def test_the_page_says_all_this_in_spanish(page, window, qtbot):
    chosen(page, window, qtbot)
    keeping.put_away("mine")
    language.switch("es")
    chooser = page.form.chooser
    assert chooser.place.itemText(0) == "Este equipo" and "prueba" in chooser.search.itemText(1)
    assert window.commands["delete_search"].label != "Delete the search"
