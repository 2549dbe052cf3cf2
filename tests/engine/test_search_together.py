"""Several that search at the same moment: what is begun once, what each takes for its own, what nobody leaves."""

import os
import threading

import optuna
import pytest

from engine.errors import UserError
from engine.search import storages
from engine.search.opening import open_study
from tests.engine import searching
from tests.engine.searching import begun, search, where


@pytest.fixture
def clock():
    return searching.Clock()


@pytest.fixture(autouse=True)
def tiny_search(monkeypatch, tiny_data, clock):
    searching.use_known_judge(monkeypatch, clock)


def test_two_that_look_for_a_free_name_at_the_same_moment_take_two(clock, tmp_path, monkeypatch):
    one, two = begun(), begun(values={"d_lr": 0.05})
    exists, others = os.path.lexists, []

    def looked_at(path):
        seen = exists(path)
        if not others and path == tmp_path / "trial-0000.png":  # between this look and what follows from it
            others.append(search(two, 2 / 60, clock=clock, folder=tmp_path))
            list(others[0].run())
        return seen

    monkeypatch.setattr("engine.search.search.os.path.lexists", looked_at)
    list(search(one, 2 / 60, clock=clock, folder=tmp_path).run())
    names = {job.trials()[0].run.name for job in (one, two)}
    assert names == {"trial-0000", "trial-0000_2"} and all(job.trials()[0].thumbnail.is_file() for job in (one, two))


@pytest.mark.parametrize("keep_runs", [True, False])
def test_a_trial_that_made_nothing_leaves_nothing(clock, tmp_path, keep_runs):
    job = begun("loss=hinge,rpgan", values={"label_smoothing": 0.1})
    with pytest.raises(UserError, match="one set of options after the other is refused"):
        list(search(job, 1.0, clock=clock, folder=tmp_path / "out", keep_runs=keep_runs).run())
    assert list((tmp_path / "out").iterdir()) == []


def test_who_begins_the_same_search_at_the_same_moment_finds_it_begun_once(monkeypatch):
    create, made, go_on, begun_first = optuna.create_study, threading.Event(), threading.Event(), []

    def slowly(**how):
        study = create(**how)
        if threading.current_thread() is first:
            made.set()
            go_on.wait(60)
        return study

    def rest(seconds):
        if threading.current_thread() is not first:
            go_on.set()
            first.join(60)

    first = threading.Thread(target=lambda: begun_first.append(begun(name="one")))
    monkeypatch.setattr(optuna, "create_study", slowly)
    monkeypatch.setattr("time.sleep", rest)
    first.start()
    assert made.wait(60)
    try:
        with pytest.raises(UserError, match="“one” is another one; what differs: knobs"):
            begun("g_lr", name="one")
    finally:
        go_on.set()
        first.join(60)
    second = begun(name="one")
    assert begun_first[0].plan == second.plan
    assert [each.is_start for each in second.trials()] == [True], "the first one is lined up once"


def test_a_study_whose_maker_died_before_it_was_begun_is_begun_by_the_next(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    optuna.create_study(study_name="one", storage=storages.open_storage(where()))
    job = begun(name="one")
    assert [each.is_start for each in job.trials()] == [True]
    assert not open_study(where(), "one").plan.difference(job.plan)
