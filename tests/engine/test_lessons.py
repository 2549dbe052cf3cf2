"""Lessons: every one is well written and can be played to its end; a teacher's mistakes are told with their line."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from engine import i18n
from engine.cli import main
from engine.diagnosis import Recorded
from engine.errors import UserError
from engine.events import Tick
from engine.lessons import conditions, library, parsing, words
from engine.lessons.conditions import MeasureCondition
from engine.lessons.lesson import LessonStep, Quiz
from engine.lessons.measured import Measured
from engine.lessons.measures import MEASURES
from engine.recipes import recipe
from engine.resources import RESOURCES
from engine.runs import MemoryRun
from engine.trainer import Trainer
from tests import tiny
from tests.engine.lesson_courses import COLLAPSED
from tests.engine.test_diagnosis import FACTS, GOOD, looks, rows
from tests.lesson_player import Classroom
from tests.measured import RunWatch, measured_of

SHIPPED = library.load()
FILES = sorted((RESOURCES / "lessons").glob("*.md"))
HEAD = "# A lesson\nminutes: 5\n\nAbout it.\n\n"


# --- those that come along


def test_there_are_lessons_on_all_of_the_material():
    assert not SHIPPED.faults and len(SHIPPED.names()) >= 12
    for name in SHIPPED.names():
        assert {lesson.language for lesson in SHIPPED.lessons if lesson.name == name} == {"en", "es"}, name
        lesson = SHIPPED.in_language(name, "en")
        assert isinstance(lesson.pages[0], Quiz) and isinstance(lesson.pages[-1], Quiz), name
        assert any(step.checks for step in lesson.steps)


def test_a_step_that_asks_whether_samples_can_be_read_asks_for_variety_too():
    """A collapsed G may be read in 98 of 100 samples."""
    steps = [step for lesson in SHIPPED.lessons for step in lesson.steps]
    asked = [{it.measure for it in step.checks if isinstance(it, MeasureCondition)} for step in steps]
    reading = [it for step, it in zip(steps, asked, strict=True) if "read_as_asked" in it and _is_of_digits(step)]
    assert len(reading) == 6 and all("recall" in it for it in reading)


def _is_of_digits(step):
    return step.setup is None or step.setup.recipe == "studio"  # an epoch of faces has no variety yet


@pytest.mark.parametrize("name", SHIPPED.names())
def test_a_lesson_asks_for_the_same_in_both_languages(name):
    """What differs is what is read."""

    def bones(page):
        if isinstance(page, Quiz):
            return [(len(question.answers), question.right) for question in page.questions]
        told = replace(page, title="", text="", why="", hints=(), wrong={})
        return (
            told,
            len(page.hints),
            [(hint.seconds, hint.when) for hint in page.hints],
            sorted(page.wrong),
            bool(page.why),
        )

    english, spanish = (SHIPPED.in_language(name, code) for code in ("en", "es"))
    assert list(map(bones, english.pages)) == list(map(bones, spanish.pages))
    assert english.minutes == spanish.minutes and english.title != spanish.title
    text = (RESOURCES / "lessons" / f"{name}.es.md").read_text("utf-8")
    assert not {"“", "”"} & set(text), "Spanish quotes are « and »"


@pytest.mark.parametrize("name", SHIPPED.names())
def test_a_lesson_is_played_to_its_end(name, tmp_path):
    assert list(Classroom(SHIPPED.in_language(name, "en"), tmp_path, small=True).play())


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED.names())
def test_a_lesson_is_played_to_its_end_as_it_is(name, tmp_path):
    """Its own goals, with the trainings that it proposes: minutes each."""
    assert list(Classroom(SHIPPED.in_language(name, "en"), tmp_path, small=False).play())


# --- reading


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "has no title"),
        ("# A\n\nOnly words.\n", 1, "has no step"),
        (f"{HEAD}## Do\nText.\nchek: steps >= 1\n", 8, "Did you mean check:?"),
        (f"{HEAD}## Do\nText.\ncheck: stepz >= 1\n", 8, "Did you mean steps?"),
        (f"{HEAD}## Do\nText.\ncheck: steps\n", 8, "is no check"),
        (f"{HEAD}## Do\nText.\n\ncheck: recall >= 60\n", 9, "can never be 60"),
        (f"{HEAD}## Do\nText.\ncheck: recall >= 0.5 for class 3\n", 8, "not measured for each class"),
        (f"{HEAD}## Do\nText.\ncheck: diagnosis mode-colapse\n", 8, "Did you mean mode-collapse?"),
        (f"{HEAD}## Do\nText.\ncheck: cured\n", 8, "needs the name of a trouble"),
        (f"{HEAD}## Do\nText.\ncheck: option d_rl < 1\n", 8, "d_lr"),
        (f"{HEAD}## Do\nText.\ncheck: option loss < hinge\n", 8, "no order"),
        (f"{HEAD}## Do\nText.\ncheck: option loss = hinj\n", 8, "hinge"),
        (f"{HEAD}## Do\nText.\ncheck: option dataset = mnits\n", 8, "mnist"),
        (f"{HEAD}## Do\nText.\ncheck: option recipe != studoi\n", 8, "studio"),
        (f"{HEAD}## Do\nText.\nset: recipe=studoi\n", 8, "studio"),
        (f"{HEAD}## Do\nText.\nset: recipe=studio; epochs=none\n", 8, "Epochs"),
        (f"{HEAD}## Do\nText.\nset: dataset=mnits\n", 8, "mnist"),
        (f"{HEAD}## Do\nText.\npicture: dule\n", 8, "duel"),
        (f"{HEAD}## Do\nText.\nwrong: nothing\n", 8, "needs the name of a trouble"),
        (f"{HEAD}## Do\nText.\nwrong d-wons: x\n", 8, "Did you mean d-wins?"),
        (f"{HEAD}## Do\nText.\nhint soon: x\n", 8, "no such number"),
        (f"{HEAD}## Do\nText.\nhint 20 sleeping: x\n", 8, "no “sleeping”"),
        (f"{HEAD}## Do\nText.\npoint: a b\n", 8, "no name of a control"),
        (f"{HEAD}## Do\nText.\nwhy:\n", 8, "Nothing stands behind"),
        (f"{HEAD}## Do\nText.\nwhy: a\nwhy: b\n", 9, "twice"),
        (f"{HEAD}## Do\nText.\nminutes: 3\n", 8, "does not belong here"),
        (f"{HEAD}## Do\ncheck: steps >= 1\n", 6, "does not say what to do"),
        ("# A\nminutes: many\n## Do\nText.\n", 2, "no such number"),
        (f"{HEAD}## Q\nWhat?\n- [ ] a\n- [ ] b\n> why\n", 8, "one must be right"),
        (f"{HEAD}## Q\nWhat?\n- [x] a\n- [ ] b\n", 9, "not explained"),
        (f"{HEAD}## Q\nWhat?\n- [x] a\n- b\n> why\n", 9, "neither an answer"),
        (f"{HEAD}## Q\n- [x] a\n- [ ] b\n> why\n", 7, "no question"),
        (f"{HEAD}## Q\nWhat?\n- [y] a\n- [x] b\n> why\n", 8, "no answer"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, said):
    with pytest.raises(UserError) as found:
        parsing.parse(text, "mine", file="mine.en.md")
    place = f"“mine.en.md”, line {line}:"
    assert any(place in each.message and said in each.whole for each in found.value.each), found.value.each
    assert all(each.hint.endswith((".", "?")) for each in found.value.each)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    step = "## Do\nText.\nchek: steps >= 1\ncheck: stepz >= 1\npoint: a b\nwhy: a\nwhy: b\n"
    quiz = "## Q\n- [y] a\n- [x] b\nodd\n"
    with pytest.raises(UserError) as found:
        parsing.parse(f"minutes: many\nlanguage: fr\n{step}{quiz}", "mine")
    lines = [int(each.message.partition("line ")[2].partition(":")[0]) for each in found.value.each]
    assert lines == [1, 1, 2, 5, 6, 7, 9, 11, 11, 12, 13], found.value.each


def test_a_text_with_a_colon_is_no_key_and_what_goes_on_belongs_to_it():
    text = f"{HEAD}## Do\nRemember\none thing: this.\nNote: that.\nwhy: First\n  and second.\n\nMore text.\n"
    step = parsing.parse(text, "mine").steps[0]
    assert step.text == "Remember\none thing: this.\nNote: that.\n\nMore text." and step.why == "First and second."
    share = parsing.parse(f"{HEAD}## Do\nReach 30 % of it.\ncheck: recall >= 30 %\n", "mine").steps[0]
    assert share.text == "Reach 30\N{NO-BREAK SPACE}% of it." and share.checks == (conditions.parse("recall >= 0.3"),)


def test_options_are_taken_in_train_where_a_step_does_not_say_another_workspace():
    steps = "## Do\nText.\nset: epochs=3\n## Do\nText.\nworkspace: explore\nset: epochs=3\n## Read\nText.\n"
    assert [step.workspace for step in parsing.parse(HEAD + steps, "mine").steps] == ["train", "explore", ""]


def test_a_strangers_text_is_made_harmless():
    lesson = parsing.parse("# A <b>\x1b[31m title\n\n## Do <img src=x>\nRead\u202e <script>this.\n", "mine")
    told = lesson.title + lesson.steps[0].title + lesson.steps[0].text
    assert "<b" not in told and "<img" not in told and "<s" not in told and "\x1b" not in told and "\u202e" not in told


def test_a_teachers_files_are_found_and_a_faulty_one_keeps_none_from_being_listed(monkeypatch):
    folder = library.folder()
    folder.mkdir(parents=True)
    (folder / "mine.md").write_text(f"{HEAD}## Do\nText.\ncheck: steps >= 3\n", "utf-8")
    (folder / "01-what-is-a-gan.en.md").write_text(f"{HEAD}## Do\nText.\n", "utf-8")
    (folder / "broken.es.md").write_text("# Nada\n", "utf-8")
    (folder / "latin.es.md").write_bytes("# Título\n\n## Sí\n".encode("latin-1"))
    os.mkfifo(folder / "pipe.en.md")
    found = library.load()
    assert found.names() == [*SHIPPED.names(), "mine"]
    assert found.in_language("01-what-is-a-gan", "en").title == "A lesson"
    assert found.in_language("01-what-is-a-gan", "es").title == "Qué es una GAN"
    assert found.in_language("mine", "es").title == "A lesson" and found.in_language("mine", "es").is_own
    told = "\n".join(fault.whole for fault in found.faults)
    assert len(found.faults) == 3 and "“broken.es.md”, line 1" in told and "line 1: this is no text in UTF-8" in told
    with pytest.raises(UserError, match="Did you mean mine"):
        found.in_language("mien", "en")


# --- checks


def read(text, measured, troubles=()):
    return conditions.parse(text).read(measured, troubles)


def of(*qualities, columns=None, noted=None, **values):
    run = Recorded(recipe("studio").config(**values), FACTS, rows() if columns is None else columns, qualities)
    return measured_of(run, noted)


def test_a_measure_is_compared_with_what_was_measured_last():
    measured = of(replace(GOOD, recall=0.3), replace(GOOD, images_seen=10_000, recall=0.7))
    assert read("recall >= 0.7", measured) == conditions.Reading(True, 0.7)
    assert read("recall >= 70%", measured).is_met and not read("recall > 0.7", measured).is_met
    assert read("recall >= 0.5", Measured()) == conditions.Reading(False)
    assert read("epochs >= 12", measured).value == pytest.approx(11.904)
    assert read("d_lead <= 0.1", measured).is_met and read("swings = 0", measured).is_met
    assert read("data_images = 5000", measured).is_met and read("images >= 50000", measured).is_met


def test_what_must_be_reached_in_time_is_missed_when_the_time_is_over():
    early, late = replace(GOOD, images_seen=40_000, recall=0.5), replace(GOOD, images_seen=55_000, recall=0.9)
    assert read("recall >= 0.6 within 10 epochs", of(early)) == conditions.Reading(False, 0.5, is_missed=True)
    assert read("recall >= 0.6 within 10 epochs", of(early, late)) == conditions.Reading(False, 0.5, is_missed=True)
    assert read("recall >= 0.6 within 11 epochs", of(early, late)).is_met
    assert not read("recall >= 0.6 within 12 epochs", of(early)).is_missed


def test_classes_are_those_of_the_data_and_the_worst_of_them_counts():
    matrix = ((0.9, 0.1), (0.4, 0.6))
    only = replace(GOOD, confusion_matrix=matrix, histogram=(0.8, 0.2), accuracy=0.75)
    assert read("read_as_asked >= 0.6 for classes 3, 8", of(only, classes=(3, 8))) == conditions.Reading(True, 0.6)
    assert read("read_as_asked >= 0.7", of(only, classes=(3, 8))).value == 0.75
    assert read("drawn >= 0.2 for classes 3,8", of(only, classes=(3, 8))).is_met
    assert read("drawn >= 0.2 for class 8", of(only, classes=(3, 8))).value == 0.2
    assert read("drawn >= 0.1 for class 5", of(only, classes=(3, 8))) == conditions.Reading(False, 0.0)


def test_troubles_and_cures_are_read_from_the_diagnosis():
    sick = measured_of(Recorded(recipe("studio").config(), FACTS, rows(), looks(COLLAPSED)))
    well, young = of(*looks(GOOD)), of(columns=rows(640))
    assert read("diagnosis mode-collapse", sick) == conditions.Reading(True, "mode-collapse")
    assert not read("no diagnosis", sick).is_met and read("no diagnosis d-wins", sick).is_met
    assert read("healthy", well).is_met and not read("healthy", young).is_met and not read("healthy", sick).is_met
    assert not read("cured mode-collapse", well).is_met and read("cured mode-collapse", well, {"mode-collapse"}).is_met
    assert not read("healthy", Measured()).is_met


def test_options_are_read_as_they_stand_now():
    run = Recorded(recipe("studio").config(), FACTS, rows(), changes=[(5_000, "d_lr", 0.0001)])
    assert read("option d_lr < 0.0005", measured_of(run)) == conditions.Reading(True, 0.0001)
    assert read("option architecture != mlp", measured_of(run)).is_met
    assert read("option classes = 3,8", of(classes=(3, 8))).is_met and not read("option classes = 3", of()).is_met


def test_every_measure_can_be_read_of_a_real_training():
    """What is measured of a tiny one, event by event, is what the run's own record says."""
    watch, run = RunWatch(), MemoryRun()
    for event in Trainer(tiny.config(epochs=2), run, data=tiny.data()).run():
        watch.hear(event)
        assert not isinstance(event, Tick) or watch.recorded() is not None
    recorded = watch.recorded()
    measured = measured_of(recorded)
    assert np.array_equal(recorded.columns, np.array(run.metrics(), float))
    told = {name: list(measure.read(measured, (3,))) for name, measure in MEASURES.items()}
    assert told["steps"][-1][1] == 20 and told["epochs"][-1][1] == 2 and told["data_images"] == [(0.0, 80.0)]
    assert 0 <= told["d_real"][-1][1] <= 1 and not told["recall"] and not told["play_right"]


# --- words


def test_checks_are_told_in_words_and_numbers():
    told = {
        "recall >= 0.6 within 10 epochs": "Variety ≥ 60%, within 10 epochs",
        "read_as_asked > 90% for classes 3, 8": "Read as asked > 90%, for 3, 8",
        "found_alike = 1": "Read as the same",
        "diagnosis mode-collapse": "The diagnosis says: Mode collapse",
        "no diagnosis": "No trouble is named",
        "cured d-wins": "Healthy again after: D wins",
        "option d_lr <= 0.001": "Learning rate of D ≤ 0.001",
        "option loss = hinge": "Loss = hinge",
        "option recipe = dcgan-3-8-as-run": "Recipe = DCGAN: 3 and 8, training mode forgotten",
        "option classes = 3,8": "Classes = 3, 8",
    }
    assert {text: str(words.asked(conditions.parse(text))) for text in told} == told
    chosen = conditions.parse("option recipe = dcgan-3-8")
    assert (
        words.value_told(chosen, conditions.Reading(False, "dcgan-3-8-as-run"))
        == "DCGAN: 3 and 8, training mode forgotten"
    )
    assert words.value_told(chosen, conditions.Reading(False, "of-a-friend")) == "of-a-friend"
    i18n.set_language("es")
    assert (
        words.asked(conditions.parse("recall >= 0.6 within 1 epochs")) == "Variedad ≥ 60\N{NO-BREAK SPACE}%, en 1 época"
    )


def test_a_gauge_shows_how_far_it_is_and_where_the_goal_stands():
    check = conditions.parse("recall >= 0.6")
    assert words.gauge(check, conditions.Reading(False, 0.3)) == (0.3, 0.6)
    assert words.gauge(check, None) == (0.0, 0.6)
    assert words.gauge(conditions.parse("steps >= 100"), conditions.Reading(True, 500.0)) == (1.0, 0.8)
    assert words.gauge(conditions.parse("frechet < 100"), conditions.Reading(False, 200.0)) == (0.5, 0.25)
    assert words.gauge(conditions.parse("healthy"), None) is None
    assert words.gauge(conditions.parse("found_class = 8"), conditions.Reading(False, 3.0)) is None, (
        "3 is not near to 8"
    )
    lead = conditions.parse("d_lead <= 0.3")
    assert words.gauge(lead, conditions.Reading(False, 0.6)) == (0.6, 0.3), "it begins at indecision"


# --- commands


def test_the_commands_list_show_check_and_begin_lessons(tmp_path, capsys):
    assert main(["lessons"]) == 0
    assert "What a GAN is" in capsys.readouterr().out
    assert main(["lessons", "01-what-is-a-gan"]) == 0
    assert "Read as asked ≥ 90%" in capsys.readouterr().out
    assert main(["lessons", "00-points-in-the-plane"]) == 0
    told = capsys.readouterr().out
    assert "Clouds that are made ≥ 8" in told and "Real images ≥ 1,000" in told, "each step speaks of what it trains on"
    assert main(["lessons", "measures"]) == 0
    assert "read_as_asked" in capsys.readouterr().out
    mine = tmp_path / "mine.en.md"
    assert main(["lessons", "new", str(mine)]) == 0 and main(["lessons", "check", str(mine)]) == 0
    assert main(["lessons", "new", str(mine)]) == 1
    capsys.readouterr()
    text = mine.read_text("utf-8").replace("check: epochs", "check: epoks").replace("minutes:", "minuts:")
    mine.write_text(text, "utf-8")
    assert main(["lessons", "check", str(mine), str(FILES[0])]) == 1
    said = capsys.readouterr().err
    assert "“mine.en.md”, line 2:" in said and "“mine.en.md”, line 22:" in said
    assert "Did you mean epochs?" in said and "is fine" in said


@pytest.mark.parametrize("code", ["en", "es"])
def test_the_pattern_of_a_lesson_is_one(code):
    lesson = library.read(RESOURCES / "lessons" / "pattern" / f"pattern.{code}.md")
    assert len(lesson.steps) == 2 and all(isinstance(page, LessonStep | Quiz) for page in lesson.pages)
