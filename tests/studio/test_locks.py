"""What a class keeps is changed by no door that begins or goes on with a training, and what it hides by those alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from engine.config import Config
from engine.errors import UserError
from engine.events import NotFinite
from engine.search.knobs import Knob
from studio.model.plan import Plan
from studio.presenters.trainings import Trainings
from studio.widgets.dialogs import branch_dialog
from studio.workspaces.compare.actions_presenter import ActionsPresenter
from studio.workspaces.compare.search.presenter import SearchPresenter

RUN = SimpleNamespace(config=Config(g_lr=0.5, seed=7), path=Path("mine"))
KEPT = 0.001


def in_class(*locked):
    """Return a plan of which ``locked`` is kept, and the networks are out of sight."""
    plan = Plan(Config(g_lr=KEPT, seed=3))
    plan.restrict(frozenset(locked), frozenset({"architecture"}))
    return plan


@pytest.fixture
def actions():
    """What is done with the run that is chosen in the table, without table and window."""
    me = Mock(_chosen=RUN, _begin=lambda train: train())
    me._table.chosen_runs.return_value = [RUN]
    me._may_set = partial(ActionsPresenter._may_set, me)
    me._context.plan = in_class("g_lr")
    return me


@pytest.mark.parametrize("door", [ActionsPresenter.line_up, ActionsPresenter.more_seeds])
def test_what_is_lined_up_has_what_the_class_keeps(door, actions):
    door(actions)
    config = actions._services.queue.add.call_args.args[0]
    assert config.g_lr == KEPT and config.seed != 3, "which is free"


@pytest.mark.parametrize(
    ("door", "option"), [(ActionsPresenter.more_seeds, "seed"), (ActionsPresenter.lengthen, "epochs")]
)
def test_what_would_change_nothing_else_is_refused_and_says_why(door, option, actions):
    actions._context.plan = in_class(option)
    door(actions)
    actions._services.queue.add.assert_not_called()
    actions._services.runs.read_origins.assert_not_called()
    assert "This class keeps" in actions._context.messages.tell.call_args.args[0]()


def test_a_branch_offers_and_takes_only_what_is_free(actions, monkeypatch):
    dialog = Mock()
    monkeypatch.setattr(branch_dialog, "BranchDialog", dialog)
    ActionsPresenter._ask_for_branch(actions, {"g_lr": 0.1, "g_beta1": 0.2}, Mock())
    assert dialog.call_args.kwargs["kept"] == {"g_lr", "architecture"}
    dialog.return_value.chosen.connect.call_args.args[0](3, True, {"d_lr": 0.3}, False)
    assert actions._context.runs.branch.call_args.args[2] == {"g_beta1": 0.2, "d_lr": 0.3}


@pytest.mark.parametrize(("remedy", "taken"), [({"g_lr": 0.1}, {}), ({"g_lr": 0.1, "d_lr": 0.2}, {"d_lr": 0.2})])
def test_after_a_number_that_is_none_only_what_is_free_is_proposed(remedy, taken):
    me = Mock(_plan=in_class("g_lr"))
    Trainings._tell_not_finite(me, Mock(**{"data.image_count": 100}), NotFinite(5, 120, 100, remedy))
    told, action = me._messages.warn.call_args.args[1](), me._messages.warn.call_args.kwargs["action"]
    assert ("This class keeps" in told, bool(action)) == (not taken, bool(taken))
    me._messages.warn.call_args.kwargs["act"]()
    assert me.show_and_go_on.call_args.args[1] == taken


def test_a_search_that_would_change_what_is_kept_does_not_go_on():
    me = Mock(**{"_service.plan": Mock(knobs=[Knob("g_lr", low=1e-4, high=1e-2)], config=RUN.config)})
    me._service.name = me.form.chosen
    me._context.plan = in_class("g_lr")
    with pytest.raises(UserError, match="This class keeps"):
        SearchPresenter._offered_more(me)


def test_what_is_hidden_and_not_locked_follows_recipes_and_cures():
    plan = in_class("g_lr")
    assert plan.with_locks(Config(architecture="mlp", g_lr=0.5)).architecture == "mlp"
    assert plan.free({"architecture": "mlp", "g_lr": 0.5}) == {"architecture": "mlp"}
