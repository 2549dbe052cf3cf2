"""What a class keeps is changed by no door that begins or goes on with a training, and what it hides by those alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.config import Config
from engine.events import NotFinite
from engine.search.knobs import Knob
from engine.search.opening import StudySummary
from studio.model.plan import Plan
from studio.presenters.trainings import Trainings
from studio.widgets.dialogs import branch_dialog
from studio.workspaces.compare.actions_presenter import ActionsPresenter
from studio.workspaces.compare.search.presenter import SearchPresenter
from tests.engine import searching

RUN = SimpleNamespace(config=Config(g_lr=0.5, seed=7), path=Path("mine"))
KEPT = 0.001


def in_class(*locked):
    """Return a plan of which ``locked`` is kept, and the networks are out of sight."""
    plan = Plan(Config(g_lr=KEPT, seed=3))
    plan.restrict(frozenset(locked), frozenset({"architecture"}))
    return plan


@pytest.fixture
def actions(qapp):
    """What is done with the run that is chosen in the table, and the context of it, without table and window."""
    workspace, context = QWidget(), Mock(plan=in_class("g_lr"))
    workspace.run_table = Mock(**{"chosen_runs.return_value": [RUN]})
    yield ActionsPresenter(workspace, context), context
    workspace.deleteLater()


@pytest.mark.parametrize("door", [ActionsPresenter.line_up, ActionsPresenter.more_seeds])
def test_what_is_lined_up_has_what_the_class_keeps(door, actions):
    presenter, context = actions
    door(presenter)
    config = context.services.queue.add.call_args.args[0]
    assert config.g_lr == KEPT and config.seed != 3, "which is free"


@pytest.mark.parametrize(
    ("door", "option"), [(ActionsPresenter.more_seeds, "seed"), (ActionsPresenter.lengthen, "epochs")]
)
def test_what_would_change_nothing_else_is_refused_and_says_why(door, option, actions):
    presenter, context = actions
    context.plan.restrict(frozenset({option}), frozenset())
    door(presenter)
    context.services.queue.add.assert_not_called()
    context.services.runs.read_origins.assert_not_called()
    assert "This class keeps" in context.messages.tell.call_args.args[0]()


def test_a_branch_offers_and_takes_only_what_is_free(actions, monkeypatch):
    dialog = Mock()
    monkeypatch.setattr(branch_dialog, "BranchDialog", dialog)
    presenter, context = actions
    presenter.branch_off(RUN.path, {"g_lr": 0.1, "g_beta1": 0.2})
    context.services.runs.read_origins.call_args.args[1](Mock())
    assert dialog.call_args.kwargs["kept"] == {"g_lr", "architecture"}
    dialog.return_value.chosen.connect.call_args.args[0](3, True, {"d_lr": 0.3}, False)
    assert context.runs.branch.call_args.args[2] == {"g_beta1": 0.2, "d_lr": 0.3}


@pytest.mark.parametrize(("remedy", "taken"), [({"g_lr": 0.1}, {}), ({"g_lr": 0.1, "d_lr": 0.2}, {"d_lr": 0.2})])
def test_after_a_number_that_is_none_only_what_is_free_is_proposed(remedy, taken, qapp):
    services, messages, plans = Mock(**{"training.current.run.data.image_count": 100}), Mock(), QObject()
    plans.train_requested = Mock()
    presenter = Trainings(services, in_class("g_lr"), plans, Mock(), messages)
    services.training.broken.connect.call_args.args[0](NotFinite(5, 120, 100, remedy))
    told, given = messages.warn.call_args.args[1](), messages.warn.call_args.kwargs
    assert ("This class keeps" in told, bool(given["action"])) == (not taken, bool(taken))
    assert given["act"].args[1] == taken and given["act"].func == presenter.show_and_go_on


def test_a_search_knows_whether_it_would_change_what_is_kept():
    assert Knob("g_lr", low=1e-4, high=1e-2).moves({"g_lr"}, RUN.config)
    assert not Knob("d_lr", low=1e-4, high=1e-2).moves({"g_lr"}, RUN.config)


@pytest.mark.parametrize(("locked", "is_refused"), [("d_lr", True), ("g_lr", False)])
def test_a_search_that_would_change_what_is_kept_is_not_gone_on_with_and_says_why(locked, is_refused, qapp):
    places = {"settings.search_place": "", "settings.search_places": ()}
    context, plan = Mock(plan=in_class(locked), **places), searching.plan()
    service = context.services.searching
    service.name, service.plan, service.trials = "one", plan, {}
    presenter = SearchPresenter(Mock(), context)
    presenter.form.show_searches([StudySummary("one", plan, 0, None, 0.0)], "one")
    presenter.say_offer()
    assert ("This class keeps" in presenter.problem) == is_refused
    presenter.page.deleteLater()


def test_what_is_hidden_and_not_locked_follows_recipes_and_cures():
    plan = in_class("g_lr")
    assert plan.with_locks(Config(architecture="mlp", g_lr=0.5)).architecture == "mlp"
    assert plan.free({"architecture": "mlp", "g_lr": 0.5}) == {"architecture": "mlp"}
