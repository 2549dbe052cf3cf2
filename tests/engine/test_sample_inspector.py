import copy
import dataclasses

import numpy as np
import pytest
import torch

from engine.architectures import ARCHITECTURES, networks
from engine.architectures.levels import levels
from engine.architectures.output import DiscriminatorOutput
from engine.config import OPTIONS, Config
from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.evaluation.sample_inspector import UPDATE_STEPS, SampleInspector
from engine.losses import LOSSES
from engine.trainer import Trainer
from engine.training.realism import RealismScorer
from tests import tiny
from tests.engine.inspected import Z, color, config, examiner, players

pytestmark = pytest.mark.usefixtures("plain_kernels")

ARCHITECTURE_NAMES = sorted(ARCHITECTURES)
LOSS_NAMES = OPTIONS["loss"].choices
EACH = 2 * max(len(ARCHITECTURE_NAMES), len(LOSS_NAMES))  # more than once, and never the same pair
PAIRS = [(ARCHITECTURE_NAMES[k % len(ARCHITECTURE_NAMES)], LOSS_NAMES[k % len(LOSS_NAMES)]) for k in range(EACH)]
RANGE_OF_OUTPUT = {"sigmoid": "0..1", "tanh": "-1..1", "none": "-1..1"}


def unlabeled(data):
    return ImageData(data.images, np.full(len(data.labels), -1), ())


def label_for(options, data):
    return 3 if options.asked_classes(data.class_names) else -1


def check(found, data):
    """Whatever is examined, what is found has the promised shapes and ranges."""
    shape = (8, 8) if data.facts.channels == 1 else (8, 8, 3)
    for image in (found.image, found.neighbor, *(push.image for push in found.updates)):
        assert image.shape == shape and image.dtype == np.uint8
    assert found.saliency.shape == (8, 8) and found.saliency.dtype == np.float32
    assert np.isfinite(found.saliency).all() and np.abs(found.saliency).max() <= 1
    assert tuple(push.steps for push in found.updates) == UPDATE_STEPS
    assert all(0 <= verdict <= 1 for verdict in (found.verdict, *(push.verdict for push in found.updates)))
    assert 0 <= found.neighbor_distance <= 1 and 0 < found.usual_distance <= 1
    assert np.array_equal(found.neighbor.ravel(), np.moveaxis(data.images[found.neighbor_index], 0, -1).ravel())
    assert found.neighbor_label == data.labels[found.neighbor_index]


class TestContract:
    @pytest.mark.parametrize(("architecture", "loss"), sorted(set(PAIRS)))
    def test_every_architecture_is_examined_and_so_is_every_loss(self, architecture, loss):
        options = config(architecture=architecture, loss=loss, gp_weight=0, spectral_norm=loss in ("hinge", "rpgan"))
        before = torch.get_rng_state()
        made = SampleInspector(options, tiny.data().facts, tiny.data())
        assert torch.equal(before, torch.get_rng_state())  # chance in the training is left alone
        made.load(*players(options, tiny.data().facts))
        before = torch.get_rng_state()
        label = label_for(options, tiny.data())
        found = made.inspect(Z[0], label)
        check(found, tiny.data())
        assert found.label == label and np.abs(found.saliency).max() == 1
        assert torch.equal(before, torch.get_rng_state())

    @pytest.mark.parametrize("architecture", ARCHITECTURE_NAMES)
    @pytest.mark.parametrize("change", [color, unlabeled])
    def test_colors_and_pictures_without_labels(self, architecture, change):
        data = change(tiny.data())
        options = config(architecture=architecture, loss="rpgan", dataset="folder")
        found = examiner(options, data).inspect(Z[0], label_for(options, data))
        check(found, data)
        assert found.reading is None

    @pytest.mark.parametrize(("output", "data_range"), RANGE_OF_OUTPUT.items())
    def test_every_output_and_range(self, output, data_range):
        check(examiner(output=output, data_range=data_range).inspect(Z[0], 3), tiny.data())

    @pytest.mark.parametrize("level", [0.0, 0.5])
    def test_networks_that_still_grow(self, level):
        options, data = config(architecture="progressive"), tiny.data()
        assert len(levels(8)) == 2
        generator, discriminator = players(options, data.facts)
        for arrays in (generator, discriminator):
            arrays["level.value"] = np.float32(level)
        made = SampleInspector(options, data.facts, data)
        made.load(generator, discriminator)
        check(made.inspect(Z[0], 3), data)

    def test_the_same_question_has_the_same_answer_bit_by_bit(self):
        made = examiner(architecture="dcgan-tutorial", d_dropout=0.5)
        first = made.inspect(Z[0], -1)
        made.inspect(Z[1], -1)
        for other in (made.inspect(Z[0], -1), examiner(architecture="dcgan-tutorial", d_dropout=0.5).inspect(Z[0], -1)):
            for name, value in dataclasses.asdict(first).items():
                assert str(value) == str(dataclasses.asdict(other)[name]), name

    def test_arrays_given_are_not_changed(self):
        arrays = players(config(), tiny.data().facts)
        before = copy.deepcopy(arrays)
        made = SampleInspector(config(), tiny.data().facts, tiny.data())
        made.load(*arrays)
        made.inspect(Z[0], 3)
        for mine, old in zip(arrays, before, strict=True):
            assert all(np.array_equal(mine[name], old[name]) for name in old)

    def test_it_may_be_asked_where_gradients_are_off(self):
        with torch.no_grad():
            found = examiner().inspect(Z[0], 3)
        assert found.saliency.any()


class TestTrouble:
    def test_weights_that_are_no_numbers_are_a_sentence_and_the_old_players_stay(self):
        made = examiner()
        first = made.inspect(Z[0], 3)
        for spoiled in (0, 1):
            arrays = players(config(), tiny.data().facts, seed=1)
            next(iter(arrays[spoiled].values()))[...] = np.nan
            with pytest.raises(UserError, match="no numbers"):
                made.load(*arrays)
        assert np.array_equal(made.inspect(Z[0], 3).image, first.image)

    def test_weights_of_other_networks_are_a_sentence(self):
        generator, discriminator = players(config(), tiny.data().facts)
        made = SampleInspector(config(), tiny.data().facts, None)
        for pair in ((discriminator, generator), ({}, discriminator), (generator, {"w": np.zeros(3)})):
            with pytest.raises(UserError, match="does not fit"):
                made.load(*pair)

    @pytest.mark.parametrize("size", [1e19, 3e38])
    @pytest.mark.parametrize("loss", ["nonsaturating", "lsgan", "rpgan"])
    def test_weights_that_overflow_do_no_harm(self, size, loss):
        options = config(loss=loss)
        made = SampleInspector(options, tiny.data().facts, tiny.data())
        arrays = players(options, tiny.data().facts)
        for player in arrays:
            for array in player.values():
                array[...] = size if array.ndim > 1 else array
        made.load(*arrays)
        check(made.inspect(Z[0], 3), tiny.data())

    @pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
    def test_a_z_that_is_no_number_does_no_harm(self, value):
        check(examiner().inspect(np.full(4, value, np.float32), 3), tiny.data())

    @pytest.mark.parametrize("label", [-1, 10, 10**6])
    def test_a_label_that_nobody_can_ask_for_is_a_sentence(self, label):
        with pytest.raises(UserError, match="another generator"):
            examiner().inspect(Z[0], label)
        with pytest.raises(UserError, match="another generator"):
            examiner(architecture="mlp").inspect(Z[0], 3)

    @pytest.mark.parametrize("shape", [(3,), (5,), (1, 4), ()])
    def test_a_z_of_another_size_is_a_sentence(self, shape):
        with pytest.raises(UserError, match="another generator"):
            examiner().inspect(np.zeros(shape, np.float32), 3)

    def test_other_images_are_a_sentence(self):
        data = tiny.data()
        with pytest.raises(UserError, match="not the one"):
            SampleInspector(config(), data.facts, ImageData(data.images[:9], data.labels[:9], data.class_names))

    def test_without_images_the_rest_is_told(self):
        facts = tiny.data().facts
        for loss in OPTIONS["loss"].choices:
            made = SampleInspector(config(loss=loss), facts, None)
            made.load(*players(config(loss=loss), facts))
            found = made.inspect(Z[0], 3)
            assert found.neighbor is found.neighbor_index is found.usual_distance is found.neighbor_distance is None
            assert found.reading is not None and found.saliency.any()
            assert (found.verdict is None) == (found.updates[0].verdict is None) == LOSSES[loss].compares


class TestVerdict:
    @pytest.mark.parametrize("loss", OPTIONS["loss"].choices)
    def test_it_is_the_probability_that_the_curves_show(self, loss):
        options, data = config(loss=loss, architecture="mlp", data_range="-1..1"), tiny.data()
        torch.manual_seed(0)
        discriminator = networks.build_discriminator(options, data.facts).eval()
        images, labels = torch.rand(7, 1, 8, 8), np.full(7, -1)
        with torch.no_grad():
            real = discriminator(torch.tensor(data.images).float() / 127.5 - 1, torch.tensor(data.labels)).logits
            fake = discriminator(images, torch.tensor(labels)).logits
            wanted = torch.stack([LOSSES[loss].formulas.verdicts(real, one.expand(80))[1].mean() for one in fake])
        found = RealismScorer(options, data).of(discriminator, images, labels)
        assert found.dtype == np.float32 and np.allclose(found, wanted, atol=1e-4)
        depends = not torch.allclose(*(LOSSES[loss].formulas.verdicts(real + shift, real)[1] for shift in (0, 1)))
        assert depends == LOSSES[loss].compares

    def test_a_d_that_only_compares_compares_within_the_class(self):
        options, data = config(loss="rpgan", d_channels=8), tiny.data()

        class ByLabel(torch.nn.Linear):
            """Gives to each class another zero point, which training on pairs of one class never levels out."""

            def forward(self, images, labels):
                return DiscriminatorOutput(100.0 * labels + images.mean((1, 2, 3)), None)

        images = torch.tensor(data.images[::8]).float() / 127.5 - 1
        found = RealismScorer(options, data).of(ByLabel(1, 1), images, data.labels[::8])
        assert ((found > 0.4) & (found < 0.6)).all()

    def test_d_stays_as_it_was(self):
        options = config(spectral_norm=True, d_dropout=0.5, architecture="embedding")
        torch.manual_seed(0)
        discriminator = networks.build_discriminator(options, tiny.data().facts).train()
        images, labels = torch.rand(7, 1, 8, 8), np.arange(7)
        discriminator(images, torch.from_numpy(labels)).logits.sum().backward()
        before, random = copy.deepcopy(discriminator.state_dict()), torch.get_rng_state()
        gradients = [parameter.grad.clone() for parameter in discriminator.parameters()]
        RealismScorer(options, None).of(discriminator, images, labels)
        assert all(module.training for module in discriminator.modules())
        assert all(torch.equal(before[name], tensor) for name, tensor in discriminator.state_dict().items())
        assert all(torch.equal(g, p.grad) for g, p in zip(gradients, discriminator.parameters(), strict=True))
        assert torch.equal(random, torch.get_rng_state())

    def test_what_is_not_a_number_is_undecided(self):
        for loss in OPTIONS["loss"].choices:
            opinion = RealismScorer(config(loss=loss), tiny.data())
            measured = torch.full((80,), torch.inf)
            logits = torch.tensor([torch.nan, torch.inf])
            told = opinion.from_logits(logits, torch.tensor([3, 3]), measured)
            assert told[0] == 0.5 and 0 <= told[1] <= 1

    def test_many_pictures_are_judged_as_few(self):
        options, data = config(loss="wgan_gp"), tiny.data()
        discriminator = networks.build_discriminator(options, data.facts)
        opinion, images, labels = RealismScorer(options, data), torch.rand(300, 1, 8, 8), np.arange(300) % 10
        all_at_once = opinion.of(discriminator, images, labels)
        assert np.allclose(all_at_once[290:], opinion.of(discriminator, images[290:], labels[290:]), atol=1e-4)


@pytest.mark.parametrize("architecture", ["mlp", "pixelshuffle", "multiscale"])
@pytest.mark.parametrize("change", [lambda data: data, color])
def test_the_heat_is_what_finite_differences_say(architecture, change):
    data = change(tiny.data())
    options = config(architecture=architecture, data_range="-1..1")
    made = examiner(options, data)
    label = label_for(options, data)
    found = made.inspect(Z[0], label)
    arrays = players(options, data.facts)
    generator = networks.build_generator(options, data.facts)
    discriminator = networks.build_discriminator(options, data.facts)
    for network, state in zip((generator, discriminator), arrays, strict=True):
        network.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
        network.eval().double()
    labels = torch.full((64,), label)
    with torch.no_grad():
        picture = generator(torch.tensor(Z[:1]).double(), labels[:1])
        step = 1e-4 * torch.eye(64, dtype=torch.float64).view(64, 1, 8, 8)  # one pixel brighter, in every color
        up, down = (discriminator(picture + sign * step, labels).logits for sign in (1, -1))
    slope = ((up - down) / 2e-4).view(8, 8).numpy()
    assert np.allclose(found.saliency, slope / np.abs(slope).max(), atol=2e-3)


class TestPushes:
    def test_they_raise_the_verdict_of_a_player_that_has_learned(self, tiny_data, folder):
        options = tiny.config(epochs=3)
        list(Trainer(options, folder).run())
        made = SampleInspector(options, tiny.data().facts, None)
        made.load(folder.generator(3), folder.discriminator(3))
        for label in (0, 3, 7):
            found = made.inspect(Z[label % 6], label)
            verdicts = [found.verdict, *(push.verdict for push in found.updates)]
            assert verdicts == sorted(verdicts) and verdicts[-1] > verdicts[0] + 0.001
            assert not np.array_equal(found.image, found.updates[-1].image)

    def test_each_is_a_step_of_adam_on_this_picture_alone(self):
        options, facts = config(g_lr=0.05, g_beta1=0.5), tiny.data().facts
        pair = networks.build_generator(options, facts), networks.build_discriminator(options, facts)
        for network, state in zip(pair, players(options, facts), strict=True):
            network.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
        generator, discriminator = (network.eval() for network in pair)
        adam = torch.optim.Adam(generator.parameters(), 0.05 / 32, (0.5, options.g_beta2))
        z, label, wanted = torch.tensor(Z[:1]), torch.tensor([3]), {}
        for step in range(1, UPDATE_STEPS[-1] + 1):
            adam.zero_grad()
            (-discriminator(generator(z, label), label).logits.sigmoid().log()).sum().backward()
            adam.step()
            wanted[step] = generator(z, label)[0, 0].detach().numpy() * 127.5 + 127.5
        for push in examiner(options).inspect(Z[0], 3).updates:
            assert np.abs(push.image - wanted[push.steps]).max() < 2

    def test_they_are_steps_of_the_runs_own_optimizer(self):
        slow, fast = (examiner(g_lr=rate).inspect(Z[0], 3) for rate in (1e-7, 0.05))
        assert np.array_equal(slow.image, slow.updates[0].image)
        assert not np.array_equal(fast.image, fast.updates[0].image)

    def test_the_tile_of_the_grid_is_examined_as_it_was_judged(self, tiny_data, folder):
        options = tiny.config(epochs=2, loss="rpgan")
        list(Trainer(options, folder).run())
        made = SampleInspector(options, tiny.data().facts, tiny.data())
        noise = folder.noise()
        for epoch, verdicts in folder.verdicts().items():
            made.load(folder.generator(epoch), folder.discriminator(epoch))
            for tile in (0, 7, 19):
                found = made.inspect(noise["z"][tile], int(noise["labels"][tile]))
                assert found.verdict == pytest.approx(verdicts[tile], abs=1e-4)
                row, column = divmod(tile, 10)
                grid = folder.read_samples(epoch)
                shown = grid[10 * row : 10 * row + 8, 10 * column : 10 * column + 8].astype(int)
                assert np.abs(shown - found.image).max() <= 1


def test_a_config_whose_networks_cannot_be_is_a_sentence():
    facts = dataclasses.replace(tiny.data().facts, size=30)
    with pytest.raises(UserError, match="30×30"):
        SampleInspector(Config.parse({}), facts, None)
