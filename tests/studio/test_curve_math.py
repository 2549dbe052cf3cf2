"""How curves are computed: smoothing, thinning, the range of values, the nearest row."""

from __future__ import annotations

import numpy as np
import pytest

from studio.widgets.plots.curve_math import (
    SmoothedTable,
    dashes,
    decaying_sum,
    nearest,
    peaks,
    robust_range,
    round_range,
)

# Numbers


@pytest.mark.parametrize("half_life", [1, 8, 500])
def test_smoothing_is_the_exponential_average_however_the_rows_arrive(half_life):
    raw = np.random.default_rng(0).normal(size=(2, 3000))
    raw[0, 100:110] = np.nan
    at_once, in_parts = SmoothedTable(2, half_life), SmoothedTable(2, half_life)
    at_once.append(raw)
    for part in np.array_split(raw, [1, 2, 50, 105, 1500], axis=1):
        in_parts.append(part)
    keep, total, weight = 0.5 ** (1 / half_life), np.zeros(2), np.zeros(2)
    for number, row in enumerate(raw.T):
        known = np.isfinite(row)
        total, weight = keep * total + np.where(known, row, 0), keep * weight + known
        expected = np.where(known, total / weight, np.nan)
        np.testing.assert_allclose(at_once.smooth[:, number], expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(in_parts.smooth, at_once.smooth, rtol=1e-9, atol=1e-12)
    assert at_once.gap_starts == in_parts.gap_starts == [100]


def test_another_half_life_smooths_the_rows_that_are_there():
    table = SmoothedTable(1, 0)
    table.append(np.arange(10.0)[None])
    np.testing.assert_array_equal(table.smooth, table.raw)
    table.set_half_life(2)
    assert table.smooth[0, 0] == 0.0
    assert table.smooth[0, -1] < 9.0


def test_a_decaying_sum_carries_over():
    np.testing.assert_allclose(decaying_sum(np.ones((1, 3)), 0.5, np.array([4.0])), [[3.0, 2.5, 2.25]])


def test_infinite_is_a_gap_like_nan():
    table = SmoothedTable(1, 2)
    table.append(np.array([[1.0, np.inf, 1.0, np.nan, -np.inf]]))
    np.testing.assert_array_equal(np.isnan(table.smooth[0]), [False, True, False, True, True])
    assert table.gap_starts == [1, 3]


def test_thinning_keeps_peaks_and_gaps():
    x, y = np.linspace(0, 10, 20_000), np.zeros(20_000)
    y[7777], y[12_345], y[15_000] = 5.0, -3.0, np.nan
    xs, ys = peaks(x, y, 0, 10, 500)
    assert len(xs) <= 1002
    assert np.nanmax(ys) == 5.0
    assert np.nanmin(ys) == -3.0
    assert np.isnan(ys).any()
    assert (np.diff(xs) >= 0).all()


def test_few_rows_are_not_thinned_and_a_neighbor_leads_out_of_the_view():
    x = np.arange(10.0)
    xs, _ = peaks(x, x, 3.5, 6.5, 100)
    assert xs.tolist() == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("count", [0, 1, 2, 20_000])
def test_a_smooth_curve_has_at_most_one_point_per_pixel(count):
    x = np.linspace(1, 9, count)
    xs, ys, connect = dashes(x, x * 2, 0, 10, 300, (4, 2))
    assert len(xs) == len(ys) == len(connect) <= 302
    np.testing.assert_allclose(ys, xs * 2)
    if count > 1:
        assert (xs[0], xs[-1]) == (1, 9)
        assert not connect.all()
        assert connect.mean() == pytest.approx(4 / 6, abs=0.02)


def test_a_smooth_curve_has_each_place_once_and_no_line_into_a_gap():
    x = np.arange(1.0, 10.0)
    xs, ys, connect = dashes(x, np.where(x == 5, np.nan, x), 0, 10, 10, (1, 0))
    assert xs.tolist() == x.tolist() and np.isnan(ys[4])
    assert [bool(connect[k]) for k in range(8)] == [not np.isnan(ys[k] + ys[k + 1]) for k in range(8)]


def test_a_smooth_curve_outside_the_view_is_nothing():
    x = np.arange(5.0)
    assert len(dashes(x, x, 7, 9, 100, (1, 0))[0]) == 0


def test_the_value_range_ignores_wild_first_rows_and_shows_the_newest():
    raw = np.ones((2, 100))
    raw[:, :4] = 1e6
    low, high = robust_range(raw, raw)
    assert low < 1 < high < 2
    raw[:, -1] = 7.0
    low, high = robust_range(raw, raw)
    assert high > 7


@pytest.mark.parametrize("largest", [0.7, 1.4, 40.0])
def test_what_is_never_negative_has_an_axis_that_is_not(largest):
    raw = np.linspace(0, largest, 200).reshape(2, 100)
    low, high = robust_range(raw, raw)
    assert -0.03 * high < low <= 0 and high > largest
    assert robust_range(raw - largest / 2, raw)[0] < -0.4 * largest, "a critic's loss may be"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.75, 9.25, (0, 10)), (0.25, 9.75, (-5, 15)), (-3, 5, (-4, 6)), (7, 7, (6.998, 7.002)), (0, 0, (-5e-7, 5e-7))],
)
def test_a_round_range_has_a_tenth_of_a_step_of_air(low, high, expected):
    assert round_range(low, high) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("value", [0.0, 3.0, -1e-9, 1e12, np.nan])
def test_the_value_range_is_never_flat(value):
    raw = np.full((2, 5), value)
    low, high = robust_range(raw, raw)
    assert np.isfinite([low, high]).all()
    assert low < high


def test_nearest_row():
    x = np.array([1.0, 2.0, 4.0])
    assert [nearest(x, place) for place in (-5, 1.4, 1.6, 3.1, 99)] == [0, 0, 1, 2, 2]
    assert nearest(x[:0], 1.0) is None
    assert nearest(x[:1], 1.0) == 0
