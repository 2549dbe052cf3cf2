"""Points in latent space: how typical they are, calculating with them, ways through several, labels that blend."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import special

from engine.architectures import ARCHITECTURES, networks
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.latent import arithmetic, interpolation, labels, point_text, typicality
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z

DIGITS = DatasetInfo(100, tuple("0123456789"), 1, 8)
NO_CLASS = "This z asks for class number 12, which the run that is shown does not have."
CONDITIONAL = [name for name, architecture in ARCHITECTURES.items() if architecture.is_conditional]


def chi_quantile(share, z_dim):
    """Half the square of what follows the chi distribution follows the gamma distribution of half its degrees."""
    return np.sqrt(2 * special.gammaincinv(z_dim / 2, share))


def chi_hill(lengths, z_dim):
    """The density of the chi distribution as a share of what it is at its top."""
    top = np.sqrt(z_dim - 1)
    return np.exp((z_dim - 1) * np.log(lengths / top) - (np.square(lengths) - top**2) / 2)


class TestTypicality:
    @pytest.mark.parametrize("z_dim", [2, 3, 64, 100, 1024])
    @pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.9, 0.9999])
    def test_the_quantile_is_that_of_the_chi_distribution(self, z_dim, share):
        z = np.zeros(z_dim, np.float32)
        z[0] = chi_quantile(share, z_dim)
        assert typicality.typicality(z).quantile == pytest.approx(share, abs=1e-5)

    def test_nothing_and_far_too_much_are_the_ends(self):
        assert typicality.typicality(np.zeros(64, np.float32)).quantile == 0
        assert typicality.typicality(np.full(64, 100, np.float32)).quantile == 1

    def test_words_follow_the_number(self):
        z = random_z(1, 64, seed=0)[0]
        usual = typicality.with_usual_length(z)
        assert np.linalg.norm(usual) == pytest.approx(8)
        said = [typicality.describe(typicality.typicality(each)) for each in (usual, usual / 2, usual * 2)]
        assert [text.split(":")[0] for text in said] == [
            "Typical", "Too near to zero", "Too far from zero"
        ]  # fmt: skip
        assert "|z| is 16.0, usual is √n = 8.00" in said[2]

    @pytest.mark.parametrize(
        ("length", "told"),
        [(0, "0.00"), (0.5, "0.50"), (7.9, "7.90"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"), (128, "128")],
    )
    def test_lengths_are_told_in_three_digits_so_that_the_sentence_does_not_jump(self, length, told):
        found = typicality.typicality(np.float32([length, *[0] * 63]))
        assert f"|z| is {told}, usual is √n = 8.00." in typicality.describe(found)

    def test_truncation_leaves_the_share_asked_for_of_the_way_to_the_center(self):
        z, center = random_z(3, 8, seed=1), random_z(1, 8, seed=2)[0]
        assert np.allclose(typicality.truncated(z, 0.7), 0.7 * z)
        assert np.allclose(typicality.truncated(z, 0.25, center), center + 0.25 * (z - center))
        assert np.array_equal(typicality.truncated(z, 1), z)

    def test_lengths_are_near_one_where_z_is_typical(self):
        assert typicality.lengths(random_z(50, 64, seed=0)) == pytest.approx(1, abs=0.35)

    @pytest.mark.parametrize("z_dim", [8, 64, 512])
    def test_the_band_and_the_hill_are_those_of_the_chi_distribution(self, z_dim):
        band = chi_quantile(np.array([0.025, 0.975]), z_dim)
        assert typicality.usual_band(z_dim) == pytest.approx(band / np.sqrt(z_dim), abs=0.01)
        lengths = np.sqrt(z_dim - 1) * np.array([0.8, 1.0, 1.1])
        assert typicality.density(z_dim, lengths) == pytest.approx(chi_hill(lengths, z_dim), rel=1e-6)

    def test_between_typical_and_unknown_lies_unusual(self):
        z = np.zeros(64, np.float32)
        z[0] = chi_quantile(0.985, 64)
        assert typicality.describe(typicality.typicality(z)).startswith("Unusual")


class TestText:
    def test_a_point_is_read_back_exactly(self):
        z = random_z(1, 100, seed=5)[0]
        shares = (0.25, 0.75, 0.0)
        read = point_text.from_text(point_text.to_text(z, 1, shares, classes="389"), 100, "389")
        assert np.array_equal(read.z, z) and read.label == 1 and read.shares == shares
        assert point_text.from_text(point_text.to_text(z), 100, "389").label is None

    def test_a_class_is_found_by_its_name_where_another_run_has_others(self):
        text = point_text.to_text(random_z(1, 4, seed=5)[0], 1, (0.2, 0.8, 0.0), classes="389")
        assert point_text.from_text(text, 4, "0123456789")[1:] == (8, ())
        with pytest.raises(UserError, match="This z asks for “8”, which the run that is shown does not have"):
            point_text.from_text(text, 4, "014")

    @pytest.mark.parametrize("text", ["1, -2.5, 3e-1", "[ 1.  -2.5\n  .3 ]", "1\t-2.5\t0.3", "[1, -2.5, 0.3]"])
    def test_numbers_are_read_as_numpy_or_a_table_shows_them(self, text):
        assert point_text.from_text(text, 3, "0123456789").z.tolist() == pytest.approx([1, -2.5, 0.3])

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("1, 2", "This z has 2 numbers, the generator that is shown takes 3."),
            ("hello 1 2 3", "That is no z."),
            ("", "That is no z."),
            ("{}", "That is no z."),
            ('{"z": "abc"}', "That is no z."),
            ("[" * 100_000, "That is no z."),
            ("9" * 300_000, "That is no z."),
            ('{"z": [1, 2, NaN]}', "That is no z."),
            (
                '{"z": [1, 2, 3], "label": 12}',
                "This z asks for class number 12, which the run that is shown does not have.",
            ),
        ],
    )
    def test_what_is_no_point_of_this_generator_is_refused_in_a_sentence(self, text, said):
        with pytest.raises(UserError) as refused:
            point_text.from_text(text, 3, "0123456789")
        assert refused.value.message == said and refused.value.hint


class TestArithmetic:
    def test_man_with_glasses_minus_man_plus_woman(self):
        a, b, c = random_z(3, 8, seed=3)
        assert np.allclose(arithmetic.combine([[a, b], [c]], [[b]]), (a + b) / 2 + c - b, atol=1e-6)

    def test_the_result_has_the_usual_length_where_that_is_asked_for(self):
        group = list(random_z(4, 16, seed=4))
        assert np.linalg.norm(arithmetic.combine([group], renormalize=True)) == pytest.approx(4)
        assert np.linalg.norm(arithmetic.combine([group])) < 3.5

    def test_zero_has_no_direction_and_stays(self):
        z = random_z(1, 8, seed=0)[0]
        assert not arithmetic.combine([[z]], [[z]], renormalize=True).any()

    @pytest.mark.parametrize("groups", [[], [[]], [[np.zeros(3, np.float32), np.zeros(4, np.float32)]]])
    def test_nothing_and_numbers_of_several_generators_are_refused(self, groups):
        with pytest.raises(UserError):
            arithmetic.combine(groups)


class TestWays:
    def test_a_way_goes_through_every_point_and_each_leg_takes_as_long(self):
        points = random_z(3, 16, seed=5)
        way = interpolation.through(points, 9, interpolation.slerp_at)
        assert np.array_equal(way[[0, 4, 8]], points)
        assert np.allclose(way[:5], interpolation.slerp(points[0], points[1], 5), atol=1e-6)
        straight = interpolation.through(points, 9, interpolation.lerp_at)
        assert np.allclose(straight[6], (points[1] + points[2]) / 2, atol=1e-6)

    def test_each_label_stays_until_half_way_to_the_next(self):
        assert interpolation.labels_through(np.array([3, 8, 1]), 9).tolist() == [3, 3, 8, 8, 8, 8, 1, 1, 1]

    def test_a_dial_blends_from_one_label_to_the_next(self):
        mixed = labels.dial([3, 8, 3], 5, 10)
        assert mixed.dtype == np.float32 and mixed.sum(1) == pytest.approx(1)
        assert mixed[:, 3].tolist() == [1, 0.5, 0, 0.5, 1]
        assert mixed[:, 8].tolist() == [0, 0.5, 1, 0.5, 0]

    def test_shares_need_not_add_up(self):
        assert labels.blend([(0, 1), (2, 3)], 4).tolist() == [0.25, 0, 0.75, 0]


def session_of(architecture, facts=DIGITS):
    torch.manual_seed(0)
    config = Config.parse({"architecture": architecture, "z_dim": 4, "g_channels": 8})
    network = networks.build_generator(config, facts)
    for module in network.modules():  # as after a training, so that z and labels are seen in the pictures
        if isinstance(module, torch.nn.Embedding):
            torch.nn.init.normal_(module.weight)
    session = GeneratorSession(config, facts)
    session.load({name: tensor.numpy() for name, tensor in network.state_dict().items()})
    return session


@pytest.mark.parametrize("architecture", CONDITIONAL)
class TestBlendedLabels:
    def test_all_of_one_class_is_that_class_and_half_of_two_is_neither(self, architecture):
        session, z = session_of(architecture), random_z(10, 4, seed=0)
        each = label_cycle(10, 10)
        whole = session.render(z, each).astype(int)
        assert np.abs(session.render(z, labels.mixtures(each, 10)).astype(int) - whole).max() <= 1
        ends = session.render(np.tile(z[:1], (2, 1)), np.array([3, 8])).astype(int)
        middle = session.render(z[:1], labels.blend([(3, 1), (8, 1)], 10)[None]).astype(int)[0]
        assert np.abs(middle - ends).max((1, 2)).min() > 1

    def test_a_mixture_of_another_run_does_not_fit(self, architecture):
        session, z = session_of(architecture), random_z(1, 4, seed=0)
        assert session.fits(z, np.full((1, 10), 0.1, np.float32))
        for wrong in (np.full((1, 9), 0.1, np.float32), np.full((2, 10), 0.1), np.full((1, 10), np.nan)):
            assert not session.fits(z, wrong)
            with pytest.raises(UserError, match="another generator"):
                session.check(z, wrong)


def test_where_labels_cannot_blend_one_is_told_so(monkeypatch):
    class Plain(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.label = torch.nn.Embedding(10, 4)

    monkeypatch.setattr(networks, "build_generator", lambda config, facts: Plain())
    session = GeneratorSession(Config.parse({"z_dim": 4}), DIGITS)
    with pytest.raises(UserError, match="cannot blend"):
        session.check(random_z(1, 4, seed=0), np.full((1, 10), 0.1, np.float32))


def test_z_alone_decides_the_picture_whatever_its_neighbors():
    session = session_of("pixelshuffle")
    z, asked = random_z(7, 4, seed=1), label_cycle(7, 10)
    together = session.render(z, asked).astype(int)
    for index in range(7):
        assert np.abs(session.render(z[index : index + 1], asked[index : index + 1])[0] - together[index]).max() <= 1
