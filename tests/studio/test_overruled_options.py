"""An option that does not count because of another one says so, and counts again once somebody sets it."""

from types import SimpleNamespace

import pytest

from engine.config import OPTIONS
from engine.recipes import recipe
from studio import language
from studio.workspaces.train.options_form import OptionsForm
from tests import tiny
from tests.studio.hands import set_by_hand, shown

OVERRULED = [(name, option.overruled_by) for name, option in OPTIONS.items() if option.overruled_by]


@pytest.fixture
def form(qtbot):
    return shown(qtbot, OptionsForm(recipe("studio").config()), 320, 700)


def test_the_number_of_images_counts_instead_of_the_epochs():
    assert ("epochs", "total_images") in OVERRULED


@pytest.mark.parametrize(("name", "other"), OVERRULED)
def test_what_does_not_count_says_what_does_and_how_much_that_is(form, name, other):
    note = form.rows[name].note
    assert not note.isVisible()
    set_by_hand(form.editor(other), 1500)
    assert note.isVisible()
    assert note.text() == "“Images in all” counts instead: 1,500. Set this, and it counts again."
    assert note.text() in form.editor(name).accessibleDescription()
    language.switch("es")
    form.rows[name].retranslate()
    assert "«Imágenes en total»: 1500" in note.text()
    set_by_hand(form.editor(other), 0)
    assert not note.isVisible()
    assert note.text() == ""


@pytest.mark.parametrize(("name", "other"), OVERRULED)
def test_what_is_set_last_counts_and_both_boxes_show_it(form, name, other):
    form.set_config(recipe("studio").config(**{other: 1500}))
    edits = []
    form.edited.connect(lambda *edit: edits.append(edit))
    set_by_hand(form.editor(name), 7)
    assert (getattr(form.config(), name), getattr(form.config(), other)) == (7, 0)
    assert form.editor(other).value() == 0
    assert not form.rows[name].note.isVisible()
    [(_, before, after)] = edits  # what is undone brings both back
    assert (getattr(before, other), getattr(after, other)) == (1500, 0)


@pytest.mark.parametrize(("name", "other"), OVERRULED)
def test_one_click_lets_the_recipe_s_value_count_again(form, name, other):
    form.set_config(recipe("studio").config(**{other: 1500}))
    usual = getattr(form.config(), name)
    assert not form.rows[name].reset.isHidden()
    form.rows[name].reset.click()
    assert (getattr(form.config(), name), getattr(form.config(), other)) == (usual, 0)
    assert form.rows[name].reset.isHidden()


@pytest.mark.parametrize(("name", "other"), OVERRULED)
def test_what_a_class_keeps_is_not_taken_back_by_setting_what_it_overrules(form, name, other):
    form.set_config(recipe("studio").config(**{other: 1500}))
    form.restrict(frozenset({other}), frozenset())
    assert not form.editor(name).isEnabled()
    assert form.rows[name].note.text() == "“Images in all” counts instead: 1,500."
    form.restrict(frozenset(), frozenset())
    assert form.editor(name).isEnabled()
    assert form.rows[name].note.text().endswith(" Set this, and it counts again.")


def test_a_problem_comes_before_the_remark_and_the_remark_stays(form, qtbot):
    form.set_config(recipe("studio").config(total_images=1500))
    box, note = form.editor("epochs"), form.rows["epochs"].note
    remark = note.text()
    box.lineEdit().setText("many")
    box.finish()
    assert note.text().startswith("⚠")
    box.setValue(24)
    assert note.text() == remark
    assert note.isVisible()


def test_a_branch_of_a_run_of_so_many_images_is_as_long_as_its_epochs_say(window):
    parent = SimpleNamespace(
        config_at=lambda _moment: tiny.config(total_images=80), data=SimpleNamespace(image_count=80)
    )
    assert window.trainings.branched(parent, 1, {}).total_images == 80
    longer = window.trainings.branched(parent, 1, {"epochs": 5})
    assert (longer.epochs, longer.total_images) == (5, 0)
