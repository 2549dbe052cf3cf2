"""Runs side by side: the same moment, the same noise where there is any, what differs, and the band over the seeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.datasets.info import DatasetInfo
from engine.events import Quality
from engine.runs import RunFolder, RunInfo, runs_root
from studio.model.mirror import Mirror, MirroredRun
from studio.model.run import Run
from studio.model.run_data import RunData
from studio.services.mirror import _cut
from studio.text.mirror import MEASURES, differing, epoch_told, noise_told
from studio.workspaces.compare.mirror_panel import MirrorPanel
from tests import tiny
from tests.engine import hostile
from tests.studio.hands import shown

FACTS = DatasetInfo(80, tuple("0123456789"), 1, 8)
FRECHET = MEASURES[0]


def quality(epoch, frechet):
    return Quality(epoch, 80 * epoch, 500, frechet, frechet, frechet, 1.0, 0.5, 0.5, 0.0, 0.0)


def mirrored(name, epochs=4, frechet=(9.0, 5.0), z=0, **options):
    data = RunData(80, 80 * epochs, batch_size=8)
    for epoch in range(epochs + 1):
        data.add_grid(epoch, Path(f"/runs/{name}/{epoch}.png"))
    data.qualities = [quality(2 * place + 2, value) for place, value in enumerate(frechet)]
    noise = {"z": np.arange(z, z + 40.0).reshape(10, 4), "labels": np.arange(10)}
    return MirroredRun(name, Run(Path("/runs") / name, RunInfo(tiny.config(**options), FACTS), data), noise)


def test_at_a_moment_each_shows_its_newest_epoch_and_a_shorter_one_its_last():
    mirror = Mirror([mirrored("a", 4), mirrored("b", 2)])
    assert mirror.moments == [0, 80, 160, 240, 320]
    assert [mirror.epoch_of(place, 240) for place in (0, 1)] == [3, 2]
    assert epoch_told(mirror, 1, 240) == "epoch 2, its last" and epoch_told(mirror, 0, 240) == "epoch 3"


def test_the_same_noise_is_told_from_other_noise_with_the_reason():
    same, other = Mirror([mirrored("a"), mirrored("b")]), Mirror([mirrored("a"), mirrored("b", z=1, seed=5)])
    assert same.same_noise() == 10 and "10 pictures" in noise_told(same)
    assert other.same_noise() == 0 and "different seeds" in noise_told(other)
    lost = Mirror([mirrored("a"), MirroredRun("b", mirrored("b").run)])
    assert lost.same_noise() == 0 and "lost" in noise_told(lost)


def test_measures_are_those_of_the_moment_and_the_best_is_known():
    mirror = Mirror([mirrored("a", frechet=(9.0, 5.0)), mirrored("b", frechet=(7.0, 6.0))])
    assert mirror.value(0, FRECHET, 80) is None and mirror.value(0, FRECHET, 155) == 9.0, "within a step"
    assert [mirror.value(place, FRECHET, 200) for place in (0, 1)] == [9.0, 7.0]
    assert mirror.best(FRECHET, 200) == {1} and mirror.best(FRECHET, 320) == {0} and mirror.best(FRECHET, 80) == set()


def test_runs_that_differ_in_their_seed_only_are_one_curve_with_a_band():
    mirror = Mirror(
        [mirrored("a", frechet=(9.0, 5.0)), mirrored("b", frechet=(7.0, 3.0), seed=5), mirrored("c", g_lr=0.1)]
    )
    assert mirror.groups == [(0, 1), (2,)]
    band, alone = mirror.curves(FRECHET)
    assert band.mean.tolist() == [8.0, 4.0] and band.low.tolist() == [7.0, 3.0] and band.high.tolist() == [9.0, 5.0]
    assert alone.x.tolist() == [160.0, 320.0]


def test_what_differs_is_said_of_each_in_words():
    told = differing(Mirror([mirrored("a"), mirrored("b", g_lr=0.1)]))
    assert "0.1" in told[1][0] and told[0][0] != told[1][0] and "eed" not in told[0][0]
    assert [text for text, _ in differing(Mirror([mirrored("a"), mirrored("b")]))] == ["The same options"] * 2


@pytest.mark.parametrize(("count", "shape"), [(0, (8, 28)), (12, (8, 28)), (2, (3, 8)), (7, (8, 28)), (6, (3, 28))])
def test_pictures_are_cut_to_the_noise_that_all_share(count, shape):
    grid = np.zeros((8, 28), np.uint8)  # 2 rows of 6 tiles, 3 pixels large
    assert _cut(grid, 3, count).shape == shape


def test_one_slider_moves_all_and_newer_wishes_are_not_overwritten(qtbot):
    panel = shown(qtbot, MirrorPanel(), 1000, 700)
    asked = []
    panel.moment_chosen.connect(asked.append)
    panel.show_mirror(Mirror([mirrored("a"), mirrored("b", 2)]))
    assert asked == [320] and panel.slider.maximum() == 4
    panel.slider.setValue(1)
    assert asked[-1] == 80 and panel.moment_label.text() == "Epoch 1"
    picture = np.full((8, 8), 7, np.uint8)
    panel.show_pictures(320, [picture, picture])
    assert panel.pictures[0].picture is None, "of another moment"
    panel.show_pictures(80, [picture, None])
    assert panel.pictures[0].picture is not None and panel.pictures[1].picture is None
    panel.axis.setCurrentIndex(1)
    assert panel.moment_label.text() == "80 images seen"
    panel.show_mirror(Mirror())
    assert panel.empty.isVisible()


def test_chosen_runs_are_shown_side_by_side_in_the_window(window, qtbot):
    window.wake()
    for name in "abc":
        hostile.make_run(runs_root() / name)
    window.services.runs.list_again()
    window.commands.do("go_to_compare")
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 3)
    window.run_table.choose([runs_root() / "a", runs_root() / "b"])
    window.commands.refresh()
    window.commands.do("mirror_runs")
    panel = window.mirror_panel
    qtbot.waitUntil(lambda: len(panel.pictures) == 2 and all(it.picture is not None for it in panel.pictures))
    assert window.workspace.pages.currentWidget() is panel and window.workspace.timeline.isHidden()
    assert {each.run.path.name for each in panel.mirror.runs} == {"a", "b"}
    assert RunFolder(runs_root() / "a").exists()
