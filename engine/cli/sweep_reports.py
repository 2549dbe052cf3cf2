"""What the command ``sweep`` shows and says: how far it is, how each trial ended, what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rich import progress as bars
from rich.table import Table

from engine.cli.terminal import out_console, progress_bar, say, show_table
from engine.cli.waiting import Waiting
from engine.i18n import number, tr, trn
from engine.job import Job, Progress

if TYPE_CHECKING:
    from engine.search.plan import Plan
    from engine.search.records import SearchEvent, TrialRecord
    from engine.search.study import SearchStudy

_BEST = 10  # trials in the table at the end


class Telling:
    """Shows on a bar how far a search is, and says of each trial how it ended."""

    def __init__(self, *, quiet: bool, is_over: Callable[[], bool]) -> None:
        self._quiet, self._is_over = quiet, is_over
        self._bar = progress_bar(bars.BarColumn(), bars.TextColumn("{task.description}", markup=False))
        self._task = self._bar.add_task("", total=None)
        self._budget = 0.0
        self._study: SearchStudy | None = None
        self._waiting = Waiting(tr("The search waits and tries again every few seconds; Ctrl-C ends it."), is_over)

    def __enter__(self) -> Telling:
        if not self._quiet:
            self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._quiet:
            self._bar.stop()

    def of(self, job: Job[Any, Any], study: SearchStudy | None = None) -> Any:
        """Do ``job`` and return its result; None where somebody wants it to end."""
        self._study = study
        with closing(job):
            while not self._is_over():
                try:
                    self._show(next(job))
                except StopIteration as end:
                    return end.value
        return None

    def _show(self, event: SearchEvent) -> None:
        from engine.search import records

        match event:
            case Progress():
                self._bar.update(self._task, description=event.what, completed=event.done, total=event.total or None)
            case records.SearchStarted():
                self._budget = event.seconds
                self._bar.reset(self._task, total=event.seconds)
                self._say(_started(event))
            case records.TrialProgress():
                self._bar.update(self._task, description=_going_on(event), completed=self._budget - event.seconds_left)
            case records.TrialEnded() if self._study is not None:
                self._say(ended(self._study.plan, event.trial))
            case records.SearchBlocked():
                self._waiting.wait(event.message, event.hint)
                return
        self._waiting.end()

    def _say(self, text: str) -> None:
        if not self._quiet:
            say(text)


def _started(event: Any) -> str:
    count = max(round(event.trials), 1)
    about = trn(
        "{minutes} min buy about {count} trial of {seconds} s.",
        "{minutes} min buy about {count} trials of {seconds} s, and more where some end early.",
        count,
        minutes=number(event.seconds / 60, ",.3g"),
        seconds=number(event.trial_seconds, ",.0f"),
    )
    begun = event.known
    known = trn("{count} trial is there already.", "{count} trials are there already.", begun) if begun else ""
    return " ".join(filter(None, (about, known)))


def _going_on(event: Any) -> str:
    text = tr("trial {number} · {share}", number=event.number, share=number(event.share, ".0%"))
    if event.measure is None:
        return text
    return f"{text} · {tr('Fréchet {value}', value=number(event.measure.frechet, ',.1f'))}"


def ended(plan: Plan, trial: TrialRecord) -> str:
    """Say in a line what a trial tried and what came of it."""
    from engine.search.knobs import told

    values = ", ".join(f"{name} {told(name, value)}" for name, value in trial.values.items())
    last = trial.measures[-1] if trial.measures else None
    shown = trial.value if trial.value is not None else plan.goal.of_measure(last) if last else None
    return " · ".join(
        filter(
            None,
            (
                tr("Trial {number}", number=trial.number),
                values,
                ""
                if shown is None
                else plan.goal.told(shown)
                if trial.value is not None
                else f"({number(shown, ',.2f')})",
                trial.told,
                trial.reason,
            ),
        )
    )


def conclude(study: SearchStudy, as_json: bool) -> None:
    """Print the best trials, and what was found, or all as JSON."""
    from engine.search.study import ranked
    from engine.search.why import findings

    trials = study.trials()
    best, found = ranked(study.plan, trials), findings(study)
    if as_json:
        print(json.dumps(_as_json(study, trials, best, found), indent=2))
        return
    if best:
        show_table(_table(study.plan, best[:_BEST]))
    for sentence in filter(None, (found.sentence, found.against_start)):
        out_console.print(sentence, soft_wrap=True)
    if best and best[0].run:
        out_console.print(tr("The best trial's run: {path}", path=best[0].run), soft_wrap=True)


def _table(plan: Plan, best: Sequence[TrialRecord]) -> Table:
    from engine.search.knobs import told

    table = Table(title=tr("The best trials"))
    for heading in (tr("Trial"), plan.goal_title, *(knob.name for knob in plan.knobs), tr("Seconds")):
        table.add_column(heading, justify="right", overflow="fold")
    for trial in best:
        values = [told(k.name, trial.values[k.name]) if k.name in trial.values else "–" for k in plan.knobs]
        value = plan.goal.told(trial.value or 0.0)
        table.add_row(str(trial.number), value, *values, number(trial.seconds, ",.0f"))
    return table


def _as_json(
    study: SearchStudy, trials: Sequence[TrialRecord], best: Sequence[TrialRecord], found: Any
) -> dict[str, Any]:
    return {
        "study": study.name,
        "folder": str(study.folder),
        "objective": study.plan.objective,
        "best": best[0].number if best else None,
        "importance": dict(found.importance),
        "sentence": str(found.sentence),
        "against_start": str(found.against_start),
        "trials": [
            {
                "number": trial.number,
                "state": trial.state,
                "failure_mode": trial.failure_mode,
                "reason": trial.reason,
                "values": dict(trial.values),
                "value": trial.value,
                "frechet": trial.measures[-1].frechet if trial.measures else None,
                "images_seen": trial.measures[-1].images_seen if trial.measures else None,
                "seconds": trial.seconds,
                "run": str(trial.run) if trial.run else None,
                "thumbnail": str(trial.thumbnail) if trial.thumbnail else None,
                "retry_of": trial.retry_of,
                "worker": trial.worker,
            }
            for trial in trials
        ],
    }
