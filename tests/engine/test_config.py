import pytest

from engine.config import GROUP_TITLES, OPTIONS, Config, option, parse_assignments, parse_classes
from engine.errors import UserError
from engine.i18n import number, set_language
from engine.numbers import typeable
from engine.recipes import RECIPES, recipe
from engine.recipes.entry import Recipe


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_is_fully_declared(name):
    spec = option(name)
    assert spec.label and spec.help.endswith(".")
    assert spec.group in {*GROUP_TITLES, "hidden"}
    if spec.kind in (int, float):
        assert spec.minimum is not None and spec.maximum is not None
        assert spec.minimum <= spec.default <= spec.maximum
    if spec.choices:
        assert spec.default in spec.choices
    if spec.live:
        assert spec.kind in (int, float)


@pytest.mark.parametrize("name", [name for name, spec in OPTIONS.items() if spec.minimum is not None])
@pytest.mark.parametrize("offset", [-1, 1, "nan", "text"])
def test_a_value_out_of_range_is_refused_with_the_range(name, offset):
    spec = OPTIONS[name]
    value = offset if isinstance(offset, str) else (spec.minimum if offset < 0 else spec.maximum) + offset
    with pytest.raises(UserError) as caught:
        Config.parse({name: value})
    assert name in caught.value.message
    assert typeable(spec.maximum, whole=spec.kind is int) in caught.value.hint


def test_classes_keep_the_order_of_the_data_however_they_are_given():
    given = [
        Config.parse({"classes": [8, 3, 3]}),
        recipe("studio").config(classes=(8, 3)),
        Config().changed(classes=(8, 3)),
    ]
    given.append(Config.parse(parse_assignments(["classes=8,3"])))
    assert [config.classes for config in given] == [(3, 8)] * 4


def test_limits_are_written_as_plain_numbers_in_the_language():
    assert [number(value) for value in (1e-7, 0.5, 1e12, 0)] == ["0.0000001", "0.5", "1,000,000,000,000", "0"]
    set_language("es")
    assert number(15040.5) == "15\N{NO-BREAK SPACE}040,5"


def test_an_unknown_option_is_refused_with_the_nearest_name():
    with pytest.raises(UserError, match="g_lr"):
        Config.parse({"g_lrr": 1})
    with pytest.raises(UserError, match="batch_size"):
        parse_assignments(["batchsize=3"])


def test_a_value_that_is_empty_is_seen_in_its_refusal():
    with pytest.raises(UserError, match=r"Device \(device\) cannot be “”\. Choose one of: auto, cpu, cuda, mps\."):
        Config.parse({"device": ""})


def test_an_unknown_choice_is_refused_with_the_choices():
    with pytest.raises(UserError, match="auto, cpu, cuda, mps"):
        Config.parse({"device": "tpu"})


def test_assignments_become_typed_values():
    values = parse_assignments(["g_lr=0.001", " epochs = 7 "])
    assert Config.parse(values).g_lr == 0.001
    assert Config.parse(values).epochs == 7
    with pytest.raises(UserError, match="option=value"):
        parse_assignments(["epochs"])


def test_classes_are_read_sorted_and_once():
    assert parse_classes("8, 3,3") == (3, 8)
    with pytest.raises(UserError):
        parse_classes("3,x")


def test_a_change_makes_a_new_config_and_is_checked():
    before = Config()
    assert before.changed(epochs=3).epochs == 3
    assert before.epochs != 3
    with pytest.raises(UserError):
        before.changed(epochs=0)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_valid_and_explained(name):
    found = recipe(name)
    assert found.config().recipe == name
    assert found.title and found.summary and found.expect


def test_an_unknown_recipe_is_refused_with_the_names():
    with pytest.raises(UserError, match="studio"):
        recipe("studoi")


def test_a_config_survives_json():
    config = recipe("studio").config(classes=(3, 8), g_lr=0.1)
    assert Config.parse(config.model_dump(mode="json")) == config


@pytest.mark.parametrize(
    ("name", "pictures", "epochs", "every"),
    [
        ("studio", 200, 600, 25),  # as many images as 24 epochs of the 5,000 digits
        ("studio", 5_000, 24, 1),
        ("studio", 20_000, 24, 1),  # never fewer epochs than the recipe has
        ("dcgan-3-8", 1_000, 600, 12),  # two of ten classes
        ("fail-memory", 200, 1500, 1),  # which takes 40 images of any data
    ],
)
def test_a_recipe_knows_its_length_on_other_data(name, pictures, epochs, every):
    length = recipe(name).length_on(pictures)
    assert length == {"epochs": epochs, "sample_every": every, "checkpoint_every": every}
    assert recipe(name).config(**length).epochs == epochs


def test_a_length_that_was_chosen_keeps_the_number_of_samples():
    assert recipe("studio").length_on(200, 240) == {"epochs": 240, "sample_every": 10, "checkpoint_every": 10}
    assert recipe("studio").length_on(1)["epochs"] == 100_000


def test_what_a_person_gives_last_counts():
    config = Config(total_images=1500, epochs=24)
    assert config.overruled() == {"epochs": "total_images"}
    longer = config.given(epochs=7)
    assert (longer.epochs, longer.total_images, longer.overruled()) == (7, 0, {})
    both = config.given(epochs=7, total_images=80)
    assert (both.epochs, both.total_images) == (7, 80)
    assert config.given(batch_size=16).total_images == 1500
    with pytest.raises(UserError, match="epoch"):
        config.given(epoch=7)


def test_epochs_count_on_top_of_a_recipe_of_so_many_images():
    own = Recipe("own", "Own", "Short.", "Fast.", 100.0, {"total_images": 1500})
    assert own.config().total_images == 1500
    assert own.config(epochs=3).total_images == 0
