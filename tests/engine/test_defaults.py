"""What goes with an architecture and a loss: values that follow the choice, options that nothing asks for, old runs."""

import pytest

from engine.architectures import ARCHITECTURES
from engine.cli import main
from engine.config import OPTIONS, Config
from engine.config.defaults import UNUSED
from engine.datasets.sets import is_points
from engine.errors import UserError
from engine.losses import LOSSES
from engine.recipes import RECIPES, recipe
from engine.recipes.working import WORKING
from engine.trainer import Trainer
from tests import tiny


def test_every_architecture_and_loss_is_declared_once():
    assert list(ARCHITECTURES) == list(OPTIONS["architecture"].choices) and list(LOSSES) == list(
        OPTIONS["loss"].choices
    )
    named = {name for each in (*ARCHITECTURES.values(), *LOSSES.values()) for name in each.defaults}
    assert named | {name for each in UNUSED for name in each.names} <= OPTIONS.keys()


ALIKE = [  # points are not made by networks for pictures, nor pictures by those for points
    (entry.name, name)
    for entry in WORKING
    for name, known in ARCHITECTURES.items()
    if known.takes_points == is_points(entry.config().dataset)
]


@pytest.mark.parametrize(("name", "architecture"), ALIKE)
def test_another_architecture_brings_its_values_and_makes_sense(name, architecture):
    config = recipe(name).config(architecture=architecture)
    config.check()
    own = next(entry for entry in WORKING if entry.config().architecture == architecture).config()
    following = ARCHITECTURES[architecture].defaults.keys() - recipe(name).options.keys()
    assert all(getattr(config, option) == getattr(own, option) for option in following)


def test_what_was_set_by_hand_stays_and_the_rest_follows_there_and_back():
    config = recipe("studio").config(g_lr=0.001)
    mlp = config.adapted(architecture="mlp")
    assert (mlp.g_lr, mlp.d_lr, mlp.output, mlp.r1_gamma) == (0.001, 3e-4, "none", 0.0)
    assert mlp.adapted(architecture="pixelshuffle") == config
    assert recipe("studio").config(architecture="mlp", d_lr=0.0012).d_lr == 0.0012, "said, though it is the old value"


def test_a_failure_keeps_what_makes_it_fail():
    config = recipe("fail-d-wins").config(architecture="embedding")
    assert (config.g_lr, config.d_lr, config.r1_gamma) == (2e-5, 2e-3, 0.0)


def test_a_loss_brings_its_values():
    assert recipe("studio").config(loss="wgan_gp").r1_gamma == 0.0
    assert recipe("studio").config(loss="wgan_gp", r1_gamma=1.0).r1_gamma == 1.0
    assert recipe("studio").config().adapted(loss="wgan_gp").adapted(loss="hinge").r1_gamma == 2.0
    with pytest.raises(UserError, match="nonsaturating"):
        recipe("studio").config(loss="wgan")


@pytest.mark.parametrize("architecture", [name for name, known in ARCHITECTURES.items() if known.batch_norm_in_d])
def test_r1_is_refused_where_d_has_batch_norm(architecture, folder):
    config = recipe("studio").config(architecture=architecture, r1_gamma=2.0)
    with pytest.raises(UserError, match="batch norm"):
        config.check()
    with pytest.raises(UserError, match="batch norm"):
        Trainer(config, folder)
    healthy = Trainer(recipe("studio").config(architecture=architecture), folder)
    with pytest.raises(UserError, match="batch norm"):
        healthy.change("r1_gamma", 1.0)


def test_a_run_that_was_begun_with_r1_and_batch_norm_goes_on(tiny_data, folder):
    old = tiny.config(architecture="embedding", batch_size=8, r1_gamma=2.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.config.rules.RULES", [])
        list(Trainer(old.changed(epochs=1), folder).run())
    saved = folder.info().config
    assert saved == old.changed(epochs=1), "no value follows when a run is read"
    trainer = Trainer(saved.changed(epochs=2), folder, resume=True)
    trainer.change("g_lr", 1e-4)
    list(trainer.run())
    assert folder.images_seen() == 2 * tiny.COUNT


def test_options_that_nothing_asks_for_are_known_with_the_reason():
    unused = recipe("studio").config().unused()
    assert {"growth_end", "gp_weight", "image_size"} == unused.keys() & {
        *(
            "growth_end",
            "gp_weight",
            "image_size",
            "aux_classifier_weight",
            "r1_gamma",
            "label_smoothing",
            "augment",
            "g_lr",
        )
    }
    assert all(why.endswith(".") for why in unused.values())
    assert "growth_end" not in recipe("growing").config().unused()
    assert "gp_weight" not in recipe("studio").config(loss="wgan_gp").unused()
    assert {"aux_classifier_weight", "r1_gamma"} <= recipe("cgan-embedding").config().unused().keys()


@pytest.mark.parametrize("name", RECIPES)
def test_no_recipe_sets_an_option_that_it_does_not_use(name):
    at_home, own = (recipe(name).config(**other).unused().keys() for other in ({}, {"dataset": "pictures"}))
    assert not recipe(name).options.keys() & at_home & own, "what matters for a person's own pictures matters"


def test_the_command_line_names_what_it_ignores(tiny_data, tmp_path, capsys):
    small = [f"--set={name}={value}" for name, value in tiny.OPTIONS.items()]
    given = ["--set=growth_end=0.5", "--set=gp_weight=3", "--set=g_lr=0.001"]
    assert main(["train", "--run", str(tmp_path / "run"), *small, *given]) == 0
    said = capsys.readouterr().err
    assert "“growth_end” is ignored: Only networks that grow" in said and "“gp_weight” is ignored" in said
    assert "g_lr” is ignored" not in said


def test_a_config_takes_the_values_of_its_architecture():
    assert Config.of({"architecture": "progressive"}).g_lr == 2e-3
    assert Config.parse({"architecture": "progressive"}).g_lr == 4e-3, "what is read is taken as it is"
