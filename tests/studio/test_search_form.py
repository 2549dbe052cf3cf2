"""What is wished of a search, and what the time buys."""

from __future__ import annotations

import pytest

from engine.datasets.info import ROWS
from engine.errors import UserError
from engine.i18n import speaking_of
from engine.recipes import recipe
from studio.model.search import offer
from studio.text.trials import offer_told, plan_told
from studio.workspaces.compare.search.form import SearchForm
from tests import tiny
from tests.studio.hands import shown
from tests.studio.trials import SPEED


@pytest.fixture
def form(qtbot):
    return shown(qtbot, SearchForm(tiny.config()), 368, 700)


# --- the form


def test_what_is_ticked_varies_in_its_range(form):
    assert [knob.typed for knob in form.wish().knobs] == ["g_lr=1e-05..0.02:log", "d_lr=1e-05..0.02:log"]
    form.knobs["g_lr"].tick.setChecked(False)
    form.knobs["d_steps"].tick.setChecked(True)
    form.knobs["d_lr"].ends[0].setValue(0.0001)
    form.knobs["loss"].tick.setChecked(True)
    for box in list(form.knobs["loss"].choices.values())[2:]:
        box.setChecked(False)
    typed = [knob.typed for knob in form.wish().knobs]
    assert typed == ["d_lr=0.0001..0.02:log", "d_steps=1..4:linear", "loss=nonsaturating,minimax"]


def test_what_cannot_be_searched_is_told_before(form):
    form.knobs["d_lr"].ends[0].setValue(0.01)
    form.knobs["d_lr"].ends[1].setValue(0.001)
    with pytest.raises(UserError, match="range of “Learning rate of D” is empty"):
        form.wish()
    form.knobs["d_lr"].tick.setChecked(False)
    form.knobs["loss"].tick.setChecked(True)
    for box in list(form.knobs["loss"].choices.values())[1:]:
        box.setChecked(False)
    with pytest.raises(UserError, match="at least two choices"):
        form.wish()
    for row in form.knobs.values():
        row.tick.setChecked(False)
    with pytest.raises(UserError, match="something that varies"):
        form.wish()


def test_options_without_effect_are_not_offered(form):
    assert "aux_classifier_weight" in form.knobs
    form.knobs["aux_classifier_weight"].tick.setChecked(True)
    form.set_config(recipe("dcgan-3-8").config())
    assert form.knobs["aux_classifier_weight"].widget.isHidden()
    assert "aux_classifier_weight" not in [knob.name for knob in form.wish().knobs]


def test_what_a_class_keeps_does_not_vary(form):
    form.set_config(recipe("studio").config(), {"g_lr"})
    assert [knob.name for knob in form.wish().knobs] == ["d_lr"] and form.knobs["g_lr"].widget.isHidden()
    assert form.knobs["architecture"].widget.isHidden(), "the rates go along with it"


def test_only_the_goal_of_images_asks_for_a_distance(form):
    assert form.target.isHidden() and form.wish().target == 0.0
    form.objective.setCurrentIndex(1)
    assert form.target.isVisible() and form.wish().objective == "images" and form.wish().target == 50.0


def test_only_the_length_that_was_chosen_is_asked_for_and_must_be_whole(form):
    assert form.images.isHidden() and form.seconds.isHidden()
    form.images.note.say("The images are missing.")
    assert form.wish().images == 0, "nobody asks for them"
    form.length.setCurrentIndex(1)
    assert form.images.isVisible() and form.seconds.isHidden()
    with pytest.raises(UserError, match=r"not complete\. The images are missing\."):
        form.wish()
    form.show_progress("Trial 1", 0.5)
    assert form.offer.isHidden() and form.bar.isVisible()
    form.show_progress("", 0.0)
    assert form.offer.isVisible() and form.bar.isHidden()


def test_a_search_is_told_of_in_the_words_of_its_own_data(form):
    form.length.setCurrentIndex(1)
    form.objective.setCurrentIndex(1)
    plan = form.wish().plan(10.0, None)
    with speaking_of(ROWS):
        told = plan_told(plan)
    assert "Each trial sees 20,000 images." in told and "It is after: Images to the goal" in told


def test_the_form_says_what_the_time_buys(form):
    wish = form.wish()
    bought = offer(wish, 10.0, SPEED)
    assert bought.images == 5500 and "10 minutes buy about 10 trials of 60 seconds" in offer_told(bought)
    form.length.setCurrentIndex(2)
    form.seconds.setValue(600.0)
    assert offer(form.wish(), 5.0, SPEED).trials < 1 and "buys no whole trial" in offer_told(
        offer(form.wish(), 5, SPEED)
    )
