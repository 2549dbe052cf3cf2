"""What the window shows, computed without a window: series and pictures of a run, whose generator, curves, grids."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.diagnosis import Diagnosis, Health
from engine.diagnosis.record import Evidence
from engine.events import MetricsRow
from engine.recipes import recipe
from engine.runs import RunInfo
from studio.model import run_data
from studio.model.findings import Findings, findings_of
from studio.model.measurements import Measurements, reference, speed_from_table
from studio.model.run_data import RunData
from studio.widgets.pictures.tile_layout import TileLayout, layouts
from studio.widgets.plots import curve_math
from studio.widgets.plots.curve_math import SmoothedTable
from tests.engine.courses import FACTS, GOOD, NOISE, looks, rows

# --- the history


def history(count=6):
    """An epoch is 100 images, a row 50; a judgment, verdicts and a trouble at each epoch's end."""
    made = RunData(image_count=100, total_images=1000)
    made.append(MetricsRow(5 * i, 1, 50 * i, 0.1 * i, i, 2 * i, 0.5, 0.5) for i in range(1, count + 1))
    epochs = range(1, count // 2 + 1)
    made.qualities = [replace(GOOD, epoch=e, images_seen=100 * e) for e in epochs]
    made.verdicts = {e: np.full(2, e / 10, np.float32) for e in epochs}
    made.not_finite = [100 * e for e in epochs]
    return made


def test_a_training_that_goes_on_forgets_what_came_after_its_checkpoint():
    cut = history()
    cut.truncate(200)
    assert cut.series("images_seen").tolist() == [50, 100, 150, 200] and len(cut) == 4
    assert [quality.images_seen for quality in cut.qualities] == [100, 200]
    assert sorted(cut.verdicts) == [1, 2] and cut.not_finite == [100, 200]
    cut.append([MetricsRow(25, 1, 250, 1, 9, 9, 0.5, 0.5)])
    assert cut.series("d_loss").tolist() == [1, 2, 3, 4, 9]
    cut.truncate(199)
    assert (len(cut), len(cut.qualities), sorted(cut.verdicts), cut.not_finite) == (3, 1, [1], [100])
    cut.truncate(0)
    assert len(cut) == 0 and not cut.qualities and not cut.verdicts and not cut.not_finite


def test_a_judgment_that_is_made_again_replaces_the_one_before():
    made = history()
    made.add_quality(replace(GOOD, epoch=2, images_seen=200, frechet=1.0))
    assert [(q.images_seen, q.frechet) for q in made.qualities] == [(100, GOOD.frechet), (200, 1.0)]
    assert made.quality_at(1).epoch == 1 and made.quality_at(7).epoch == 2 and made.quality_at(None).epoch == 2
    assert made.quality_at(0) is None and RunData().quality_at(None) is None


def test_the_table_grows_and_keeps_its_rows():
    made = RunData()
    for start in (0, 1024, 1025, 3000):
        count = {0: 1024, 1024: 1, 1025: 1975, 3000: 6000}[start]
        made.extend(np.repeat(np.arange(start, start + count, dtype=float)[:, None], len(MetricsRow._fields), 1))
    assert np.array_equal(made.series("g_loss"), np.arange(9000)) and len(made.rows()) == 9000


def test_of_very_many_rows_every_two_become_one(monkeypatch):
    monkeypatch.setattr("studio.model.run_data.MOST_ROWS", 4)
    monkeypatch.setattr("studio.model.run_data.fitting", lambda table: table[1::2])
    made = history(4)
    assert len(made) == 4
    made.append([MetricsRow(25, 1, 250, 1, 9, 9, 0.5, 0.5)])
    assert made.series("images_seen").tolist() == [100, 200]


def test_clocks_of_a_run():
    made = history()
    assert made.epochs_seen().tolist() == [0.5, 1, 1.5, 2, 2.5, 3] and made.total_epochs == made.axis_end == 10.0
    made.total_images = 250
    assert (made.total_epochs, made.axis_end) == (2.5, 3.0)
    assert RunData(image_count=100, total_images=10).total_epochs == RunData().axis_end == 1.0
    assert made.verdicts_at(2) == pytest.approx((0.2, 0.2)) and made.verdicts_at(9) == ()
    assert (made.images_seen, RunData().images_seen) == (300, 0)
    made.add_grid(4, Path("absent.png"))
    assert made.images_seen == 400, "a grid reaches as far as its epoch"


def test_an_option_has_the_value_of_its_newest_change_until_then():
    made = history()
    changes = [(50, "g_lr", 0.1), (90, "d_lr", 0.2), (150, "g_lr", 0.3), (200, "g_lr", 0.4), (201, "g_lr", 0.5)]
    made.changes = changes
    assert [made.value_at("g_lr", epoch, 0.9) for epoch in range(4)] == [0.9, 0.1, 0.4, 0.5]
    assert [made.value_at("d_lr", epoch, 0.9) for epoch in range(4)] == [0.9, 0.2, 0.2, 0.2]
    assert made.value_at("r1_gamma", 3, 2.0) == 2.0


def test_grids_in_memory_are_bounded_and_the_one_seen_longest_ago_goes_first(monkeypatch, tmp_path):
    monkeypatch.setattr(run_data, "GRID_BYTES_IN_MEMORY", 300)
    made = RunData()
    for epoch in (3, 1, 2):
        made.add_grid(epoch, tmp_path / f"{epoch}", np.full(100, epoch, np.uint8))
    assert made.grid_epochs == [1, 2, 3] and made.grid(3)[0] == 3
    made.add_grid(4, tmp_path / "4", np.full(100, 4, np.uint8))
    assert made.bytes_in_memory == 300
    for epoch in (2, 3, 4):
        assert made.grid(epoch)[0] == epoch
    assert made.grid(1) is None, "the one added first, and not looked at since, has gone"
    made.keep_grids({1: np.zeros(100, np.uint8)})
    assert made.grid(1)[0] == 0
    made.add_grid(4, tmp_path / "new")
    assert made.grid(4) is None, "a grid that is drawn again is not the one in memory"
    made.add_grid(5, tmp_path / "5", np.zeros(301, np.uint8))
    assert made.bytes_in_memory == 0


def test_a_thousand_usual_grids_and_no_gigabyte_stay_in_memory():
    assert 64 * 2**20 <= run_data.GRID_BYTES_IN_MEMORY <= 128 * 2**20


# --- whose generator is explored


# --- what is wrong, and where curves show it


def told_history(columns, qualities):
    made = RunData(image_count=FACTS.image_count)
    made.extend(columns)
    made.qualities = qualities
    return made


INFO = RunInfo(recipe("studio").config(), FACTS)
SURE = rows(d_real=0.999, d_fake=0.001)


def test_findings_are_of_the_moment_that_is_asked_for():
    made = told_history(SURE, looks(NOISE))
    now, early = findings_of(INFO, made), findings_of(INFO, made, 9_000)
    assert now.diagnoses[0].failure_mode == "d-wins" and now.is_newest and now.image_count == 5_000
    assert now.config == INFO.config and [spell.is_over for spell in now.spells] == [False]
    assert early.diagnoses == early.spells == () and not early.is_newest and early.health.state == "early"
    assert findings_of(INFO, RunData()) is None


def test_troubles_that_a_change_ended_stay_on_the_curves():
    made = told_history(SURE, looks(NOISE))
    made.changes = [(30_000, "d_lr", 1e-5)]
    found = findings_of(INFO, made)
    assert [(spell.failure_mode, spell.is_over) for spell in found.spells] == [("d-wins", True), ("d-wins", False)]
    first, second = found.spans("verdicts")
    assert first.first == pytest.approx(640 / 5_000) and 5.8 < first.last <= 6 < second.first
    assert [span.texts[1:] for span in (first, second)] == [("D wins",), ("D wins",)]


def test_a_number_that_was_not_finite_is_past_when_training_went_on():
    made = told_history(rows(), looks(GOOD))
    made.not_finite = [30_000]
    assert findings_of(INFO, made).diagnoses == ()
    for moment in (59_520, 60_000):
        made.not_finite = [30_000, moment]
        (found,) = findings_of(INFO, made).diagnoses
        assert (found.failure_mode, found.since) == ("not-finite", moment)
    assert findings_of(INFO, made).spans("losses") == [], "it has a mark already"
    for moment in (0, 64):
        fresh = RunData(image_count=5_000, not_finite=[moment])
        assert findings_of(INFO, fresh).diagnoses[0].since == moment, "also before the first row"


def test_missing_classes_are_told_while_they_are_missing():
    seen = Evidence("few-classes", "samples", 1_000, 2_000, (3.0, 10.0))
    twins = Evidence("twins", "samples", 1_000, 2_000, (0.9,))
    health = Health("trouble", INFO.config, diagnoses=(Diagnosis("mode-collapse", (twins, seen)),))
    found = Findings(health, 1_000)
    for moment, missing in ((999, 0), (1_000, 7), (2_000, 7), (2_001, 0)):
        count, texts = found.missing_classes(moment)
        assert count == missing and bool(texts) == bool(missing)
    assert [(s.first, s.last) for s in found.spans("samples")] == [(1.0, 2.0)] * 2 and found.spans("losses") == []


# --- what trainings take


def test_a_slower_measurement_counts_half_and_a_faster_one_whole():
    config, noted = recipe("studio").config(), Measurements()
    for speed, kept in ((1000.0, 1000.0), (500.0, 750.0), (2000.0, 2000.0)):
        noted = noted.noted(config, speed, 7.0, told=500.0)
        assert noted.of(config) == (kept, 7.0) and noted.factor(config) == kept / 500.0
    other = noted.noted(config.changed(batch_size=8), 100.0, 9.0, told=50.0)
    assert other.of(config.changed(batch_size=8)) == (100.0, 9.0) and len(other.trainings) == 2
    assert list(other.factors.values()) == [3.0] and other.factor(config) == 3.0, "(4 + 2) / 2, for other options, too"
    mixed = other.noted(config.changed(architecture="mlp"), 200.0, 9.0, told=100.0)
    assert mixed.factor(config) == 3.0 and mixed.factor(config.changed(architecture="progressive")) == 2.0, (
        "the newest of others"
    )
    assert mixed.factor(config.changed(device="cuda")) is None


def test_a_step_takes_half_a_millisecond_however_little_there_is_to_do():
    known = reference(recipe("studio").config())
    config, speed = known.config(), known.images_per_second
    assert speed_from_table(config, 0.0, 1e9) == pytest.approx(config.batch_size / 0.5e-3)
    work = 1 / speed - 0.5e-3 / config.batch_size
    assert speed_from_table(config, 3e9, 1e9) == pytest.approx(1 / (3 * work + 0.5e-3 / config.batch_size))
    assert speed_from_table(config, 3.0, 0.0) == pytest.approx(1 / (3 * work + 0.5e-3 / config.batch_size))
    own = recipe("dcgan-tutorial").config(recipe="studio")
    assert reference(own).config().architecture == "dcgan-tutorial"
    assert not reference(recipe("fail-d-wins").config()).failure_mode


# --- curves


@pytest.mark.parametrize("half_life", [0.0, 1.0, 3.0, math.inf])
def test_smoothing_is_a_weighted_mean_that_fades(half_life):
    values, weights = [1.0, 5.0, math.nan, 2.0, 8.0], [1.0, 3.0, 2.0, 0.0, 2.0]
    table = SmoothedTable(1, half_life)
    table.append(np.array([values[:2]]), np.array(weights[:2]))
    table.append(np.array([values[2:]]), np.array(weights[2:]))
    fades = 0.5 ** (1 / half_life) if half_life else 0.0
    for row, value in enumerate(values):
        before = [(fades ** (row - k) * weights[k], values[k]) for k in range(row + 1) if not math.isnan(values[k])]
        wanted = sum(w * v for w, v in before) / sum(w for w, _ in before) if half_life else value
        found = table.smooth[0, row]
        assert math.isnan(found) if math.isnan(value) else found == pytest.approx(wanted)
    assert table.gap_starts == [2] and len(table) == 5


def test_gaps_begin_once_however_rows_arrive():
    table = SmoothedTable(2)
    for columns in ([[1, 2], [1, 2]], [[math.nan], [1]], [[math.nan, 3], [1, 1]], [[3, 3], [math.inf, 1]]):
        table.append(np.array(columns, float))
    assert table.gap_starts == [2, 5]
    assert np.isnan(table.raw[0, 2:4]).all() and np.isnan(table.raw[1, 5]) and table.raw[1, 6] == 1


def test_the_smoothed_table_grows():
    table = SmoothedTable(1)
    for _ in range(3):
        table.append(np.arange(1024.0)[None])
    assert len(table) == 3072 and np.array_equal(table.smooth[0], np.tile(np.arange(1024.0), 3))


@pytest.mark.parametrize("count", [1, 2, 7, 300])
def test_a_decaying_sum_is_that_of_a_plain_loop(count):
    values, last, wanted = np.random.default_rng(0).normal(size=(1, count)), 2.5, []
    for value in values[0]:
        last = 0.8 * last + value
        wanted.append(last)
    assert curve_math.decaying_sum(values, 0.8, np.array([2.5]))[0] == pytest.approx(np.array(wanted))


@pytest.mark.parametrize(
    ("place", "row"), [(-1, 0), (0, 0), (0.4, 0), (0.5, 0), (0.6, 1), (1, 1), (2.9, 1), (3.1, 2), (9, 2)]
)
def test_the_nearest_row_by_hand(place, row):
    assert curve_math.nearest(np.array([0.0, 1.0, 5.0]), place) == row
    assert curve_math.nearest(np.array([2.0]), place) == 0 and curve_math.nearest(np.empty(0), place) is None


def test_visible_rows_have_a_neighbor_at_each_side():
    x = np.arange(10.0)
    assert x[curve_math.visible(x, 3.0, 5.0)].tolist() == [2, 3, 4, 5, 6]
    assert x[curve_math.visible(x, 2.5, 5.5)].tolist() == [2, 3, 4, 5, 6]
    assert x[curve_math.visible(x, -5.0, 0.0)].tolist() == [0, 1] and x[curve_math.visible(x, 0.0, 20.0)].size == 10


def test_peaks_are_the_lowest_and_highest_of_each_column():
    x, y = np.arange(12.0), np.array([5, 1, 3, 9, 2, 2, 2, 7, 0, 4, 4, 6.0])
    assert curve_math.peaks(x, y, 0.0, 12.0, 3)[1].tolist() == [1, 9, 2, 7, 0, 6]
    assert curve_math.peaks(x, y, 0.0, 12.0, 3)[0].tolist() == [0, 0, 4, 4, 8, 8]
    assert curve_math.peaks(x[:6], y[:6], 0.0, 6.0, 3)[0].tolist() == [0, 1, 2, 3, 4, 5], "two to a column: as they are"


def test_lone_values_are_dots_only_where_they_can_be_told():
    x, y = np.arange(7.0), np.array([1, math.nan, 2, math.nan, 3, 4, math.nan])
    assert curve_math.lone(x, y, 0.0, 7.0, 7)[1].tolist() == [1, 2]
    assert curve_math.lone(x, y, 0.0, 7.0, 6)[0].size == curve_math.lone(x, y, 0.0, 7.0, 6)[1].size == 0
    assert curve_math.lone(x[4:], y[4:], 0.0, 7.0, 6)[0].size == 0


def test_dashes_stand_on_pixel_columns():
    x = np.linspace(0, 10, 5)
    points, values, connect = curve_math.dashes(x, 2 * x, 0.0, 10.0, 10, (2, 1))
    assert points == pytest.approx(np.arange(11)) and values == pytest.approx(2 * np.arange(11))
    assert connect.tolist() == [True, True, False] * 3 + [True, True]
    broken = curve_math.dashes(x, np.array([0, 1, math.nan, 3, 4]), 0.0, 10.0, 10, (9, 1))
    assert not broken[2][3:7].any() and broken[2][:2].all()


def test_the_range_shows_all_but_wild_first_rows_and_spikes():
    raw = np.concatenate([np.full(10, 500.0), np.linspace(1.0, 2.0, 190)])[None]
    low, high = curve_math.robust_range(raw, raw)
    assert 0 <= low <= 1.02 and 2.0 <= high < 3
    newest = np.append(raw, 4.0)[None]
    assert curve_math.robust_range(raw, newest)[1] >= 4.0, "the newest smoothed value is inside"
    lower = np.append(raw, -3.0)[None]
    assert curve_math.robust_range(raw, lower)[0] <= -3.0
    assert curve_math.robust_range(np.empty((1, 0)), np.empty((1, 0))) == (0.0, 1.0)
    zero = curve_math.robust_range(np.zeros((1, 50)), np.zeros((1, 50)))
    assert zero[0] == pytest.approx(-0.02 * zero[1])


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(0.0, 4.0, (-1, 5)), (0.3, 4.0, (0, 5)), (0.0, 8.0, (-2, 10)), (1.0, 18.0, (0, 20)), (0.0, 10.0, (-5, 15))],
)
def test_an_axis_ends_at_round_numbers(low, high, wanted):
    assert curve_math.round_range(low, high) == pytest.approx(wanted)
    flat = curve_math.round_range(100.0, 100.0)
    assert flat[0] < 100 < flat[1] and flat[1] - flat[0] < 1


# --- grids that fill another shape of room


def picture_of(layout, rows, columns, size):
    grid = np.full((rows * (size + 2) - 2, columns * (size + 2) - 2), 48, np.uint8)
    for tile in range(rows * columns):
        top, left = tile // columns * (size + 2), tile % columns * (size + 2)
        grid[top : top + size, left : left + size] = tile + 1
    return grid, layout.arrange(grid)


@pytest.mark.parametrize(("has_classes", "per_class"), [(True, 2), (True, 3), (True, 4), (False, 3), (False, 5)])
def test_every_tile_is_found_where_it_was_put(has_classes, per_class):
    rows, columns, size = 5, 4, 3
    height, width = rows * (size + 2) - 2, columns * (size + 2) - 2
    layout = TileLayout(height, width, size, has_classes=has_classes, per_class=per_class)
    given, arranged = picture_of(layout, rows, columns, size)
    assert arranged.shape == (layout.height, layout.width) and layout.tile_count == 20
    seen = []
    for row, top in enumerate(layout.tops):
        for column, left in enumerate(layout.lefts):
            tile, shown = layout.tile_in(row, column), arranged[top : top + size, left : left + size]
            assert (shown == (48 if tile is None else tile + 1)).all()
            if tile is not None:
                assert layout.cell_of(tile) == (row, column)
                x, y = layout.given_corner(tile)
                assert given[y, x] == tile + 1
                seen.append(tile)
                if has_classes:
                    assert column // per_class == tile % columns, "a class stays together"
    assert sorted(seen) == list(range(20))
    assert {layout.cell_of(tile)[0] for tile in seen} == set(range(len(layout.tops))), "no line is left empty"
    outside = ((-1, 0), (0, -1), (len(layout.tops), 0), (0, len(layout.lefts)))
    assert all(layout.tile_in(*cell) is None for cell in outside)
    assert layout.width == layout.lefts[-1] + size and layout.height == layout.tops[-1] + size
    gaps = {b - a - size for a, b in zip(layout.lefts, layout.lefts[1:], strict=False)}
    assert gaps == ({2, 4} if has_classes else {2}), "classes are a little apart"


def test_the_ways_to_lay_a_grid_out():
    ways = layouts(5 * 5 - 2, 4 * 5 - 2, 3, has_classes=True)
    assert [(len(way.lefts) // 4, len(way.tops)) for way in ways] == [(1, 5), (1, 4), (2, 2), (4, 1), (5, 1)]
    assert ways[0].is_given
    plain = layouts(5 * 5 - 2, 4 * 5 - 2, 3, has_classes=False)
    assert len(plain[0].lefts) == 4
    assert {len(way.lefts) for way in plain} == {*range(1, 7), *range(8, 11), *range(15, 21)}, "no line with a hole"
    assert all(15 <= way.shown_count == len(way.lefts) * len(way.tops) for way in plain)
    many = layouts(8 * 5 - 2, 10 * 5 - 2, 3, has_classes=True)
    assert [len(way.tops) for way in many if len(way.lefts) == 10] == [8, 4, 5, 6, 7], "some without the last lines"
    given = np.zeros((23, 18), np.uint8)
    assert ways[0].arrange(given) is given
