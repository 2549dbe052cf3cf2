"""Plays a lesson as a student would, without a window: with real trainings, searches, games and paintings.

As it is shipped, a lesson takes minutes. ``Classroom(…, small=True)`` plays it with few images, few steps and narrow
networks, and with goals (``LessonPlayer(numbers=…)``) that these reach; troubles and cures, which long ones
have, come from courses written by hand. ``small=False`` plays it for real: ``python -m tests.lesson_player NAME`` (all
without a name), or ``pytest -m slow tests/engine/test_lessons.py``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.arrays import Samples
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.datasets.sets import is_points
from engine.diagnosis import Hindsight, Recorded
from engine.diagnosis.diagnosing import remedy
from engine.diagnosis.remedies import apply_remedy
from engine.evaluation import real_or_generated
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.evaluation.reader import Reader
from engine.events import Event, StepStage
from engine.job import result_of
from engine.latent import directions, find, truncation
from engine.latent.generator_session import GeneratorSession
from engine.lessons import library
from engine.lessons.conditions import MeasureCondition, OptionCondition, StateCondition
from engine.lessons.lesson import Lesson, LessonStep
from engine.lessons.measured import Measured
from engine.lessons.measures import EXPLORE, JUDGE, MAGNIFIER, MEASURES, STYLE
from engine.lessons.player import LessonPlayer
from engine.pictures import as_pictures
from engine.recipes import recipe
from engine.runs import RunFolder
from engine.style import gallery, pictures
from engine.style.events import StyleTick
from engine.style.options import StyleOptions
from engine.style.transfer import StyleTransfer
from engine.trainer import Trainer
from tests.measured import RunWatch, measured_of

FEW = {
    "max_images": 20,
    "batch_size": 4,
    "epochs": 2,
    "log_every": 1,
    "sample_rows": 1,
    "sample_columns": 2,
    "g_channels": 8,
    "d_channels": 8,
    "threads": 1,
    "device": "cpu",
    "precision": "float32",
}
MOST = {
    "steps": 4,
    "epochs": 0.6,
    "watched_steps": 1,
    "swings": 1,
    "data_images": 1,
    "data_classes": 0,
    "inspected": 1,
    "kept": 1,
    "looked_back": 1,
}
"""What a count reaches in such a training; any other measure may be as it likes."""


LOOKS = {"inspected": 1.0, "kept": 1.0, "looked_back": 5.0}
"""What a student looks at while it trains on."""
_LOOKED_FOR = 8  # the digit of which lesson 13 asks for a place
_ASKED_ABOUT = 3  # the digit that lesson 14 asks D about


class Classroom:
    """One student who plays ``lesson`` in ``home``."""

    def __init__(self, lesson: Lesson, home: Path, *, small: bool) -> None:
        self.small, self.home = small, home
        self.player = LessonPlayer(lesson, numbers=_within_reach(lesson) if small else None)
        self.noted: dict[str, float] = {}
        self.run: _Training | None = None

    def play(self) -> Iterator[str]:
        """Play it to its end; tell of each step, once it is done, what it took and what was measured then."""
        for place, page in enumerate(self.player.lesson.pages):
            self.player.go_to(place)
            for number, question in enumerate(self.player.questions):
                self.player.answer(number, question.right)
            if isinstance(page, LessonStep):
                self._do(page)
            assert self.player.is_done(place), f"“{page.title}” is not done: {self.player.checks}"
            if isinstance(page, LessonStep) and page.checks:
                done = self.player.progress.pages[place]
                yield f"{page.title}: {done.seconds:.0f} s, {', '.join(done.measured)}"
        assert self.player.is_finished

    def _do(self, step: LessonStep) -> None:
        if not step.checks:
            self.player.go_on()
            return
        conditions = [each.condition for each in self.player.checks]
        sources = {MEASURES[it.measure].source for it in conditions if isinstance(it, MeasureCondition)}
        is_trained = bool(sources - {EXPLORE, STYLE}) or not all(isinstance(it, MeasureCondition) for it in conditions)
        if EXPLORE in sources:
            names = {it.measure for it in conditions if isinstance(it, MeasureCondition)}
            self.noted |= LOOKS
            if not names <= LOOKS.keys():
                self.noted |= _explored(self._training(step, conditions).stopped(), names, small=self.small)
        if STYLE in sources and "style_left" not in self.noted:
            self.noted |= _painted(self.small)
        if not is_trained:
            self.player.measure(Measured(noted=self.noted))
            return
        training = self._training(step, conditions)
        states = [it for it in conditions if isinstance(it, StateCondition)]
        if self.small and states:
            self.player.measure(measured_of(_course(states[0], training.wanted), self.noted))
            return
        if MAGNIFIER in sources:
            training.trainer.request_stages()
        for event in training.go_on():
            if isinstance(event, StepStage) and event.name == "g_updated":
                self.noted["watched_steps"] = 1
            if self.player.measure(training.measured(self.noted)):
                return

    def _training(self, step: LessonStep, conditions: list) -> _Training:
        """Return the training of the step: a new one where it needs one, or that of before."""
        asked = [it for it in conditions if isinstance(it, OptionCondition)]
        options = {it.option: _fitting(it) for it in asked if it.sign != "!="}
        if options.get("dataset") == "pictures":
            options["data_root"] = str(_own_pictures(self.home.parent / f"{self.home.name} pictures"))
            options["epochs"] = 1000  # as the window proposes for so few
        if step.setup is not None:
            config = recipe(step.setup.recipe).config(**step.setup.values)
        elif self.run is None:
            config = recipe("studio").config()
        elif all(it.read(self.run.measured({}), ()).is_met for it in asked):
            config = None
        else:
            refuses = any(it.option == "recipe" and it.sign == "!=" for it in asked)
            config = (recipe("studio").config() if refuses else self.run.wanted).changed(**options)
        cured = [it.name for it in conditions if isinstance(it, StateCondition) and it.kind == "cured"]
        if cured and step.setup is None and not self.small:  # as the button on the card does
            now = self.run.wanted
            config = apply_remedy(now, remedy(cured[0], now, catalog.load(now).facts))
        measures = {it.measure for it in conditions if isinstance(it, MeasureCondition)}
        needs_judge = any(MEASURES[name].source == JUDGE for name in measures)
        if config is None and ("changes" in measures or needs_judge > self.run.judged):
            config = self.run.wanted
        if config is not None:
            self.run = _Training(config, self.home, small=self.small, judged=needs_judge)
            if "changes" in measures:
                self.run.trainer.change("g_lr", config.g_lr / 2)
        return self.run


class _Training:
    """A training of ``wanted``, as it is or with few images."""

    def __init__(self, wanted: Config, home: Path, *, small: bool, judged: bool) -> None:
        self.wanted = self.config = wanted
        self.judged = judged or not small
        if small:
            few = {name: value for name, value in FEW.items() if name not in wanted.unused()}
            is_own = wanted.dataset in ("faces", "pictures") or is_points(wanted.dataset)
            small_set = wanted.dataset if is_own else "digits"
            self.config = wanted.changed(**few, dataset=small_set, eval_time_percent=50 if judged else 0)
        self.folder = RunFolder(home / f"run-{len(list(home.iterdir()))}")
        self.trainer = Trainer(self.config, self.folder)
        self._events = self.trainer.run()
        self._watch, self._hindsight = RunWatch(), Hindsight()

    def go_on(self) -> Iterator[Event | None]:
        """Train on, with a breath after each event; a first one tells what is known already."""
        yield None
        for event in self._events:
            self._watch.hear(event)
            yield event

    def stopped(self) -> _Training:
        """Stop where the steps before have come, as a student would who goes on to Explore; or train, if none has."""
        if self._watch.recorded() is None:
            for _ in self.go_on():
                pass
        self._events.close()
        return self

    def measured(self, noted: dict[str, float]) -> Measured:
        run = self._watch.recorded()
        return Measured(noted=noted) if run is None else measured_of(run, noted, self._hindsight)


def _own_pictures(folder: Path) -> Path:
    """Save some real digits as a person's own pictures, and return where."""
    folder.mkdir(exist_ok=True)
    for place, picture in enumerate(as_pictures(catalog.load(Config()).images[:24])):
        Image.fromarray(picture).save(folder / f"{place}.png")
    return folder


def _within_reach(lesson: Lesson) -> dict[str, float]:
    """Return numbers that any training reaches, for every measure that ``lesson`` asks for."""
    checks = [check for step in lesson.steps for check in step.checks if isinstance(check, MeasureCondition)]
    spans = {it.measure: (MEASURES[it.measure].low, MEASURES[it.measure].high) for it in checks if it.sign != "="}
    falling = {it.measure for it in checks if "<" in it.sign}
    ends = {name: high if name in falling else low for name, (low, high) in spans.items()}
    return {name: MOST.get(name, end) for name, end in ends.items()}


def _fitting(condition: OptionCondition) -> object:
    """Return a value that the condition takes."""
    factor = {"<": 0.5, ">": 2}.get(condition.sign, 1)
    return condition.value if factor == 1 else condition.value * factor


def _course(condition: StateCondition, config: Config) -> Recorded:
    """Return a course in which that trouble is named, or is over, or in which all is well."""
    from tests.engine import lesson_courses

    return lesson_courses.course(condition, config)


def _digits(data: ImageData, label: int) -> tuple[Samples, NDArray[np.int64]]:
    """Return the real pictures of ``label`` with their labels, or all where there are none."""
    fitting = data.labels == label
    return (
        (as_pictures(data.images[fitting]), data.labels[fitting])
        if fitting.any()
        else (as_pictures(data.images), data.labels)
    )


def _explored(training: _Training, names: set[str], *, small: bool) -> dict[str, float]:
    """Do in Explore what is measured under ``names``, with the generator that was trained."""
    config, folder = training.config, training.folder
    data = catalog.load(config)
    session = GeneratorSession(config, data.facts)
    session.load(folder.generator())
    noted: dict[str, float] = {}
    if names & {"found_off", "found_alike"}:
        picture = _digits(data, _LOOKED_FOR)[0][-1]
        steps = 2 if small else find.STEPS
        found = result_of(find.find(session, Reader(config, data.facts, data), picture, steps=steps))
        alike = True if small else bool(found.reads_alike)
        read = _LOOKED_FOR if small or found.reading is None else found.reading[0]
        noted |= {"found_off": found.difference, "found_alike": float(alike), "found_class": float(read)}
    opponent = DiscriminatorSession(config, data.facts, data)
    opponent.load(folder.discriminator())
    if "asked_verdict" in names:
        pictures, labels = _digits(data, _ASKED_ABOUT)
        verdicts, read = opponent.ask(pictures, labels), Reader(config, data.facts, data).read(pictures)
        is_read = small or read is None
        noted["asked_verdict"] = float(verdicts.max())
        noted["asked_class"] = float(_ASKED_ABOUT if is_read else read[0][verdicts.argmax()])
    if names & {"play_right", "play_lead"}:
        deal = real_or_generated.deal(session, data, 1)
        of_d = real_or_generated.guesses(deal, opponent)
        played = real_or_generated.played(deal, list(deal.is_real), of_d, "A student", 1, 30.0)
        lead = float(played.right - played.d_right)
        noted |= {"play_right": float(played.right), "play_lead": lead}
    if "truncated_variety" in names:
        effects = result_of(truncation.effects(session, Reader(config, data.facts, data), data, [0.3]))
        noted["truncated_variety"] = effects[0].variety
    if "directions" in names:
        noted["directions"] = float(len(result_of(directions.find(session, 1, most=2))))
    return noted


def _painted(small: bool) -> dict[str, float]:
    options = StyleOptions(size=32 if small else 192, steps=3 if small else 60, threads=1)
    content, style = (pictures.read(gallery.find(Path(name)), options.size) for name in ("cat", "stained_glass"))
    ticks = [event for event in StyleTransfer(content, [style], options).run() if isinstance(event, StyleTick)]
    return {"style_steps": float(ticks[-1].step), "style_left": ticks[-1].losses.style / ticks[0].losses.style}


def main(names: list[str]) -> None:
    found = library.load()
    for name in names or found.names():
        begun = time.monotonic(), time.process_time()
        with tempfile.TemporaryDirectory() as home:
            for told in Classroom(found.in_language(name, "en"), Path(home), small=False).play():
                print(f"    {told}", flush=True)
        took, of_cores = time.monotonic() - begun[0], time.process_time() - begun[1]
        print(f"{name}: played in {took:.0f} s, {of_cores:.0f} s of a core", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
