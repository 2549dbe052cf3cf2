"""An exception in what Qt calls: it is told, everything else goes on, and the window can be closed."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

import studio
from engine.config import OPTIONS
from engine.i18n import number
from engine.recipes import RECIPES
from studio import app, guard, language
from studio.model.work_state import WorkState
from studio.widgets.base.view import View
from tests import tiny
from tests.studio.hands import set_by_hand, shown

LIVE = [name for name, option in OPTIONS.items() if option.live]


@pytest.fixture
def told(monkeypatch):
    """Collect what is told instead of failing the test."""
    errors = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _traceback: errors.append(str(error)))
    return errors


def classes():
    for found in pkgutil.walk_packages(studio.__path__, "studio."):
        if not found.name.startswith("studio.bench"):
            module = importlib.import_module(found.name)
            yield from (c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == found.name)


def is_override(cls, name):
    return inspect.isfunction(vars(cls)[name]) and guard.is_override(cls, name)


def test_every_method_that_qt_calls_is_guarded():
    overrides = {(cls, name) for cls in classes() for name in vars(cls) if is_override(cls, name)}
    assert len(overrides) > 60
    bare = [f"{cls.__name__}.{name}" for cls, name in overrides if not hasattr(vars(cls)[name], "__wrapped__")]
    assert not bare, "put @guarded of studio.guard before these classes"


def test_a_view_that_fails_at_a_switch_of_the_language_harms_no_other(qtbot, told):
    class Failing(View):
        def retranslate(self):
            raise ValueError("no words")

    class Fine(View):
        code = ""

        def retranslate(self):
            self.code = self.locale().name()[:2]

    views = [Fine(), Failing(), Fine()]
    for view in views:
        qtbot.addWidget(view)
    language.switch("es")
    assert views[0].code == views[2].code == "es" and told == ["no words"]


def test_a_switch_of_the_language_is_heard_once(qtbot):
    class Counting(View):
        heard = 0

        def retranslate(self):
            self.heard += 1

    outer = QWidget()
    inner = Counting(outer)
    shown(qtbot, outer)
    for times, code in enumerate(("es", "en", "es"), start=1):
        language.switch(code)
        QApplication.processEvents()
        assert inner.heard == times


def test_where_an_override_fails_its_base_class_answers(qtbot, told):
    @guard.guarded
    class Odd(QWidget):
        def sizeHint(self):
            raise ValueError("no size")

        def changeEvent(self, event):
            raise ValueError(event.type().name)

    odd = Odd()
    qtbot.addWidget(odd)
    assert odd.sizeHint() == QSize(-1, -1)
    QApplication.sendEvent(odd, QEvent(QEvent.Type.StyleChange))
    assert told == ["no size", "StyleChange"]


def test_what_fails_twice_a_second_is_told_once(window, monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    app.show_exceptions_in(window)

    def fail():
        raise ValueError("always")

    for _ in range(3):
        guard.attempt(fail)
        assert "always" in window.message_bar.text or window.message_bar.isHidden()
        window.message_bar.dismiss()
    assert capsys.readouterr().err.count("ValueError: always") == 1


@pytest.mark.parametrize("value", [2, 0, -3, 10**12, 0.0002])
def test_whole_numbers_are_formatted_as_floats_are(value):
    assert number(value, ",.4g") == number(float(value), ",.4g")


def test_no_view_gives_a_number_to_qt_that_may_be_whole_where_it_wants_a_float():
    """``QLocale.toString(2, "g", 4)`` raises; ``engine.i18n.number`` is the one place that formats numbers."""
    for path in Path(studio.__path__[0]).rglob("*.py"):
        assert not re.findall(r'toString\(.*"[gfe]"', path.read_text(encoding="utf-8")), path


def other_value(name):
    option, now = OPTIONS[name], getattr(RECIPES["studio"].config(), name)
    if option.kind is bool:
        return not now
    return now + 1 if option.kind is int else now / 2 or option.maximum / 100


def test_every_live_option_changes_in_the_window_which_then_speaks_spanish_and_closes(window, qtbot):
    small = tiny.OPTIONS | {"epochs": 10_000, "g_batch_source": "new"}  # with which any number of updates makes sense
    form, services = window.options_form, window.services
    form.set_config(form.config().changed(**small))
    with qtbot.waitSignal(services.training.ticked):
        window.run_bar.train_button.click()
    for name in LIVE:
        with qtbot.waitSignal(services.training.option_changed):
            set_by_hand(form.editor(name), other_value(name))
        window.show_health()
        window.health_panel.refresh()
        window.loss_plot.refresh()
        window.loss_plot.pair.hovered.emit(window.loss_plot.marks.changes[-1])
    assert {name for _, name, _ in services.shown.data.changes} == set(LIVE)
    for code in ("es", "en"):
        language.switch(code)
        assert window.health_panel.locale().name()[:2] == code
    save_and_close(window, qtbot)


def test_a_panel_that_fails_does_not_keep_the_window_open(window, qtbot, monkeypatch, told):
    def fail(*_):
        raise ValueError("broken panel")

    monkeypatch.setattr(window.health_panel, "refresh", fail)
    monkeypatch.setattr(window.settings, "save", fail)
    window.options_form.set_config(window.options_form.config().changed(epochs=10_000))
    with qtbot.waitSignal(window.services.training.ticked):
        window.run_bar.train_button.click()
    save_and_close(window, qtbot)
    assert "broken panel" in told


def save_and_close(window, qtbot):
    window.close()
    box = window.findChild(QMessageBox, "close_question")
    QTimer.singleShot(0, box.buttons()[0].click)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.services.training.state is WorkState.IDLE
