"""What a person types for a knob, which knobs there are, and what is refused in a sentence."""

import pytest

from engine import i18n
from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.recipes import recipe
from engine.search import knobs, objectives, plan
from engine.search.knobs import Knob
from engine.search.records import Measure
from tests.engine import searching

STUDIO = recipe("studio").config()


@pytest.mark.parametrize(
    "typed, knob",
    [
        ("d_lr=1e-5..1e-2:log", Knob("d_lr", 1e-5, 1e-2, True)),
        ("d_lr=0,00001..0,01", Knob("d_lr", 1e-5, 1e-2, True)),
        ("d_lr = 0.001 .. 0.01 : linear", Knob("d_lr", 1e-3, 1e-2, False)),
        ("d_steps=1..4", Knob("d_steps", 1, 4)),
        ("g_beta1=0..0,9", Knob("g_beta1", 0.0, 0.9)),
        ("batch_size=1024..2048", Knob("batch_size", 1024, 2048, True)),
        ("r1_gamma=0..1", Knob("r1_gamma", 0.0, 1.0, False)),
        ("loss=hinge,wgan-gp", Knob("loss", choices=("hinge", "wgan_gp"))),
        ("loss=hinge, HINGE ,rpgan", Knob("loss", choices=("hinge", "rpgan"))),
        ("augment=none,translation,cutout", Knob("augment", choices=("none", "translation,cutout"))),
        ("spectral_norm", Knob("spectral_norm", choices=(False, True))),
        ("lr_decay_shape", Knob("lr_decay_shape", choices=("line", "cosine"))),
        ("d_lr", Knob("d_lr", 1e-5, 2e-2, True)),
        ("seed=0..9", Knob("seed", 0, 9)),
    ],
)
def test_what_is_typed_is_meant(typed, knob):
    assert knobs.parse([typed], STUDIO) == (knob,)
    assert knobs.parse([knob.typed], STUDIO) == (knob,)


@pytest.mark.parametrize(
    "typed, said",
    [
        ("d_lr=1e-2..1e-5", "is empty. Write the smaller number first"),
        ("d_lr=0.01..0.01", "is empty"),
        ("d_lr=0.01", "is no range"),
        ("d_lr=..1", "is no range"),
        ("d_lr=a..b", "cannot be “a”. Give a number from"),
        ("d_lr=1..2", "cannot be “1”. Give a number from 0.0000001 to 0.5"),
        ("d_steps=1..99", "cannot be “99”. Give a whole number from 1 to 20"),
        ("d_steps=1,5..3", "cannot be “1,5”"),
        ("r1_gamma=0..1:log", "cannot begin at 0"),
        ("d_lr=0.1..0.2:cubic", "is no scale"),
        ("dlr=1..2", "Did you mean d_lr?"),
        ("loss=hinge", "at least two choices"),
        ("loss=hinge,hing", "Did you mean hinge?"),
        ("spectral_norm=yes,no", "Choose one of: true, false."),
        ("epochs=1..4", "cannot be tuned"),
        ("dataset=digits,mnist", "cannot be tuned"),
        ("threads=1..4", "cannot be tuned"),
        ("seed", "needs a range"),
        ("gp_weight", "would change nothing: Only a critic"),
        ("growth_end=0.3..0.6", "would change nothing: Only networks that grow"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(typed, said):
    with pytest.raises(UserError) as caught:
        knobs.parse([typed], STUDIO)
    assert said in caught.value.whole


def test_a_knob_that_another_one_gives_effect_to_is_taken():
    assert [knob.name for knob in knobs.parse(["gp_weight", "loss=hinge,wgan_gp"], STUDIO)] == ["gp_weight", "loss"]


@pytest.mark.parametrize("typed, said", [([], "at least one"), (["d_lr", "d_lr=0.1..0.2"], "tuned twice")])
def test_no_knob_and_one_knob_twice_are_refused(typed, said):
    with pytest.raises(UserError, match=said):
        knobs.parse(typed, STUDIO)


@pytest.mark.parametrize("option", [each for each in OPTIONS.values() if each.tune], ids=lambda each: each.name)
def test_every_declared_range_can_be_searched(option):
    knob = knobs.declared(option)
    if not knob.choices:
        assert option.minimum <= knob.low < knob.high <= option.maximum and (knob.low > 0 or not knob.log)
    for value in knob.grid():
        Config.parse({option.name: value})
        assert knob.holds(value) and 0 <= knob.position(value) <= 1 and knobs.told(option.name, value)
    assert 2 <= len(knob.grid()) <= max(5, len(knob.choices))


def test_what_is_offered_follows_architecture_loss_and_data():
    names = {knob.name for knob in knobs.offered(STUDIO)}
    assert {"d_lr", "g_lr", "d_steps", "r1_gamma", "loss", "ema_halflife_kimg"} <= names
    assert not names & {"gp_weight", "growth_end", "seed", "epochs", "threads"}
    critic = {knob.name for knob in knobs.offered(STUDIO.adapted(loss="wgan_gp"))}
    assert "gp_weight" in critic and "label_smoothing" not in critic
    assert "growth_end" in {knob.name for knob in knobs.offered(recipe("growing").config())}


def test_values_are_told_shortly_in_either_language():
    assert knobs.told("d_lr", 1.3706974e-05) == "0.0000137" and knobs.told("spectral_norm", True) == "on"
    assert knobs.told("loss", "hinge") == "hinge"
    i18n.set_language("es")
    assert knobs.told("d_lr", 0.00123456) == "0,00123"


# --- objectives and plans


def measures(*pairs):
    return [Measure(images / 1000, images, 1.0, frechet, 1.0, 0.5, 0.25) for images, frechet in pairs]


def test_what_a_trial_is_worth():
    course = measures((250, 400.0), (500, 100.0), (1000, 25.0))
    assert objectives.value_of("frechet", 0.0, course) == 25.0
    assert objectives.value_of("variety", 0.0, course) == 0.25
    assert objectives.value_of("images", 50.0, course) == 750.0  # half of the way down, by orders of magnitude
    assert objectives.value_of("images", 5.0, course) == 5000.0  # not reached: five times too far away
    assert objectives.value_of("images", 500.0, course[:1]) == 250.0
    assert objectives.is_reached("images", 25.0, course[-1]) and not objectives.is_reached("frechet", 99.0, course[-1])


@pytest.mark.parametrize("typed, said", [("loss", "no objective"), ("images", "images:20"), ("frechet:3", "no goal")])
def test_an_objective_that_is_none(typed, said):
    with pytest.raises(UserError, match=said):
        objectives.parse(typed)
    assert objectives.parse("images:12,5") == ("images", 12.5)


def test_a_plan_is_the_same_after_its_json():
    whole = searching.plan("d_lr", "loss=hinge,wgan_gp", "gp_weight", goal="images:20", sampler="random")
    again = plan.from_json(whole.to_json()).on_this_machine(whole.config)
    assert again == whole and again.name == whole.name and not whole.difference(again)
    assert "d_lr" in whole.name


def test_what_differs_between_two_searches_is_named():
    one, other = searching.plan("d_lr"), searching.plan("d_lr", "g_lr", images=160, values={"d_steps": 2})
    assert one.difference(other) == "d_steps, knobs, images" and one.name != other.name
    assert not one.difference(searching.plan("d_lr", values={"threads": 2, "data_root": "/tmp"}, sampler="random"))


def test_another_version_s_plan_and_a_damaged_one_are_refused(monkeypatch):
    text = searching.plan().to_json()
    for bad, said in [("", "no search of Duelo"), ("{}", "no search"), (text[:-9], "no search"),
                      (text.replace('"looks": 2', '"looks": 0'), "damaged"), (text.replace("frechet", "x"), "damaged"),
                      (text.replace('"images": 80', '"images": []'), "damaged")]:  # fmt: skip
        with pytest.raises(UserError, match=said):
            plan.from_json(bad)
    monkeypatch.setattr(plan, "__version__", "99")
    with pytest.raises(UserError, match=r"begun by Duelo .*, and this is 99"):
        plan.from_json(text)


def test_a_trial_is_as_long_as_planned_and_its_options_are_whole():
    whole = searching.plan("d_lr", "loss=hinge,wgan_gp", "gp_weight")
    config = whole.training_of({"d_lr": 0.01, "loss": "wgan_gp", "gp_weight": 3.0})
    assert (config.total_images, config.eval_time_percent, config.r1_gamma, config.gp_weight) == (80, 0, 0, 3.0)
    assert whole.options_of({"loss": "hinge"}).total_images == 0
    with pytest.raises(UserError, match="no such target"):
        searching.plan("loss=hinge,nonsaturating", values={"label_smoothing": 0.2}).options_of({"loss": "hinge"})


def test_a_grid_tries_every_value_of_a_few_whole_ones():
    assert Knob("d_steps", 1, 5, log=True).grid() == [1, 2, 3, 4, 5]
