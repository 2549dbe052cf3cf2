"""Playing a lesson: which checks turn green, which hints and wrong turns are told, and what of it is kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.diagnosis import Recorded
from engine.errors import UserError
from engine.lessons import parsing, progress
from engine.lessons.library import Library
from engine.lessons.measured import Measured
from engine.lessons.player import LessonPlayer
from engine.lessons.progress import LessonProgress
from engine.recipes import recipe
from tests.engine.lesson_courses import COLLAPSED
from tests.engine.test_diagnosis import FACTS, GOOD, NOISE, looks, rows
from tests.engine.test_lessons import HEAD, of
from tests.measured import measured_of

LESSON = parsing.parse(
    f"{HEAD}## Q\nWhat?\n- [ ] a\n- [x] b\n> why\n\n"
    "## Read\nText.\n\n"
    "## Train\nText.\ncheck: steps >= 10\ncheck: no diagnosis\nhint 20: One.\nhint 50: Two.\nwrong d-wins: Too sure.\n",
    "mine",
)


def test_a_step_turns_green_by_what_was_measured_and_stays_so():
    player = LessonPlayer(LESSON)
    player.go_to(2)
    assert not player.measure(Measured()) and not player.is_done()
    assert player.measure(of()) and player.is_done() and not player.measure(of())
    sick = measured_of(Recorded(recipe("studio").config(), FACTS, rows(d_real=0.999, d_fake=0.001), looks(NOISE)))
    player.measure(sick)
    assert player.is_done() and not player.checks[1].is_met and player.wrong_turns == ()
    kept = player.progress.pages[2]
    assert (kept.measured, kept.values) == (("930", "now: too early to tell"), (930.0, "early"))


def test_a_step_that_was_left_too_early_turns_green_once_it_is_met_by_a_run_with_its_options():
    steps = "## One\nText.\n{set}check: steps >= 10\n\n## Two\nText.\ncheck: steps >= 100000\n"
    for setup, is_met in (("", True), ("set: recipe=studio; epochs=3\n", True), ("set: recipe=mlp-fashion\n", False)):
        player = LessonPlayer(parsing.parse(HEAD + steps.replace("{set}", setup), "mine"))
        player.go_on()
        assert player.page == 1 and not player.is_done(0)
        assert player.measure(of()) == player.is_done(0) == is_met, setup
        assert not player.is_done(1)


def test_a_wrong_turn_is_explained_by_the_diagnosis():
    player = LessonPlayer(LESSON)
    player.go_to(2)
    sick = measured_of(Recorded(recipe("studio").config(), FACTS, rows(d_real=0.999, d_fake=0.001), looks(NOISE)))
    assert not player.measure(sick) and player.wrong_turns == (("d-wins", "Too sure."),)
    other = parsing.parse(f"{HEAD}## Train\nText.\ncheck: option dataset = pictures\n", "mine")
    elsewhere = LessonPlayer(other)
    elsewhere.measure(sick)
    assert elsewhere.wrong_turns == (), "a run that is none of this step's took no turn of it"


def test_a_cure_counts_also_where_the_window_was_closed_since_the_trouble():
    """It was another training, of which nothing else is known by then."""
    steps = "## Make\nText.\ncheck: diagnosis mode-collapse\n\n## Cure\nText.\ncheck: cured mode-collapse\n"
    lesson = parsing.parse(HEAD + steps, "mine")
    first = LessonPlayer(lesson)
    sick = measured_of(Recorded(recipe("studio").config(), FACTS, rows(), looks(COLLAPSED)))
    assert first.measure(sick)
    first.go_to(1)
    first.measure(sick)
    assert first.wrong_turns == (), "it is what shall be cured"
    again = LessonPlayer(lesson, first.progress)
    again.go_to(1)
    assert again.measure(of(*looks(GOOD)))
    unseen = LessonPlayer(lesson)
    unseen.go_to(1)
    assert not unseen.measure(of(*looks(GOOD)))


def test_hints_come_after_a_while():
    now = [0.0]
    player = LessonPlayer(LESSON, clock=lambda: now[0])
    player.go_to(2)
    assert player.hints == ()
    now[0] = 30.0
    assert player.hints == ("One.",)
    now[0] = 50.0
    assert player.hints == ("One.", "Two.")
    player.measure(of())
    assert player.hints == () and player.progress.pages[2].seconds == 50.0


def test_a_hint_of_a_moment_waits_for_it():
    now = [0.0]
    text = f"{HEAD}## Train\nText.\ncheck: steps >= 10\nhint 20 resting: Press.\nhint 30 training: Wait.\nhint: So.\n"
    player = LessonPlayer(parsing.parse(text, "mine"), clock=lambda: now[0])
    told = []
    for moment, seconds in (("resting", 30.0), ("training", 25.0), ("training", 10.0), ("", 150.0), ("resting", 5.0)):
        player.set_moment(moment)
        now[0] += seconds
        told.append(player.hints)
    assert told == [("Press.",), (), ("Wait.",), ("So.",), ("So.",)]


def test_the_first_answer_counts_and_a_page_without_checks_is_read():
    player = LessonPlayer(LESSON)
    assert not player.answer(0, 0) and player.is_done() and player.answer(0, 1)
    assert player.answered(0).chosen == 0 and not player.answered(0).right and player.answered(0).last == 1
    player.answer(0, 0)
    assert player.answered(0).last is None
    player.go_on()
    assert not player.is_done()
    player.go_on()
    assert player.is_done(1) and player.page == 2 and player.is_last and not player.is_finished
    player.go_on()
    assert player.page == 2 and not player.is_done()


def test_goals_are_easier_for_a_test_alone():
    player = LessonPlayer(LESSON, numbers={"steps": 1})
    player.go_to(2)
    assert player.measure(of(columns=rows(640)))
    assert LESSON.steps[1].checks[0].number == 10


# --- what is kept


def test_progress_outlives_the_window_and_can_be_read_for_a_report():
    player = LessonPlayer(LESSON)
    player.answer(0, 1)
    player.go_to(2)
    player.measure(of())
    player.progress.runs.append("2026-11-26_studio")
    progress.write({"mine": player.progress})
    again = progress.read()["mine"]
    assert again == player.progress and again.share(3) == pytest.approx(2 / 3)
    assert LessonPlayer(LESSON, again).page == 2 and LessonPlayer(LESSON, again).is_done(2)
    assert progress.path().parent == Path(os.environ["DUELO_HOME"])


def test_what_was_reached_follows_its_page_question_and_answer_where_a_teacher_changes_the_lesson():
    """It is kept by place: a new question in mid-quiz was taken for the one that had been answered there."""
    quiz, new = "What?\n- [ ] a\n- [x] b\n> why\n\n", "New?\n- [x] yes\n- [ ] no\n> why\n\n"
    read, train = "## Read\nText.\n\n", "## Train\nText.\ncheck: steps >= 10\n\n"

    def begun(*parts: str) -> LessonProgress:
        player = LessonPlayer(parsing.parse("".join([HEAD, *parts]), "mine", language="en"))
        player.answer(0, 1)
        player.go_on()
        player.go_on()
        return player.progress

    def fitted(*parts: str, language: str = "en") -> tuple[dict[str, int], list[int], int]:
        reached = begun("## Q\n", quiz, read, train)
        changed = parsing.parse("".join([HEAD, *parts]), "mine", language=language)
        assert Library((changed,)).begun("mine", "en", reached) is changed
        return {name: each.chosen for name, each in reached.answers.items()}, sorted(reached.pages), reached.page

    assert fitted("## Q\n", quiz, read, train) == ({"0.0": 1}, [0, 1], 2)
    assert fitted("## Q\n", new, quiz, read, train) == ({"0.1": 1}, [0, 1], 2)
    assert fitted("## First\nText.\n\n", "## Q\n", quiz, read, train) == ({"1.0": 1}, [1, 2], 3)
    assert fitted("## Q\n", quiz.replace("- [ ] a", "- [ ] c\n- [ ] a"), read, train) == ({"0.0": 2}, [0, 1], 2)
    assert fitted("## Q\n", quiz.replace("What?", "What, then?"), "## Read it\nText.\n\n", train)[:2] == (
        {"0.0": 1},
        [0, 1],
    ), "words that were mended are the same page and question"
    assert fitted("## Q\n", new, train) == ({}, [0, 3], 1), "a page that is gone stays behind the last"
    assert fitted("## P\n", new, quiz, read, train, language="es") == ({"0.0": 1}, [0, 1], 2)


def test_a_lesson_that_was_changed_in_one_language_alone_goes_on_in_that():
    """What was reached on its fifth page stood beside the fifth one of the other language."""
    english, spanish = (
        parsing.parse(f"{HEAD}{page}## Train\nText.\n", "mine", language=language)
        for page, language in (("## Read\nText.\n\n", "en"), ("", "es"))
    )
    library, player = Library((english, spanish)), LessonPlayer(english)
    assert library.begun("mine", "es", player.progress) is spanish, "nothing is lost by it"
    player.go_on()
    assert library.begun("mine", "es", player.progress) is english
    player.read_in(spanish)
    assert player.lesson is english


def test_progress_put_aside_for_the_next_student_is_still_found_by_the_reports_of_its_runs():
    progress.write({"mine": LessonProgress("Mine", runs=["first"]), "other": LessonProgress("Other", runs=["other"])})
    aside = progress.put_aside()
    assert aside is not None and aside.exists() and progress.read() == {} and progress.put_aside() is None
    progress.write({"mine": LessonProgress("Mine", runs=["second"])})
    assert progress.put_aside() != aside, "two within a second are two"
    progress.path().with_name("lesson-progress-2026.json").write_bytes(b"{")
    progress.write({"mine": LessonProgress("Mine again", runs=["third"])})
    found = {
        run: [each.title for each in progress.of_run(run).values()] for run in ("first", "second", "third", "none")
    }
    assert found == {"first": ["Mine"], "second": ["Mine"], "third": ["Mine again"], "none": []}


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"duelo-lessons": 1, "lessons": {"a": {"pages": 3}}}', b"\xff"]
)
def test_a_damaged_file_is_put_aside_and_nothing_of_it_is_lost(content):
    place = progress.path()
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    found, fault = progress.read_or_begin()
    assert found == {} and "damaged" in fault.message
    aside = [path for path in place.parent.iterdir() if path.name.startswith("lesson-progress-")]
    assert [path.read_bytes() for path in aside] == [content] and aside[0].name in fault.hint
    assert progress.read_or_begin() == ({}, None)


def test_progress_of_a_newer_version_is_not_read():
    place = progress.path()
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"duelo-lessons": 2, "lessons": {}}))
    with pytest.raises(UserError, match="newer Duelo"):
        progress.read()
