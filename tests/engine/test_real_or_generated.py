"""Beat the discriminator, asking it, truncation in numbers: players whose answers are known beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.architectures import networks
from engine.errors import UserError
from engine.evaluation import real_or_generated
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.evaluation.reader import Reader
from engine.job import result_of
from engine.latent import truncation
from engine.latent.generator_session import GeneratorSession
from engine.pictures import as_pictures
from engine.runs import RunFolder
from tests import tiny

CONFIG = tiny.config()
FACTS = tiny.data().facts


def loaded(kind, config=CONFIG, data=None):
    torch.manual_seed(0)
    build = networks.build_generator if kind is GeneratorSession else networks.build_discriminator
    session = kind(config, FACTS) if kind is GeneratorSession else kind(config, FACTS, data)
    session.load({name: tensor.numpy() for name, tensor in build(config, FACTS).state_dict().items()})
    return session


@pytest.mark.parametrize(("data_range", "low"), [("-1..1", -1), ("0..1", 0)])
def test_d_is_asked_of_pictures_in_the_range_of_the_data(data_range, low):
    session = loaded(DiscriminatorSession, tiny.config(data_range=data_range))
    pictures, labels = as_pictures(tiny.data().images)[:5], tiny.data().labels[:5]
    pixels = torch.tensor(pictures / 255 * (1 - low) + low, dtype=torch.float32)[:, None]
    expected = torch.sigmoid(session.network(pixels, torch.tensor(labels)).logits.flatten())
    assert session.ask(pictures, labels) == pytest.approx(expected.numpy(), abs=1e-5)


@pytest.mark.parametrize("loss", ["nonsaturating", "rpgan"])
def test_a_d_that_only_compares_cannot_tell_without_real_images_and_else_compares_with_those_of_the_class(loss):
    data, compares = tiny.data(), loss == "rpgan"
    config = tiny.config(loss=loss)
    alone, session = loaded(DiscriminatorSession, config), loaded(DiscriminatorSession, config, data)
    assert alone.can_tell != compares and session.can_tell
    pictures, labels = as_pictures(data.images)[:20], data.labels[:20]
    pixels = [torch.tensor(images / 127.5 - 1, dtype=torch.float32) for images in (pictures[:, None], data.images)]
    of_ours = session.network(pixels[0], torch.tensor(labels)).logits.flatten()
    of_real = session.network(pixels[1], torch.tensor(data.labels)).logits.flatten()
    for told, label, logit in zip(session.ask(pictures, labels), labels, of_ours, strict=True):
        others = of_real[torch.tensor(data.labels == label)] if compares else torch.zeros(1)
        assert told == pytest.approx(float(torch.sigmoid(logit - others).mean()), abs=1e-5)
    assert (alone.ask(pictures, labels) is None) == compares


class TestDeal:
    def test_half_of_the_pictures_are_real_and_classes_tell_nothing(self):
        session = loaded(GeneratorSession)
        dealt = real_or_generated.deal(session, tiny.data(), seed=1)
        assert dealt.pictures.shape == (20, 8, 8) and dealt.is_real.sum() == 10
        real = as_pictures(tiny.data().images)
        found = (dealt.pictures[:, None] == real).all((2, 3))
        assert np.array_equal(found.any(1), dealt.is_real)
        labels = tiny.data().labels[found[dealt.is_real].argmax(1)]
        assert np.array_equal(dealt.labels[dealt.is_real], labels)
        assert sorted(dealt.labels[dealt.is_real]) == sorted(dealt.labels[~dealt.is_real])

    def test_order_and_pictures_differ_from_round_to_round(self):
        session = loaded(GeneratorSession)
        one, same, other = (real_or_generated.deal(session, tiny.data(), seed) for seed in (1, 1, 2))
        assert np.array_equal(one.pictures, same.pictures)
        assert not np.array_equal(one.is_real, other.is_real)
        assert not np.array_equal(one.is_real, np.sort(one.is_real))

    def test_a_round_is_kept_with_what_d_made_of_the_same_pictures(self, tmp_path):
        dealt = real_or_generated.deal(loaded(GeneratorSession), tiny.data(), seed=1)
        answers = list(dealt.is_real)
        answers[3] = not answers[3]
        of_d = ~dealt.is_real
        of_d[:5] = dealt.is_real[:5]
        done = real_or_generated.played(dealt, answers, of_d, "Ada", 7, 31.5)
        assert (done.name, done.epoch, done.count, done.right, done.d_right, done.seconds) == (
            "Ada",
            7,
            20,
            19,
            5,
            31.5,
        )
        run = RunFolder(tmp_path)
        run.add_round(done)
        run.add_round(replace(done, name="Grace", right=20))
        assert [each.name for each in run.rounds()] == ["Ada", "Grace"]
        assert run.rounds()[0] == done


class TestAsking:
    def test_d_answers_as_the_network_does_also_for_many_at_once(self):
        opponent = loaded(DiscriminatorSession)
        pictures = np.resize(as_pictures(tiny.data().images), (600, 8, 8))
        labels = np.resize(tiny.data().labels, 600)
        verdicts = opponent.ask(pictures, labels)
        with torch.no_grad():
            pixels = torch.tensor(pictures[:, None]).float() / 127.5 - 1
            expected = opponent.network(pixels, torch.tensor(labels)).logits.sigmoid().numpy()
        assert verdicts == pytest.approx(expected, abs=1e-5)
        dealt = replace(
            real_or_generated.deal(loaded(GeneratorSession), tiny.data(), 0), pictures=pictures, labels=labels
        )
        assert np.array_equal(real_or_generated.guesses(dealt, opponent), verdicts >= 0.5)

    def test_a_drawn_picture_gets_a_verdict_and_a_map(self):
        opponent, picture = loaded(DiscriminatorSession), as_pictures(tiny.data().images)[3]
        verdict, saliency = opponent.explain(picture, 4)
        assert verdict == pytest.approx(float(opponent.ask(picture[None], np.array([4]))[0]))
        assert saliency.shape == (8, 8) and np.abs(saliency).max() == 1
        logit = lambda image: opponent.network(image, torch.tensor([4])).logits  # noqa: E731
        pixels = torch.tensor(picture[None, None]).float() / 127.5 - 1
        y, x = np.unravel_index(np.abs(saliency).argmax(), (8, 8))
        moved = pixels.clone()
        moved[0, 0, y, x] += 0.01
        assert np.sign(float(logit(moved) - logit(pixels))) == np.sign(saliency[y, x])

    def test_who_only_compares_cannot_tell_without_real_images(self):
        config = tiny.config(loss="rpgan")
        opponent = loaded(DiscriminatorSession, config)
        assert not opponent.can_tell
        assert opponent.ask(as_pictures(tiny.data().images), tiny.data().labels) is None
        assert opponent.explain(as_pictures(tiny.data().images)[0], 0)[0] is None
        dealt = real_or_generated.deal(loaded(GeneratorSession), tiny.data(), 0)
        with pytest.raises(UserError, match="only compares"):
            real_or_generated.guesses(dealt, opponent)
        assert loaded(DiscriminatorSession, config, tiny.data()).ask(dealt.pictures, dealt.labels) is not None

    def test_weights_of_another_network_are_refused_and_the_old_ones_stay(self):
        opponent, pictures = loaded(DiscriminatorSession), as_pictures(tiny.data().images)
        before = opponent.ask(pictures, tiny.data().labels)
        with pytest.raises(UserError):
            opponent.load({"verdict.weight": np.zeros((1, 1), np.float32)})
        assert np.array_equal(opponent.ask(pictures, tiny.data().labels), before)


def test_truncation_is_told_in_numbers(monkeypatch):
    """A generator that draws a real image near zero and noise far away: fidelity falls with ψ, variety grows."""
    real = as_pictures(tiny.data().images)

    class Nearest:
        z_dim, class_count = 4, 10

        def render(self, z, labels):
            near = np.abs(z).max(1) < 0.6
            noise = np.random.default_rng(0).integers(0, 256, (len(z), 8, 8), dtype=np.uint8)
            pool = np.where((np.arange(len(z)) % 8 == 0)[:, None, None], real[labels * 8], real[labels * 8 + 1])
            return np.where(near[:, None, None], pool, noise)

    class Pixels(Reader):
        def features(self, images):
            return images.reshape(len(images), -1).astype(np.float32) / 255

        def read(self, images):
            return np.resize(np.arange(10), len(images)), np.ones(len(images), np.float32)

    job = truncation.effects(Nearest(), Pixels(CONFIG, FACTS), tiny.data(), psis=(0.1, 0.5, 1.0))
    low, middle, high = result_of(job)
    assert [each.psi for each in (low, middle, high)] == [0.1, 0.5, 1.0]
    assert low.fidelity == 1 and low.fidelity > middle.fidelity > high.fidelity
    assert low.read_as_asked == 1
    assert 0 < low.variety <= 1
