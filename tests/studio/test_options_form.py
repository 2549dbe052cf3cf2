import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QCheckBox, QComboBox

from engine.config import OPTIONS
from engine.recipes import RECIPES, recipe
from studio import language
from studio.views.options_form import OptionsForm
from studio.widgets.classes_line import ClassesLine
from studio.widgets.number_box import NumberBox

SHOWN = [name for name, option in OPTIONS.items() if option.group != "hidden"]


@pytest.fixture
def form(qtbot):
    made = OptionsForm(recipe("studio").config())
    qtbot.addWidget(made)
    made.show()
    return made


def seen(form):
    return {name for name in SHOWN if form.editor(name).isVisible()}


def another_value(option, value):
    if option.kind is bool:
        return not value
    if option.choices:
        return next(choice for choice in option.choices if choice != value)
    if option.kind is tuple:
        return (3, 8) if value != (3, 8) else ()
    return option.kind(option.minimum if value != option.minimum else min(option.maximum, 2**31 - 1))


def set_by_hand(editor, value):
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
        editor.activated.emit(editor.currentIndex())
    else:
        editor.setValue(value)


@pytest.mark.parametrize("name", SHOWN)
def test_every_option_has_an_editor_with_range_and_explanation(form, name):
    option, editor = OPTIONS[name], form.editor(name)
    assert option.help in editor.toolTip()
    assert editor.accessibleName() == option.label
    if option.kind is bool:
        assert isinstance(editor, QCheckBox)
    elif option.kind is tuple:
        assert isinstance(editor, ClassesLine)
    elif option.minimum is not None:
        assert editor.minimum() == pytest.approx(option.minimum)
        assert editor.maximum() == pytest.approx(min(option.maximum, 2**31 - 1))
    else:
        assert [editor.itemData(i) for i in range(editor.count())] == list(option.choices)


@pytest.mark.parametrize("name", SHOWN)
def test_an_edit_changes_the_config_and_reset_brings_the_recipe_back(form, name):
    form.set_config(form.config().changed(dataset="pictures"))  # which has every option
    before = getattr(form.config(), name)
    told = []
    form.changed.connect(lambda *change: told.append(change))
    reset = form._rows[name].reset
    assert reset.isHidden()
    new = another_value(OPTIONS[name], before)
    set_by_hand(form.editor(name), new)
    assert getattr(form.config(), name) == (pytest.approx(new) if isinstance(new, float) else new)
    assert not reset.isHidden()
    reset.click()
    assert getattr(form.config(), name) == before
    assert [change[0] for change in told] == [name, name]
    assert reset.isHidden()


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_shown_as_it_is_and_without_a_warning(form, name):
    config = recipe(name).config()
    form.set_config(config)
    assert form.config() == config
    assert form.is_sensible and not form.warning.text
    assert form.editor("classes").value() == config.classes
    numbers = [option for option in SHOWN if option != "classes"]
    shown = {option: form._rows[option].value() for option in numbers}
    assert shown == pytest.approx({option: getattr(config, option) for option in numbers}, abs=1e-12)
    assert all(row.reset.isHidden() for row in form._rows.values())


def test_showing_a_config_tells_nothing(form):
    told = []
    form.changed.connect(lambda *change: told.append(change))
    form.set_config(recipe("studio").config(epochs=7, device="cpu", spectral_norm=True))
    assert form.editor("epochs").value() == 7
    assert form.editor("device").currentData() == "cpu"
    assert form.editor("spectral_norm").isChecked()
    assert told == []


def test_a_config_of_a_recipe_that_is_gone_is_shown(form):
    form.set_config(recipe("studio").config().changed(recipe="gone", epochs=3))
    assert form.editor("epochs").value() == 3 and not form._rows["epochs"].reset.isHidden()


def test_only_basic_options_are_open_at_first(form):
    assert seen(form) == {name for name in SHOWN if OPTIONS[name].group == "basic"}


def test_sections_open_and_close_with_the_keyboard(form, qtbot):
    section = form.sections["balance"]
    qtbot.keyClick(section.header, Qt.Key.Key_Space)
    assert form.editor("d_steps").isVisible() and section.header.arrowType() == Qt.ArrowType.DownArrow
    assert not form.editor("g_beta1").isVisible()
    qtbot.keyClick(section.header, Qt.Key.Key_Space)
    assert not form.editor("d_steps").isVisible() and section.header.arrowType() == Qt.ArrowType.RightArrow


@pytest.mark.parametrize(
    ("sought", "found"),
    [("gp_weight", {"gp_weight"}), ("SPECTRAL norm", {"spectral_norm"}), ("power cut", {"checkpoint_every"})],
)
def test_an_option_is_found_by_name_label_and_explanation(form, sought, found):
    form.filter.setText(sought)
    assert seen(form) == found
    form.filter.clear()
    assert seen(form) == {name for name in SHOWN if OPTIONS[name].group == "basic"}


def test_an_option_is_found_by_the_title_of_a_choice_and_in_the_person_s_language(form):
    form.filter.setText("hinge")
    assert "loss" in seen(form)
    language.switch("es")
    form.filter.setText("semilla")
    assert "seed" in seen(form)


def test_finding_nothing_is_said_and_keeps_what_was_open(form):
    form.sections["loss"].header.setChecked(True)
    form.filter.setText("no such thing")
    assert seen(form) == set()
    assert form._nothing.isVisible()
    form.filter.setText("")
    assert not form._nothing.isVisible()
    assert form.editor("loss").isVisible() and not form.editor("d_steps").isVisible()


def test_options_of_own_pictures_are_only_shown_with_own_pictures(form):
    form.filter.setText("pictures")
    of_pictures = {name for name in SHOWN if name.startswith("image_")}
    assert of_pictures and not of_pictures & seen(form)
    form.set_config(form.config().changed(dataset="pictures"))
    assert of_pictures <= seen(form)
    form.set_config(form.config().changed(dataset="digits"))
    assert not of_pictures & seen(form)
    form.filter.setText("")
    form.sections["data"].header.setChecked(True)
    assert form.editor("data_range").isVisible()


def test_options_that_make_no_sense_together_are_explained_and_keep_their_values(form):
    told = []
    form.sensible_changed.connect(told.append)
    set_by_hand(form.editor("data_range"), "0..1")
    assert told == [False] and not form.is_sensible
    assert "does not match" in form.warning.text and "sigmoid" in form.warning.text
    assert form.warning.isVisible() and form.editor("data_range").currentData() == "0..1"
    set_by_hand(form.editor("epochs"), 3)
    assert told == [False]
    set_by_hand(form.editor("output"), "sigmoid")
    assert told == [False, True] and form.is_sensible
    assert not form.warning.text and not form.warning.isVisible()


def test_the_warning_follows_the_language(form):
    form.set_config(form.config().changed(order="simultaneous", d_steps=2))
    before = form.warning.text
    language.switch("es")
    assert "simultaneous" in str(form.config()) and form.warning.text
    language.switch("en")
    assert form.warning.text == before


def test_the_form_fits_a_narrow_dock(form):
    for section in form.sections.values():
        section.header.setChecked(True)
    assert form.minimumSizeHint().width() <= 420


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


@pytest.mark.parametrize(("written", "classes"), [("8, 3,3", (3, 8)), ("", ()), ("5,", (5,))])
def test_classes_are_written_with_commas_and_told_once(form, qtbot, written, classes):
    form.set_config(recipe("studio").config(classes=(1,)))
    line, told = form.editor("classes"), []
    form.changed.connect(lambda name, value: told.append((name, value)))
    line.clear()
    qtbot.keyClicks(line, written + "x")  # letters cannot be typed
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told == [("classes", classes)]
    assert form.config().classes == classes
