import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from engine.config import OPTIONS
from engine.i18n import tr
from engine.recipes import RECIPES, recipe
from studio import language
from studio.widgets.fields.classes_line import ClassesLine
from studio.widgets.layouts.least_size import least_size
from studio.workspaces.train import options_form
from studio.workspaces.train.options_form import OptionsForm
from tests.studio.hands import set_by_hand

SHOWN = [name for name, option in OPTIONS.items() if option.group != "hidden"]


@pytest.fixture
def form(qtbot):
    made = OptionsForm(recipe("studio").config())
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture(scope="module")
def only_form(qapp):
    made = OptionsForm(recipe("studio").config())
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def same_form(only_form):
    """The form of the test before, as it was at first: for the many that change its options alone, or nothing."""
    only_form.set_config(recipe("studio").config())
    return only_form


def seen(form):
    return {name for name in SHOWN if form.editor(name).isVisible()}


def another_value(option, value):
    if option.kind is bool:
        return not value
    if option.choices:
        return next(choice for choice in option.choices if choice != value)
    if option.kind is tuple:
        return (3, 8) if value != (3, 8) else ()
    return option.kind(option.minimum if value != option.minimum else option.maximum)


@pytest.mark.parametrize("name", SHOWN)
def test_every_option_has_an_editor_with_range_and_explanation(same_form, name):
    option, editor = OPTIONS[name], same_form.editor(name)
    assert tr(option.help) in editor.toolTip()
    assert editor.accessibleName() == tr(option.label)
    if option.kind is bool:
        assert isinstance(editor, QCheckBox)
    elif option.kind is tuple:
        assert isinstance(editor, ClassesLine)
    elif option.minimum is not None:
        assert editor.minimum() == pytest.approx(option.minimum)
        assert editor.maximum() == pytest.approx(option.maximum)
    else:
        assert [editor.itemData(i) for i in range(editor.count())] == list(option.choices)


@pytest.mark.parametrize("name", SHOWN)
def test_an_edit_changes_the_config_and_reset_brings_the_recipe_back(same_form, name):
    form = same_form
    asks_for_it = {"growth_end": {"architecture": "progressive"}, "gp_weight": {"loss": "wgan_gp"}}.get(name, {})
    form.set_config(form.config().adapted(**asks_for_it).changed(dataset="pictures"))
    before = getattr(form.config(), name)
    told = []

    def tell(*change):
        told.append(change)

    form.changed.connect(tell)
    reset = form.rows[name].reset
    assert reset.isHidden()
    new = another_value(OPTIONS[name], before)
    set_by_hand(form.editor(name), new)
    assert getattr(form.config(), name) == (pytest.approx(new) if isinstance(new, float) else new)
    assert not reset.isHidden()
    reset.click()
    assert getattr(form.config(), name) == before
    assert [change[0] for change in told] == [name, name]
    assert reset.isHidden()
    form.changed.disconnect(tell)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_shown_as_it_is_and_without_a_warning(same_form, name):
    form = same_form
    config = recipe(name).config()
    form.set_config(config)
    assert form.config() == config
    assert form.is_sensible and not form.warning.text
    assert form.editor("classes").value() == config.classes
    numbers = [option for option in SHOWN if option != "classes"]
    shown = {option: form.rows[option].value() for option in numbers}
    assert shown == pytest.approx({option: getattr(config, option) for option in numbers}, abs=1e-12)
    assert all(row.reset.isHidden() for row in form.rows.values())


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
    assert form.editor("epochs").value() == 3 and not form.rows["epochs"].reset.isHidden()


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


def test_a_search_needs_no_accents_and_escape_ends_it(form, qtbot):
    language.switch("es")
    for sought in ("Épocas", "EPOCAS", "epocas"):
        form.filter.setText(sought)
        assert "epochs" in seen(form)
    qtbot.keyClick(form.filter, Qt.Key.Key_Escape)
    assert form.filter.text() == "" and form.editor("g_lr").isVisible()


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
    assert form.findChild(QLabel, "no_option_matches").isVisible()
    form.filter.setText("")
    assert not form.findChild(QLabel, "no_option_matches").isVisible()
    assert form.editor("loss").isVisible() and not form.editor("d_steps").isVisible()


def test_options_of_own_pictures_are_only_shown_with_own_pictures(form):
    of_pictures = {name for name in SHOWN if name.startswith("image_")}
    form.sections["data"].force_open(True)
    assert of_pictures and not of_pictures & seen(form)
    form.filter.setText("pictures")
    assert of_pictures < seen(form), "who looks for them is told why they do nothing"
    for name in of_pictures:
        assert not form.editor(name).isEnabled() and "Only own pictures" in form.editor(name).toolTip()
    form.set_config(form.config().changed(dataset="pictures"))
    assert of_pictures <= seen(form)
    form.set_config(form.config().changed(dataset="digits"))
    form.filter.setText("")
    assert not of_pictures & seen(form)
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
    form.set_config(form.config().changed(update_order="simultaneous", d_steps=2))
    before = form.warning.text
    language.switch("es")
    assert "simultaneous" in str(form.config()) and form.warning.text
    language.switch("en")
    assert form.warning.text == before


def test_the_form_fits_a_narrow_dock(form):
    for section in form.sections.values():
        section.header.setChecked(True)
    assert form.minimumSizeHint().width() <= 420


def type_into(qtbot, editor, text):
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("written", "classes"), [("8, 3,3", (3, 8)), ("8 3", (3, 8)), ("3; 8", (3, 8)), ("", ()), ("5,", (5,))]
)
def test_classes_are_told_once_in_the_order_of_the_data(form, qtbot, written, classes):
    form.set_config(recipe("studio").config(classes=(1,)))
    told = []
    form.changed.connect(lambda name, value: told.append((name, value)))
    form.editor("classes").clear()
    type_into(qtbot, form.editor("classes"), written)
    assert told == [("classes", classes)]
    assert form.config().classes == classes


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("batch_size", "64.5", "Give a whole number from 2 to 4,096."),
        ("batch_size", "99999", "Give a whole number from 2 to 4,096."),
        ("g_lr", "quick", "Give a number from 0.0000001 to 0.5."),
        ("g_lr", "7", "Give a number from 0.0000001 to 0.5."),
        ("classes", "abc", "Write whole numbers with commas, e.g. 3,8."),
    ],
)
def test_what_is_not_taken_stays_in_the_box_is_said_beside_it_and_cannot_be_trained_with(
    form, qtbot, name, written, said
):
    form.sections["data"].header.setChecked(True)
    before, told = form.config(), []
    form.sensible_changed.connect(told.append)
    editor, row = form.editor(name), form.rows[name]
    type_into(qtbot, editor, written)
    assert editor.text() == written and form.config() == before
    assert row.note.isVisible() and said in row.note.text()
    assert told == [False] and said in form.warning.text and tr(OPTIONS[name].label) in form.warning.text
    language.switch("es")
    assert editor.text() == written and said not in row.note.text() and row.note.problem in form.warning.text
    assert row.reset.isVisible()
    row.reset.click()
    assert told == [False, True] and form.config() == before and not row.note.isVisible()


def test_what_is_typed_counts_when_train_is_pressed(form, qtbot):
    form.editor("epochs").selectAll()
    qtbot.keyClicks(form.editor("epochs"), "7")
    assert form.config().epochs != 7
    form.finish_editing()
    assert form.config().epochs == 7


def test_classes_that_the_data_has_not_are_refused_before_the_training(form, qtbot):
    type_into(qtbot, form.editor("classes"), "3, 12")
    assert form.config().classes == (3, 12) and not form.is_sensible
    assert "has no class 12" in form.warning.text
    form.set_config(form.config().changed(dataset="pictures"))  # whose classes only the folder tells
    assert form.is_sensible


def test_more_images_than_a_computer_s_integer_holds(form, qtbot):
    form.sections["training"].header.setChecked(True)
    type_into(qtbot, form.editor("total_images"), "3e9")
    assert form.config().total_images == 3_000_000_000
    form.set_config(form.config().changed(total_images=10**12))
    assert form.editor("total_images").text() == "1,000,000,000,000"
    assert form.config().total_images == form.editor("total_images").value() == 10**12


def test_a_long_number_is_read_whole(form, qtbot):
    form.sections["training"].header.setChecked(True)
    box = form.editor("total_images")
    usual = box.width()
    type_into(qtbot, box, "5000000000")
    QApplication.processEvents()
    assert box.text() == "5,000,000,000"
    assert box.lineEdit().width() >= box.fontMetrics().horizontalAdvance(box.text())
    box.setValue(0)
    QApplication.processEvents()
    assert box.width() == usual == form.editor("lr_decay_start").width()


@pytest.mark.parametrize(("name", "typed", "english", "spanish"), [
    ("max_snapshot_mb", "300", "300\N{NO-BREAK SPACE}MB", "300\N{NO-BREAK SPACE}MB"),
    ("eval_time_percent", "7 %", "7%", "7\N{NO-BREAK SPACE}%"),
])  # fmt: skip
def test_a_unit_that_is_a_sign_stands_behind_its_number(form, qtbot, name, typed, english, spanish):
    form.sections["machine"].header.setChecked(True)
    box = form.editor(name)
    type_into(qtbot, box, typed)
    assert box.text() == english and not box.problem
    language.switch("es")
    assert box.text() == spanish
    type_into(qtbot, box, "50")
    assert box.value() == getattr(form.config(), name) == 50


def test_a_problem_in_an_option_that_is_not_shown_is_told_at_the_top_alone(form, qtbot):
    type_into(qtbot, form.editor("batch_size"), "x")
    form.filter.setText("spectral")
    assert not form.rows["batch_size"].note.isVisible() and "Batch size" in form.warning.text
    form.filter.clear()
    assert form.rows["batch_size"].note.isVisible()


def test_another_architecture_brings_its_values_and_options(form):
    form.filter.setText("growth")
    assert (
        not form.editor("growth_end").isEnabled() and "Only networks that grow" in form.editor("growth_end").toolTip()
    )
    form.filter.clear()
    set_by_hand(form.editor("g_lr"), 0.001)
    told = []
    form.changed.connect(lambda *change: told.append(change))
    set_by_hand(form.editor("architecture"), "progressive")
    assert told == [("architecture", "progressive")]
    assert form.config() == recipe("growing").config(
        recipe="studio", epochs=24, g_lr=0.001, aux_classifier_weight=0.3
    ), "what the architecture does not bring stays as the recipe has it"
    assert form.editor("d_lr").value() == 1e-3 and form.editor("growth_end").isEnabled()
    assert not form.rows["growth_end"].editor.isHidden()
    assert form.rows["d_lr"].reset.isHidden() and not form.rows["g_lr"].reset.isHidden()
    assert not form.rows["architecture"].reset.isHidden()
    form.rows["architecture"].reset.click()
    assert form.config() == recipe("studio").config(g_lr=0.001)
    assert form.rows["growth_end"].editor.isHidden()


def test_an_option_that_makes_no_sense_is_within_reach_though_it_is_not_used(form):
    form.set_config(recipe("studio").config(label_smoothing=0.1))
    set_by_hand(form.editor("loss"), "hinge")
    assert not form.is_sensible and form.editor("label_smoothing").isEnabled()
    assert not form.rows["label_smoothing"].editor.isHidden()
    set_by_hand(form.editor("label_smoothing"), 0.0)
    assert form.is_sensible and form.rows["label_smoothing"].editor.isHidden()


def test_while_training_only_live_options_may_be_edited_and_none_that_does_nothing(form):
    form.set_training(True)
    assert form.editor("g_lr").isEnabled() and not form.editor("epochs").isEnabled()
    assert not form.editor("gp_weight").isEnabled()
    form.set_training(False)
    assert form.editor("epochs").isEnabled() and not form.editor("gp_weight").isEnabled()


def test_what_has_its_room_is_not_measured_again_until_something_in_it_is_another(form, monkeypatch):
    measured = []  # which took an eighth of a switch to the workspace
    monkeypatch.setattr(options_form, "least_size", lambda part: measured.append(part) or least_size(part))

    def measures_when_shown():
        form.hide()
        measured.clear()
        form.show()
        return bool(measured)

    assert not measures_when_shown()
    form.set_config(form.config().changed(g_lr=0.0001234))
    assert measures_when_shown() and not measures_when_shown()
    form.restrict(frozenset(), frozenset({"seed"}))
    assert measures_when_shown()
    form.set_training(True)
    assert not measures_when_shown(), "lines that are gray are as wide"
    QApplication.sendEvent(form, QEvent(QEvent.Type.LanguageChange))
    assert measures_when_shown()


def test_what_a_class_keeps_is_gray_and_says_why(same_form):
    same_form.restrict(frozenset({"g_lr"}), frozenset())
    kept, free = same_form.editor("g_lr"), same_form.editor("d_lr")
    assert not kept.isEnabled() and "Your class keeps this as it is." in kept.toolTip()
    assert kept.accessibleDescription() in kept.toolTip() and "while training" not in kept.toolTip()
    assert free.isEnabled() and "Your class" not in free.toolTip()
    same_form.restrict(frozenset(), frozenset())
    assert kept.isEnabled() and "Your class" not in kept.toolTip()
