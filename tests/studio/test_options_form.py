import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator

from engine.config import OPTIONS
from engine.recipes import recipe
from studio.views.options_form import OptionsForm
from studio.widgets.number_box import NumberBox

SHOWN = [name for name, option in OPTIONS.items() if option.group != "hidden"]


@pytest.fixture
def form(qtbot):
    made = OptionsForm(recipe("studio").config())
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("name", SHOWN)
def test_every_option_has_an_editor_with_range_and_explanation(form, name):
    option, editor = OPTIONS[name], form.editor(name)
    assert option.help in editor.toolTip()
    assert editor.accessibleName() == option.label
    if option.minimum is not None:
        assert editor.minimum() == pytest.approx(option.minimum)
        assert editor.maximum() == pytest.approx(min(option.maximum, 2**31 - 1))
    else:
        assert [editor.itemData(i) for i in range(editor.count())] == list(option.choices)


@pytest.mark.parametrize("name", [name for name in SHOWN if OPTIONS[name].minimum is not None])
def test_an_edit_changes_the_config_and_reset_brings_the_recipe_back(form, name):
    before = getattr(form.config(), name)
    told = []
    form.changed.connect(lambda *change: told.append(change))
    editor, reset = form.editor(name), form._rows[name].reset
    assert reset.isHidden()
    option = OPTIONS[name]
    new = option.kind(option.minimum if before != option.minimum else min(option.maximum, 2**31 - 1))
    editor.setValue(new)
    assert getattr(form.config(), name) == pytest.approx(new)
    assert not reset.isHidden()
    reset.click()
    assert getattr(form.config(), name) == before
    assert [change[0] for change in told] == [name, name]
    assert reset.isHidden()


def test_showing_a_config_tells_nothing(form):
    told = []
    form.changed.connect(lambda *change: told.append(change))
    form.set_config(recipe("studio").config(epochs=7, device="cpu"))
    assert form.editor("epochs").value() == 7
    assert form.editor("device").currentData() == "cpu"
    assert told == []


def test_small_numbers_are_written_and_read_in_the_language(qtbot):
    box = NumberBox(1e-7, 0.5)
    qtbot.addWidget(box)
    for code, written in (("en", "0.0012"), ("es", "0,0012")):
        box.setLocale(QLocale(code))
        box.setValue(0.0012)
        assert box.textFromValue(box.value()) == written
        assert box.valueFromText(written) == pytest.approx(0.0012)
    assert box.valueFromText("4e-3") == pytest.approx(0.004)
    assert box.validate("4e-", 3)[0] == QValidator.State.Intermediate
    assert box.validate("abc", 3)[0] == QValidator.State.Invalid
    assert box.validate("7", 1)[0] == QValidator.State.Intermediate
