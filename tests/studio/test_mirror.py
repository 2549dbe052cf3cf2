"""Runs side by side: the same moment, the same noise where there is any, what differs, and the band over the seeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.datasets.info import Column, DatasetInfo
from engine.events import Quality
from engine.i18n import set_language
from engine.latent.generator_session import GeneratorSession
from engine.pictures import tile
from engine.runs import RunFolder, RunInfo, runs_root
from studio.model.mirror import Mirror, MirroredRun, Shown
from studio.model.run import Run
from studio.model.run_data import RunData
from studio.services.mirror import _cut
from studio.text.mirror import MEASURES, differing, epoch_told, noise_told, value_told
from studio.workspaces.compare.mirror_panel import MirrorPanel
from tests import tiny
from tests.engine import hostile
from tests.studio.hands import shown

FACTS = DatasetInfo(80, tuple("0123456789"), 1, 8)
FRECHET = MEASURES[0]


def quality(epoch, frechet):
    return Quality(epoch, 80 * epoch, 500, frechet, frechet, frechet, 1.0, 0.5, 0.5, 0.0, 0.0)


def mirrored(name, epochs=4, frechet=(9.0, 5.0), z=0, kept=(), names=FACTS.class_names, columns=(), **options):
    data = RunData(80, 80 * epochs, batch_size=8)
    for epoch in range(epochs + 1):
        data.add_grid(epoch, Path(f"/runs/{name}/{epoch}.png"))
    data.qualities = [quality(2 * place + 2, value) for place, value in enumerate(frechet)]
    config, facts = tiny.config(**options), replace(FACTS, class_names=names, columns=columns)
    noise = {"z": np.arange(z, z + 10.0 * config.z_dim).reshape(10, -1), "labels": np.arange(10)}
    return MirroredRun(name, Run(Path("/runs") / name, RunInfo(config, facts), data), noise, kept)


def test_at_a_moment_each_shows_its_newest_epoch_and_a_shorter_one_its_last():
    mirror = Mirror([mirrored("a", 4), mirrored("b", 2)])
    assert mirror.moments == [0, 80, 160, 240, 320]
    assert [mirror.epoch_of(place, 240) for place in (0, 1)] == [3, 2]
    assert epoch_told(mirror, 1, 240) == "epoch 2, its last" and epoch_told(mirror, 0, 240) == "epoch 3"


def test_runs_of_the_same_noise_show_their_own_grids():
    mirror = Mirror([mirrored("a"), mirrored("b")])
    assert mirror.noise.count == 10 and "10 pictures" in noise_told(mirror, 320)
    assert "anew" not in noise_told(mirror, 320)
    for place in (0, 1):
        assert mirror.shown_at(place, 240) == Shown(3, places=tuple(range(10)))


def test_where_seeds_differ_the_networks_that_are_kept_draw_the_noise_of_the_first():
    mirror = Mirror([mirrored("a"), mirrored("b", z=100, seed=5, kept=(2, 4))])
    first, other = mirror.noise.drawn
    assert first.places == tuple(range(10)) and other.places is None and np.array_equal(first.z, other.z)
    assert mirror.shown_at(1, 320) == Shown(4, other) and mirror.shown_at(1, 240) == Shown(2, other), "the newest kept"
    assert epoch_told(mirror, 1, 240) == "epoch 2" and "anew with the networks kept of the epoch: b." in told(mirror)
    assert mirror.shown_at(1, 80) == Shown(1) and "no networks are kept so early: b." in noise_told(mirror, 80)
    assert mirror.shown_at(0, 80).is_shared


def told(mirror):
    return noise_told(mirror, mirror.moments[-1])


def test_what_cannot_draw_the_noise_of_the_others_says_why_and_they_share_it_all_the_same():
    odd = mirrored("odd", z_dim=3)
    runs = [odd, mirrored("a"), mirrored("b", z=100, kept=(4,)), mirrored("c", z=200)]
    mirror = Mirror(runs)
    assert [each if isinstance(each, str) else "" for each in mirror.noise.drawn] == ["length", "", "", "networks"]
    assert mirror.noise.count == 10 and "“odd” shows its own noise: its z has another length." in told(mirror)
    assert "“c” shows its own noise: it keeps no networks" in told(mirror)
    assert mirror.shown_at(0, 320) == Shown(4)
    alone = Mirror([mirrored("a"), odd])
    assert alone.noise.count == 0 and told(alone).startswith("These pictures are not of the same noise.")


def test_whole_rows_are_drawn_anew_and_not_too_many():
    many = {"z": np.arange(400.0).reshape(100, 4), "labels": np.arange(100) % 10}
    first = MirroredRun("a", mirrored("a").run, many)
    mirror = Mirror([first, mirrored("b", z=100, kept=(4,))])
    assert mirror.noise.count == 40 and mirror.noise.drawn[0].places == tuple(range(40))
    assert Mirror([first, MirroredRun("b", mirrored("b").run, many)]).noise.count == 80


def test_of_points_all_are_drawn_anew_as_few_look_like_another_set():
    columns = (Column("x", 0, 1), Column("y", 0, 1))
    many = {"z": np.arange(400.0).reshape(100, 4), "labels": np.full(100, -1)}
    other = mirrored("b", z=100, kept=(4,), names=(), columns=columns)
    first = MirroredRun("a", mirrored("a", names=(), columns=columns).run, many)
    assert Mirror([first, other]).noise.count == 100


def test_noise_that_is_lost_is_drawn_anew_or_said_to_be_lost():
    lost, kept = MirroredRun("b", mirrored("b").run), MirroredRun("c", mirrored("c").run, None, (4,))
    assert "“b” shows its own noise: that of its samples is lost." in told(Mirror([mirrored("a"), lost]))
    assert Mirror([mirrored("a"), kept]).shown_at(1, 320).drawn is not None
    assert Mirror([lost, kept]).noise.count == 0


@pytest.mark.parametrize(
    "noise",
    [
        {},
        {"z": np.zeros((2, 4))},
        {"z": np.zeros((2, 4)), "labels": np.array([0, 10])},
        {"z": np.zeros((2, 4)), "labels": np.array([0.0, 1.0])},
        {"z": np.zeros((2, 4)), "labels": np.zeros((2, 1), np.int64)},
        {"z": np.zeros(8), "labels": np.zeros(2, np.int64)},
        {"z": np.zeros((0, 4)), "labels": np.zeros(0, np.int64)},
    ],
)
def test_a_strangers_noise_that_does_not_fit_is_none(noise):
    mirror = Mirror([MirroredRun("x", mirrored("x").run, noise, (4,)), mirrored("a")])
    first, second = mirror.noise.drawn
    assert first.places is None and second.places == tuple(range(10)), "that of the other one counts"


@pytest.mark.parametrize(("label", "fits"), [(-2, False), (-1, True), (0, False)])
def test_where_no_class_is_known_the_only_label_is_none(label, fits):
    plain = mirrored("plain", architecture="dcgan-tutorial")
    noise = {"z": plain.noise["z"][:2], "labels": np.full(2, label)}
    mirror = Mirror([MirroredRun(name, plain.run, noise) for name in "ab"])
    assert (mirror.noise.drawn[0] != "lost") == fits


def test_runs_of_other_classes_show_those_that_all_know_by_their_names():
    noise = {"z": np.repeat(np.arange(8.0).reshape(2, 4), 2, 0), "labels": np.array([0, 1, 0, 1])}
    few = mirrored("few", classes=(3, 8), names=("3", "8"), kept=(4,))
    mirror = Mirror([MirroredRun("few", few.run, noise, (4,)), mirrored("all", kept=(4,)), mirrored("b", kept=(4,))])
    assert mirror.noise.columns == 10 and mirror.noise.same_classes, "two classes five times, if there are so many"
    assert [each.labels.tolist() for each in mirror.noise.drawn] == [[0, 1, 0, 1], [3, 8, 3, 8], [3, 8, 3, 8]]
    mirror = Mirror([mirrored("all"), MirroredRun("few", few.run, noise, (4,))])
    assert mirror.noise.drawn[0].places == (3, 8) and mirror.noise.drawn[1].labels.tolist() == [0, 1]
    other = mirrored("other", classes=(1,), names=("1",), kept=(4,))
    mirror = Mirror([MirroredRun("few", few.run, noise), other])
    assert not mirror.noise.same_classes and "different classes" in told(mirror)
    assert mirror.noise.drawn[1].labels.tolist() == [0] * 4
    plain = mirrored("plain", architecture="dcgan-tutorial", kept=(4,))
    assert Mirror([mirrored("all"), plain]).noise.drawn[1].labels.tolist() == [-1] * 10


def test_measures_are_those_of_the_moment_and_the_best_is_known():
    mirror = Mirror([mirrored("a", frechet=(9.0, 5.0)), mirrored("b", frechet=(7.0, 6.0))])
    assert mirror.taken(0, FRECHET, 80) is None and mirror.taken(0, FRECHET, 155) == (9.0, 2), "within a step"
    assert [mirror.taken(place, FRECHET, 200) for place in (0, 1)] == [(9.0, 2), (7.0, 2)]
    assert mirror.best(FRECHET, 200) == {1} and mirror.best(FRECHET, 320) == {0} and mirror.best(FRECHET, 80) == set()
    other = Mirror([mirrored("a", frechet=(9.0, 5.0)), mirrored("3 and 8", frechet=(7.0, 6.0), classes=(3, 8))])
    assert other.best(FRECHET, 200) == set() and "different data" in noise_told(other, 200)


def test_what_was_judged_of_an_epoch_before_the_one_shown_says_of_which_and_is_not_the_best(qtbot):
    late = mirrored("late", frechet=())
    late.run.data.qualities = [quality(1, 9.0), quality(2, 8.0), quality(3, 7.0)]
    mirror = Mirror([mirrored("early"), late])
    panel = shown(qtbot, MirrorPanel(), 1000, 700)
    panel.show_mirror(mirror)
    panel.slider.setValue(1)
    assert texts_of(panel) == ["–", "9.0"] and mirror.best(FRECHET, 80) == set()
    panel.slider.setValue(2)
    assert texts_of(panel) == ["9.0", "8.0"] and are_bold(panel) == [False, True]
    panel.slider.setValue(3)
    assert texts_of(panel) == ["9.0 (epoch 2)", "7.0"] and are_bold(panel) == [False, False]
    panel.slider.setValue(4)
    assert texts_of(panel) == ["5.0", "7.0 (epoch 3)"] and are_bold(panel) == [False, False]
    set_language("es")
    panel.retranslate()
    assert texts_of(panel)[1] == "7,0 (época 3)"


def texts_of(panel):
    return [label.text() for label in panel.values[0]]


def are_bold(panel):
    return [label.font().bold() for label in panel.values[0]]


def test_a_measure_is_of_the_last_epoch_where_that_was_cut_short_and_else_not_of_older_networks():
    short, anew = mirrored("short"), mirrored("anew", z=100, kept=(1, 3))
    short.run.data.total_images = 300  # three epochs and a part
    short.run.data.qualities = [Quality(3, 304, 500, 9.0, 9.0, 9.0, 1.0, 0.5, 0.5, 0.0, 0.0)]
    mirror = Mirror([short, anew])
    assert value_told(mirror, 0, FRECHET, 320) == "9.0" and epoch_told(mirror, 0, 320) == "epoch 4"
    assert epoch_told(mirror, 1, 160) == "epoch 1" and value_told(mirror, 1, FRECHET, 160) == "9.0 (epoch 2)"


def test_runs_that_differ_in_their_seed_only_are_one_curve_with_a_band():
    mirror = Mirror(
        [mirrored("a", frechet=(9.0, 5.0)), mirrored("b", frechet=(7.0, 3.0), seed=5), mirrored("c", g_lr=0.1)]
    )
    assert mirror.groups == [(0, 1), (2,)]
    band, alone = mirror.curves(FRECHET)
    assert band.mean.tolist() == [8.0, 4.0] and band.low.tolist() == [7.0, 3.0] and band.high.tolist() == [9.0, 5.0]
    assert alone.x.tolist() == [160.0, 320.0]


def test_distances_are_drawn_by_orders_of_magnitude_as_in_the_panel_of_quality_and_shares_as_they_are(qtbot):
    panel = shown(qtbot, MirrorPanel(), 1000, 700)
    panel.show_mirror(Mirror([mirrored("a", frechet=(1000.0, 10.0)), mirrored("b", frechet=(0.0, 100.0), g_lr=0.1)]))
    heights = [item.getData()[1].tolist() for item in panel.curves.getPlotItem().listDataItems()]
    assert [3, 1] in heights and [-2, 2] in heights, "a logarithm needs more than nothing"
    axis = panel.curves.getAxis("left")
    assert axis.tickStrings([1, 3], 1, 1) == ["10", "1,000"]
    panel.measure.setCurrentIndex(2)
    heights = [item.getData()[1].tolist() for item in panel.curves.getPlotItem().listDataItems()]
    assert heights == [[0.5, 0.5]] * 2 and panel.curves.getAxis("left").tickStrings([1, 3], 1, 1) == ["1", "3"]


def test_what_differs_is_said_of_each_in_words():
    told = differing(Mirror([mirrored("a"), mirrored("b", g_lr=0.1)]))
    assert "0.1" in told[1][0] and told[0][0] != told[1][0] and "eed" not in told[0][0]
    assert [text for text, _ in differing(Mirror([mirrored("a"), mirrored("b")]))] == ["The same options"] * 2


@pytest.mark.parametrize(
    ("places", "columns", "shape"),
    [
        ((), 5, (8, 28)),
        (range(12), 6, (8, 28)),
        (range(12), 12, (3, 58)),
        ((0, 1), 5, (3, 8)),
        ((3, 5, 7, 1), 2, (8, 8)),
        ((99,), 1, (8, 28)),
    ],
)
def test_pictures_are_cut_to_the_noise_that_all_share(places, columns, shape):
    grid = np.zeros((8, 28), np.uint8)  # 2 rows of 6 tiles, 3 pixels large
    assert _cut(grid, 3, places, columns).shape == shape


def test_the_pictures_drawn_anew_are_those_of_the_kept_generator(window, qtbot):
    """Two runs of one generator and other noise: what one has in its grid, the other draws."""
    window.wake()
    for number, name in enumerate("ab"):
        run = hostile.make_run(runs_root() / name)
        run.save_noise({"z": np.full((20, 4), 0.1 * number, np.float32), "labels": np.arange(20) % 10})
    service = window.services.mirror
    with qtbot.waitSignal(service.ready) as ready:
        service.open([runs_root() / "a", runs_root() / "b"])
    mirror = ready.args[0]
    with qtbot.waitSignal(service.pictures_ready) as arrived:
        service.want(mirror, 160)
    shared, drawn = arrived.args[1]
    info = RunFolder(runs_root() / "b").info()
    session = GeneratorSession(info.config, info.facts)
    session.load(RunFolder(runs_root() / "b").generator(2))
    pictures = session.render(np.zeros((20, 4), np.float32), np.arange(20) % 10)
    assert np.array_equal(drawn, tile(pictures, 10, 2)) and shared.shape != (1, 1)
    assert mirror.shown_at(1, 160).drawn is not None and mirror.shown_at(0, 160).places


def test_one_slider_moves_all_and_newer_wishes_are_not_overwritten(qtbot):
    panel = shown(qtbot, MirrorPanel(), 1000, 700)
    asked = []
    panel.moment_chosen.connect(asked.append)
    panel.show_mirror(Mirror([mirrored("a"), mirrored("b", 2)]))
    assert asked == [160] and panel.slider.maximum() == 4, "the last moment that both have come to"
    panel.slider.setValue(1)
    assert asked[-1] == 80 and panel.moment_label.text() == "Epoch 1"
    picture = np.full((100, 100), 7, np.uint8)
    panel.show_pictures(320, [picture, picture])
    assert panel.pictures[0].picture is None, "of another moment"
    panel.show_pictures(80, [picture, None])
    assert panel.pictures[0].picture is not None and panel.pictures[1].picture is None
    room, side = panel.pictures[0].size(), panel.pictures[0].picture_rect().width()
    assert min(room.width(), room.height()) - 100 / 8 <= side, "less than an eighth of each of its pixels is left"
    panel.axis.setCurrentIndex(1)
    assert panel.moment_label.text() == "80 images seen"
    panel.show_mirror(Mirror([mirrored("a", frechet=(9.0, 5.0)), mirrored("b", frechet=(7.0, 6.0))]))
    assert [label.font().bold() for label in panel.values[0]] == [True, False], "the best one"
    panel.slider.setValue(2)
    assert [label.font().bold() for label in panel.values[0]] == [False, True]
    panel.show_mirror(Mirror())
    assert panel.empty.isVisible()


def test_pictures_use_the_room_that_their_width_is_worth(qtbot):
    panel = shown(qtbot, MirrorPanel(), 1300, 600)
    panel.show_mirror(Mirror([mirrored("a"), mirrored("b")]))
    panel.show_pictures(320, [np.full((6 * 30, 10 * 30), 7, np.uint8)] * 2)
    qtbot.waitUntil(lambda: panel.pictures[0].picture_rect().height() > 0.4 * 600)
    panel.show_pictures(320, [np.full((30, 10 * 30), 7, np.uint8)] * 2)
    qtbot.waitUntil(lambda: panel.pictures[0].height() < 0.4 * 600)


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
