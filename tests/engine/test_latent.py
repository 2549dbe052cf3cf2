"""Sampling, paths, pictures and the explorer, without a window."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from engine.architectures import networks
from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.latent import interpolation
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.pictures import tile, to_uint8

CONFIG = Config.parse({"z_dim": 4})
DIGITS = DatasetInfo(image_count=100, class_names=tuple("0123456789"), channels=1, size=8)
UNLABELED_COLOR = DatasetInfo(image_count=100, class_names=(), channels=3, size=8)


class TinyGenerator(nn.Module):
    """One linear layer, batch normalization and an embedding: all kinds of state, no time."""

    def __init__(self, z_dim: int, facts: DatasetInfo) -> None:
        super().__init__()
        self.shape = (facts.channels, facts.size, facts.size)
        self.linear = nn.Linear(z_dim, facts.channels * facts.size**2)
        self.norm = nn.BatchNorm1d(facts.channels * facts.size**2)
        self.label = nn.Embedding(len(facts.class_names), z_dim) if facts.class_names else None

    def forward(self, z: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        z = z + self.label(labels) if self.label else z
        return torch.tanh(self.norm(self.linear(z))).view(-1, *self.shape)


@pytest.fixture(autouse=True)
def tiny_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        networks, "build_generator", lambda config, facts: TinyGenerator(config.z_dim, facts), raising=False
    )


def tiny_state(facts: DatasetInfo = DIGITS, z_dim: int = 4) -> Arrays:
    return {name: tensor.numpy() for name, tensor in TinyGenerator(z_dim, facts).state_dict().items()}


def loaded_explorer(facts: DatasetInfo = DIGITS) -> GeneratorSession:
    explorer = GeneratorSession(CONFIG, facts)
    explorer.load(tiny_state(facts))
    return explorer


class TestSampling:
    def test_the_same_seed_gives_the_same_numbers(self) -> None:
        assert random_z(5, 7, seed=3).tobytes() == random_z(5, 7, seed=3).tobytes()
        assert not np.array_equal(random_z(5, 7, seed=3), random_z(5, 7, seed=4))

    def test_the_numbers_never_change_between_versions(self) -> None:
        assert random_z(1, 3, seed=0)[0].tolist() == pytest.approx([0.12573022, -0.13210486, 0.64042264], abs=1e-7)

    def test_a_shorter_draw_is_the_start_of_a_longer_one(self) -> None:
        assert np.array_equal(random_z(9, 4, seed=1)[:3], random_z(3, 4, seed=1))

    def test_it_is_standard_normal_float32(self) -> None:
        z = random_z(400, 64, seed=0)
        assert z.dtype == np.float32
        assert abs(z.mean()) < 0.02
        assert abs(z.std() - 1) < 0.02

    def test_labels_go_round_or_say_that_there_are_none(self) -> None:
        assert label_cycle(5, 3).tolist() == [0, 1, 2, 0, 1]
        assert label_cycle(2, 0).tolist() == [-1, -1]
        assert label_cycle(2, 0).dtype == np.int64


@pytest.mark.parametrize("path", [interpolation.lerp, interpolation.slerp])
class TestPaths:
    def test_the_ends_are_exact(self, path: interpolation.Path) -> None:
        a, b = random_z(2, 64, seed=5)
        points = path(a, b, 9)
        assert points.shape == (9, 64)
        assert points.dtype == np.float32
        assert np.array_equal(points[0], a)
        assert np.array_equal(points[-1], b)

    def test_there_and_back_is_the_same_way(self, path: interpolation.Path) -> None:
        a, b = random_z(2, 16, seed=6)
        assert np.allclose(path(a, b, 7), path(b, a, 7)[::-1], atol=1e-6)

    @pytest.mark.parametrize(("scale_a", "scale_b"), [(1, 1), (1, 3), (0, 1), (0, 0), (1, -1), (1, -2), (1, 1 + 1e-7)])
    def test_vectors_without_an_arc_give_finite_points_between_them(
        self, path: interpolation.Path, scale_a: float, scale_b: float
    ) -> None:
        a, b = random_z(1, 8, seed=7)[0] * np.float32([[scale_a], [scale_b]])
        points = path(a, b, 5)
        assert np.all(np.isfinite(points))
        assert np.linalg.norm(points, axis=1).max() <= max(np.linalg.norm(a), np.linalg.norm(b)) + 1e-5


class TestSpherical:
    def test_the_length_stays_where_a_straight_line_sinks_toward_zero(self) -> None:
        a, b = random_z(2, 64, seed=8)
        b *= np.linalg.norm(a) / np.linalg.norm(b)
        assert np.allclose(np.linalg.norm(interpolation.slerp(a, b, 9), axis=1), np.linalg.norm(a), rtol=1e-5)
        assert np.linalg.norm(interpolation.lerp(a, b, 9)[4]) < 0.85 * np.linalg.norm(a)

    def test_it_turns_evenly(self) -> None:
        a, b = np.float32([1, 0]), np.float32([0, 1])
        angles = np.degrees(np.arctan2(*interpolation.slerp(a, b, 4).T[::-1]))
        assert angles.tolist() == pytest.approx([0, 30, 60, 90], abs=1e-4)


def test_the_sweep_moves_all_of_z_together() -> None:
    z = interpolation.sweep(6)
    assert z.shape == (10, 6)
    assert z.dtype == np.float32
    assert np.array_equal(z.min(axis=1), z.max(axis=1))
    assert (z[0, 0], z[-1, 0]) == (-1, 1)


class TestPictures:
    def test_every_pixel_value_survives_the_way_there_and_back(self) -> None:
        pixels = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
        assert np.array_equal(to_uint8(pixels.astype(np.float32) / 127.5 - 1)[0], pixels[0, 0])

    def test_overshoot_is_cut_off_and_nan_is_black(self) -> None:
        images = np.float32([-9, np.nan, np.inf, 9]).reshape(1, 1, 2, 2)
        assert to_uint8(images)[0].ravel().tolist() == [0, 0, 255, 255]

    def test_color_goes_last(self) -> None:
        images = np.full((2, 3, 4, 5), -1, np.float32)
        images[:, 1] = 1
        assert to_uint8(images).shape == (2, 4, 5, 3)
        assert to_uint8(images)[1, 0, 0].tolist() == [0, 255, 0]

    @pytest.mark.parametrize("color", [(), (3,)])
    def test_tiles_lie_row_by_row_with_gaps_between_only(self, color: tuple[int, ...]) -> None:
        images = np.arange(1, 6, dtype=np.uint8).reshape(5, 1, 1, *([1] * len(color)))
        images = np.broadcast_to(images, (5, 2, 2, *color))
        picture = tile(images, columns=3, gap=1, background=9)
        assert picture.shape == (5, 8, *color)
        flat = picture[..., 0] if color else picture
        assert flat[0].tolist() == [1, 1, 9, 2, 2, 9, 3, 3]
        assert flat[2].tolist() == [9] * 8
        assert flat[4].tolist() == [4, 4, 9, 5, 5, 9, 9, 9]

    def test_no_gap_joins_the_pictures_and_no_pictures_make_one_pixel(self) -> None:
        ones = np.ones((2, 3, 3), np.uint8)
        assert np.array_equal(tile(ones, columns=2, gap=0), np.ones((3, 6)))
        assert tile(ones[:0], columns=2).shape == (1, 1)


class TestExplorer:
    def test_it_shows_what_the_generator_makes_in_eval_mode(self) -> None:
        generator = TinyGenerator(4, DIGITS)
        generator(torch.randn(16, 4), torch.zeros(16, dtype=torch.int64))  # moves the running statistics
        explorer = GeneratorSession(CONFIG, DIGITS)
        explorer.load({name: tensor.numpy().copy() for name, tensor in generator.state_dict().items()})
        z, labels = random_z(3, 4, seed=0), label_cycle(3, 10)
        with torch.no_grad():
            expected = to_uint8(generator.eval()(torch.tensor(z), torch.tensor(labels)).numpy())
        assert np.array_equal(explorer.render(z, labels), expected)
        assert expected.std() > 0

    def test_a_picture_does_not_depend_on_its_neighbors(self) -> None:
        explorer = loaded_explorer()
        z, labels = random_z(300, 4, seed=0), label_cycle(300, 10)
        together = explorer.render(z, labels)
        for index in (0, 150, 299):
            alone = explorer.render(z[index : index + 1], labels[index : index + 1])[0]
            assert np.abs(alone.astype(int) - together[index]).max() <= 1

    def test_it_leaves_the_random_stream_of_training_alone(self) -> None:
        before = torch.random.get_rng_state()
        explorer = GeneratorSession(CONFIG, DIGITS)
        state = tiny_state()
        torch.random.set_rng_state(before)
        explorer.load(state)
        explorer.render(random_z(2, 4, seed=0), label_cycle(2, 10))
        assert torch.equal(torch.random.get_rng_state(), before)

    def test_building_draws_nothing(self) -> None:
        before = torch.random.get_rng_state()
        GeneratorSession(CONFIG, DIGITS)
        assert torch.equal(torch.random.get_rng_state(), before)

    def test_later_changes_of_the_state_do_not_reach_it(self) -> None:
        explorer, state = GeneratorSession(CONFIG, DIGITS), tiny_state()
        explorer.load(state)
        z, labels = random_z(2, 4, seed=0), label_cycle(2, 10)
        before = explorer.render(z, labels)
        for array in state.values():
            array[...] = 0
        assert np.array_equal(explorer.render(z, labels), before)

    def test_color_without_classes(self) -> None:
        images = loaded_explorer(UNLABELED_COLOR).render(random_z(2, 4, seed=0), label_cycle(2, 0))
        assert images.shape == (2, 8, 8, 3)
        assert images.dtype == np.uint8

    def test_a_generator_full_of_nan_shows_black(self) -> None:
        explorer, state = GeneratorSession(CONFIG, DIGITS), tiny_state()
        state["linear.weight"][...] = np.nan
        explorer.load(state)
        assert explorer.render(random_z(1, 4, seed=0), label_cycle(1, 10)).max() == 0

    @pytest.mark.parametrize("damage", ["missing", "surplus", "shape"])
    def test_a_foreign_state_is_refused_and_the_old_one_kept(self, damage: str) -> None:
        explorer = loaded_explorer()
        z, labels = random_z(2, 4, seed=0), label_cycle(2, 10)
        before = explorer.render(z, labels)
        state = tiny_state()
        if damage == "missing":
            del state["linear.bias"]
        elif damage == "surplus":
            state["other"] = np.zeros(3, np.float32)
        else:
            state["linear.bias"] = np.zeros(5, np.float32)
        with pytest.raises(UserError, match="other" if damage == "surplus" else "linear.bias") as error:
            explorer.load(state)
        assert error.value.hint
        assert np.array_equal(explorer.render(z, labels), before)

    def test_it_tells_whether_a_wish_was_meant_for_it(self) -> None:
        explorer, plain = loaded_explorer(), loaded_explorer(UNLABELED_COLOR)
        z = random_z(2, 4, seed=0)
        assert explorer.fits(z, np.array([0, 9]))
        assert not explorer.fits(z, np.array([0, 10]))
        assert not explorer.fits(z, np.array([-1, -1]))
        assert not explorer.fits(random_z(2, 5, seed=0), np.array([0, 1]))
        assert not explorer.fits(z, np.array([0]))
        assert plain.fits(z, np.array([-1, -1]))
        assert not plain.fits(z, np.array([0, 0]))
