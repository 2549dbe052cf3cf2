"""How the pictures of a film are drawn: places, axes, numbers, letters, colors."""

import math

import numpy as np
import pytest
from PIL import Image

from engine import i18n
from engine.export import axes
from engine.export.chart import gutter_of
from engine.export.frames import Frames
from engine.export.palette import Palette
from engine.export.style import fitting, font
from engine.export.timeline import Curve, Plot, means, read_timeline
from engine.job import Progress
from engine.large_numbers import short, ticks
from tests import films
from tests.engine.small_films import saved

# --- what is drawn


@pytest.mark.parametrize("shape", [(1, 6, 28), (8, 10, 28), (20, 2, 28), (8, 10, 64), (2, 2, 512), (1, 200, 8)])
@pytest.mark.parametrize("judged", [True, False])
def test_every_grid_fits_beside_or_above_the_curves(tmp_path, shape, judged):
    rows, columns, size = shape
    run = films.make(tmp_path / "run", epochs=1, judged=judged)
    samples = films.grid(1, rows, columns, size)
    timeline = read_timeline(run, [1], [1])
    frames = Frames(timeline, samples)
    picture = np.asarray(frames.draw(timeline.marks[0], np.zeros_like(samples)))
    black = (picture == 0).all(axis=-1)
    across, down = np.flatnonzero(black.any(axis=0)), np.flatnonzero(black.any(axis=1))
    width, height = across[-1] - across[0] + 1, down[-1] - down[0] + 1
    assert black.sum() == width * height  # all of it, and nothing over it
    ratio = width / samples.shape[1]
    assert ratio == pytest.approx(round(ratio)) if ratio >= 1 else 1 / ratio == pytest.approx(round(1 / ratio), rel=0.1)
    assert frames.size[0] % 2 == frames.size[1] % 2 == 0 and frames.size[0] <= 1920


def test_the_past_is_strong_and_the_future_pale(tmp_path):
    run = films.make(tmp_path / "run", epochs=8)
    timeline = read_timeline(run, [4], range(1, 9))
    frames = Frames(timeline, films.grid(8))
    picture = np.asarray(frames.draw(timeline.marks[0], films.grid(4)))
    strong = np.flatnonzero((picture == frames.inks[0]).all(axis=-1)[150:600].any(axis=0))
    pale = np.flatnonzero((picture == frames.inks[3]).all(axis=-1)[150:600].any(axis=0))
    assert strong.max() < pale.min() + 10 and pale.max() > pale.min() + 100


def test_numbers_that_are_none_leave_a_gap(tmp_path):
    rows = [films.row(step, 1 + (step - 1) // 10, 8 * step) for step in range(1, 41)]
    rows[20:26] = [row._replace(g_loss=value) for row, value in zip(rows[20:26], [math.nan, math.inf] * 3, strict=True)]
    run = films.make(tmp_path / "run", rows=rows)
    losses = read_timeline(run, [1, 4], range(1, 5)).plots[0]
    generator, discriminator = losses.curves
    assert math.isnan(generator.value(2.25)) and math.isnan(generator.height(2.25))
    assert math.isfinite(generator.value(3.0)) and math.isfinite(discriminator.value(2.25))
    assert all(map(math.isfinite, axes.value_range(losses)))
    assert saved(run, tmp_path / "film.gif")[-1] == Progress(4, 4)


@pytest.mark.parametrize("value", [math.nan, 1e308, -1e308, 1e11, 0.0])
def test_losses_that_tell_nothing_can_be_filmed(tmp_path, value):
    values = dict.fromkeys(("d_loss", "g_loss", "d_real", "d_fake"), value)
    rows = [films.row(step, step, 80 * step, **values) for step in (1, 2)]
    run = films.make(tmp_path / "run", epochs=2, rows=rows)
    assert saved(run, tmp_path / "film.gif")[-1] == Progress(2, 2)


def test_a_moment_is_the_end_of_its_epoch(tmp_path):
    rows = [films.row(1, 1, 40), films.row(2, 1, 80), films.row(3, 2, 120), films.row(4, 3, 200)]
    timeline = read_timeline(films.make(tmp_path / "run", rows=rows), [1, 2, 4], [1, 2, 3, 4])
    assert [moment.x for moment in timeline.marks] == [1.0, 1.5, 2.5]
    assert timeline.marks[1].epoch_text == "Epoch 2 of 4" and timeline.marks[1].images_text == "120 images seen"
    assert timeline.x_end == 2.5


def test_a_judgment_counts_until_the_next(tmp_path):
    distances = read_timeline(films.make(tmp_path / "run"), [4], [1, 2, 3, 4]).plots[-1].curves[0]
    assert [distances.value(x) for x in (1, 2, 3, 4)] == [90, 45, 45, 22.5]
    assert math.isnan(distances.value(0.5)) and distances.height(3) == pytest.approx((45 + 22.5) / 2)


def test_means_are_weighted_and_keep_the_ends():
    x, y = np.arange(1.0, 1001), np.tile([1.0, 3.0], 500)
    places, values = means(x, y, np.tile([3.0, 1.0], 500), 100)
    assert len(places) == 100 and places[0] == 1 and places[-1] == 1000
    assert values[10:90] == pytest.approx(1.5, abs=0.2) and values.mean() == pytest.approx(1.5, abs=0.02)
    y[500] = math.inf
    assert np.isnan(means(x, y, np.ones(1000), 100)[1]).sum() == 1


def test_a_spike_does_not_flatten_the_rest():
    y = np.ones(200) + 0.1 * np.sin(np.arange(200))
    y[150] = 1e9
    low, high = axes.value_range(Plot("", "plain", (Curve("", "generator", (1, 0), np.arange(200.0), y),)))
    assert 0.5 < low < 0.9 and 1.1 < high < 1.5


@pytest.mark.parametrize("sign", [1, -1])
def test_the_lowest_point_lies_in_the_plot_however_a_loss_begins(sign):
    y = np.concatenate([np.linspace(0.4, 1.2, 20), np.full(180, 1.2) + 0.3 * np.sin(np.arange(180))])
    y = y if sign > 0 else y - 2
    low, high = axes.value_range(Plot("", "plain", (Curve("", "generator", (1, 0), np.arange(200.0), y),)))
    assert low < y.min() and high > np.percentile(y, 99)
    y[3] = -1e9  # but what falls out of sight flattens nothing
    low, _ = axes.value_range(Plot("", "plain", (Curve("", "generator", (1, 0), np.arange(200.0), y),)))
    assert low > -5


@pytest.mark.parametrize(("language", "written"), [("en", "−500 k"), ("es", "−500 mil")])
def test_numbers_of_large_losses_are_short_and_whole(tmp_path, language, written):
    rows = [films.row(step, 1, 80 * step, d_loss=-1e5 * step, g_loss=4e5) for step in range(1, 9)]
    i18n.set_language(language)
    losses = read_timeline(films.make(tmp_path / "run", rows=rows), [4], [1, 2, 3, 4]).plots[0]
    texts = [text for _, text in axes.value_ticks("plain", *axes.value_range(losses))]
    assert written in texts
    assert gutter_of(losses) >= max(map(font(14).getlength, texts)) + 8


def test_large_numbers():
    assert [short(value) for value in (1e5, -123_456, 999_600, 1.234e6, 5e8, 2e9, 1e12)] == [
        "100 k", "−123 k", "1 M", "1.23 M", "500 M", "2·10⁹", "10¹²",
    ]  # fmt: skip
    assert ticks([0.0, 5e5, 1e6], 5e5) == ["0", "0.5 M", "1.0 M"]
    assert ticks([100_000.0, 100_000.5], 0.5) == ["100,000.0", "100,000.5"]
    assert ticks([0.0, 0.5], 0.5) == ["0.0", "0.5"]
    assert ticks([], 1.0) == []


@pytest.mark.parametrize(("low", "high"), [(0.62, 1.44), (-3.0, 900.0), (1e-4, 2e-4), (5.0, 5.001), (0.0, 1e6)])
def test_ticks_are_few_round_and_inside(low, high):
    ticks = axes.value_ticks("plain", low, high)
    assert 2 <= len(ticks) <= 5 and all(low <= place <= high for place, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)


@pytest.mark.parametrize(("low", "high"), [(0.9, 2.3), (1.0, 1.05), (1.02, 1.2), (-2.0, 6.0), (1.3, 1.6)])
def test_ticks_of_a_logarithmic_axis_are_few_and_inside(low, high):
    ticks = axes.value_ticks("distance", low, high)
    assert 2 <= len(ticks) <= 5 and all(low <= place <= high for place, _ in ticks)


def test_epochs_are_whole_numbers():
    assert [text for _, text in axes.epoch_ticks(3.2)] == ["0", "1", "2", "3"]
    assert [text for _, text in axes.epoch_ticks(0.3)] == ["0"]
    assert len(axes.epoch_ticks(12345.0)) <= 8


def test_letters_know_spanish_and_long_words_are_cut():
    letters = font(16)
    assert len({bytes(letters.getmask(sign)) for sign in "áéíóúñü¿¡·–×…z"}) == 14
    cut = fitting("a stranger's\nrecipe " * 50, letters, 200)
    assert cut.endswith("…") and "\n" not in cut and letters.getlength(cut) <= 200
    assert fitting("", letters, 0) == ""


def test_a_palette_moves_no_gray_by_more_than_one_level():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    palette = Palette([Image.fromarray(ramp)], [(230, 159, 0)], is_color=False)
    shown = palette.colors[palette.indices(Image.fromarray(ramp))]
    assert np.abs(shown.astype(int) - ramp).max() == 1 and len(palette.colors) <= 255
    assert (shown[..., 0] == shown[..., 1]).all() and (shown[..., 1] == shown[..., 2]).all()
