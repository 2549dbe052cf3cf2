import errno
import json
import os
import shutil

import numpy as np
import pytest

from engine import files
from engine.datasets.info import DatasetInfo
from engine.errors import DiskError, UserError
from engine.events import MetricsRow
from engine.runs import SCHEMA, RunFolder, RunInfo, jsonl, list_runs, new_run_path, runs_root
from engine.runs.numbered import select_for_pruning
from tests import tiny

ROWS = [MetricsRow(i, 1, 8 * i, 0.5 * i, 1.25, float("nan") if i == 2 else 0.75, 0.6, 0.4, i) for i in range(1, 5)]
NOISE = {"z": np.zeros((20, 4), np.float32), "labels": np.arange(20)}
MEGABYTE = {"w": np.zeros(249_900, np.float32)}  # with its header a little less than 10⁶ bytes
HALF = {"w": np.zeros(124_900, np.float32)}


@pytest.fixture
def run(folder):
    folder.create()
    folder.save_info(RunInfo(tiny.config(), tiny.data().facts, [(8, "g_lr", 0.01)]))
    folder.append_metrics(ROWS)
    for images in (80, 160, 240):
        weights = {f"{player}.w": np.full(3, images, np.float32) for player in ("average", "discriminator")}
        folder.save_state(images, weights | {"other": np.zeros(2)}, {"step": images})
    folder.save_snapshot(1, {"w": np.zeros(3, np.float32)}, {"v": np.ones(3, np.float32)})
    return folder


def test_what_is_written_is_read_again(run):
    info = run.info()
    assert info.config == tiny.config()
    assert info.facts == tiny.data().facts
    assert info.changes == [(8, "g_lr", 0.01)]
    assert str(run.metrics()) == str(ROWS)
    arrays, facts = run.state()
    assert facts == {"step": 240} and arrays["average.w"][0] == 240
    assert run.generator().keys() == run.discriminator().keys() == {"w"}
    assert run.generator(1)["w"].tolist() == [0, 0, 0] and run.discriminator(1)["v"].tolist() == [1, 1, 1]
    assert run.generator_epochs() == [1]


def test_only_the_newest_two_checkpoints_stay(run):
    assert sorted(path.name for path in (run.path / "checkpoints").glob("state-*")) == [
        "state-000000000160.safetensors",
        "state-000000000240.safetensors",
    ]


def test_a_damaged_checkpoint_gives_way_to_the_one_before(run):
    newest = run.path / "checkpoints" / "state-000000000240.safetensors"
    newest.write_bytes(newest.read_bytes()[:100])
    assert run.state()[1] == {"step": 160}
    older = run.path / "checkpoints" / "state-000000000160.safetensors"
    older.write_bytes(b"")
    with pytest.raises(UserError, match="damaged"):
        run.state()


def test_metrics_are_read_up_to_the_torn_line_and_cut_on_resume(run):
    path = run.path / "metrics.csv"
    path.write_text(path.read_text()[:-5])
    assert len(run.metrics()) == 3
    run.truncate_metrics(2)
    assert [row.step for row in run.metrics()] == [1, 2]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"schema": "x"}', '{"schema": 1}', "\udcff", "[" * 100_000]
)
def test_a_damaged_config_is_one_clear_sentence(run, content):
    (run.path / "config.json").write_text(content, errors="surrogateescape")
    with pytest.raises(UserError, match="missing or damaged"):
        run.info()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("facts", None),
        ("facts", {"image_count": 0}),
        ("changes", [[1]]),
        ("changes", None),
        ("config", [1]),
        ("config", {"epochs": -1}),
        ("went_back", [[1]]),
        ("went_back", [[640, -1]]),
        ("went_back", {"640": 0}),
    ],
)
def test_senseless_contents_are_refused(run, key, value):
    path = run.path / "config.json"
    content = json.loads(path.read_text()) | {key: value}
    path.write_text(json.dumps(content))
    with pytest.raises(UserError):
        run.info()


def test_a_run_of_a_newer_version_says_so(run):
    path = run.path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": SCHEMA + 1, "duelo": "9.9"}))
    with pytest.raises(UserError, match=r"newer Duelo \(9.9\)"):
        run.info()


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(UserError, match="holds no run"):
        RunFolder(tmp_path).info()
    with pytest.raises(UserError, match="no checkpoint yet"):
        RunFolder(tmp_path).state()
    assert RunFolder(tmp_path).metrics() == []


def test_an_unknown_epoch_names_those_that_exist(run):
    with pytest.raises(UserError, match="from 1 to 1"):
        run.generator(7)


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    files.write_atomically(path, b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskError, match="disk is full"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_place_that_cannot_be_written_says_how_to_mend_it(tmp_path):
    with pytest.raises(DiskError, match="folder is gone"):
        files.write_atomically(tmp_path / "none" / "file", b"")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskError):
        RunFolder(tmp_path / "file" / "run").create()


def test_runs_are_listed_newest_first_and_rubbish_says_what_is_wrong(run, tmp_path):
    (tmp_path / "rubbish").mkdir()
    (tmp_path / "rubbish" / "config.json").write_text("{")
    os.utime(tmp_path / "rubbish", (0, 0))
    found, bad = list_runs(tmp_path)
    assert found.path == run.path and bad.path == tmp_path / "rubbish"
    assert (found.images_seen, found.total_images, found.finished) == (240, 320, False)
    assert list_runs(tmp_path / "nowhere") == []


def test_a_new_run_gets_a_free_name_below_the_home_of_runs():
    first = new_run_path("studio")
    assert first.parent == runs_root()
    first.mkdir(parents=True)
    assert new_run_path("studio") != first


def change_config(run, **entries):
    path = run.path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


class TestOlderRuns:
    def test_both_players_take_over_the_beta_that_they_shared(self, run):
        options = json.loads((run.path / "config.json").read_text())["config"]
        old = {name: value for name, value in options.items() if "beta" not in name and name != "max_snapshot_mb"}
        change_config(run, schema=1, config=old | {"beta1": 0.5, "beta2": 0.99})
        config = run.info().config
        assert (config.g_beta1, config.d_beta1, config.g_beta2, config.d_beta2) == (0.5, 0.5, 0.99, 0.99)
        assert config == tiny.config(g_beta1=0.5, d_beta1=0.5, g_beta2=0.99, d_beta2=0.99)

    def test_today_the_shared_beta_is_unknown(self, run):
        change_config(run, config={"beta1": 0.5})
        with pytest.raises(UserError, match="beta1"):
            run.info()

    def test_metrics_without_the_newest_column_are_read_and_cut_to_the_new_form(self, run):
        path = run.path / "metrics.csv"
        old = [line.rpartition(",")[0] for line in path.read_text().splitlines()]
        path.write_text("\n".join(old) + "\n")
        assert str(run.metrics()) == str([row._replace(d_skipped=0) for row in ROWS])
        run.truncate_metrics(2)
        run.append_metrics(ROWS[2:])
        assert [row.d_skipped for row in run.metrics()] == [0, 0, 3, 4]

    def test_columns_go_by_the_header(self, run):
        header = ",".join(["note", *reversed(MetricsRow._fields)])
        lines = [",".join(["x", *(str(value) for value in reversed(row))]) for row in ROWS]
        (run.path / "metrics.csv").write_text("\r\n".join([header, *lines, ""]))
        assert str(run.metrics()) == str(ROWS)


def test_the_classes_are_those_that_the_generator_can_be_asked_for():
    facts = tiny.data().facts
    assert RunInfo(tiny.config(), facts).classes == tuple("0123456789")
    assert RunInfo(tiny.config(architecture="mlp"), facts).classes == ()


def test_more_classes_than_can_be_read_again_are_refused_at_once(run):
    facts = DatasetInfo(10_000, tuple(map(str, range(1001))), 1, 8)
    with pytest.raises(UserError, match="1001 classes"):
        run.save_info(RunInfo(tiny.config(), facts))


class TestThinning:
    def test_generators_and_states_together_stay_below_the_limit(self, run):
        run.save_state(1000, MEGABYTE, {})
        for epoch in range(1, 21):
            run.save_snapshot(epoch, HALF, HALF)
        run.prune(10)
        kept = run.generator_epochs()
        assert len(kept) == 9 and {1, 20} < set(kept)
        assert all(run.discriminator(epoch).keys() == {"w"} for epoch in kept)
        assert len(list((run.path / "checkpoints").glob("discriminator-*"))) == 9
        assert sum(path.stat().st_size for path in (run.path / "checkpoints").iterdir()) <= 10 * 10**6
        assert run.images_seen() == 1000 and run.generator().keys() == set()

    def test_nothing_goes_while_there_is_room(self, run):
        for epoch in (1, 2, 3):
            run.save_snapshot(epoch, HALF, HALF)
        run.prune(10)
        assert run.generator_epochs() == [1, 2, 3]

    def test_generators_of_older_runs_are_thinned_without_opponents(self, run):
        for epoch in range(1, 8):
            run.save_snapshot(epoch, MEGABYTE, MEGABYTE)
            (run.path / "checkpoints" / f"discriminator-{epoch:04d}.safetensors").unlink()
        run.save_snapshot(8, HALF, HALF)
        run.prune(5)
        assert len(run.generator_epochs()) < 6 and {1, 8} < set(run.generator_epochs())

    @pytest.mark.parametrize("room", [3, 4, 5, 8, 50])
    def test_what_is_left_stays_spread_evenly_as_training_goes_on(self, room):
        sizes = {}
        for epoch in range(1, 400):
            sizes[epoch] = 1
            for dropped in select_for_pruning(sizes, room, ()):
                del sizes[dropped]
            assert len(sizes) == min(epoch, room)
            assert 1 in sizes and epoch in sizes
            if len(sizes) > 3:
                assert np.diff(sorted(sizes)).max() <= 2 * (epoch - 1) / (len(sizes) - 1)

    def test_the_best_one_stays_and_so_do_the_ends_even_without_room(self):
        sizes = dict.fromkeys(range(1, 8), 10)
        assert sorted(select_for_pruning(sizes, 0, (6,))) == [2, 3, 4, 5]
        assert (
            select_for_pruning({}, 0, ())
            == select_for_pruning({3: 9}, 0, ())
            == select_for_pruning({3: 9, 4: 9}, 0, ())
            == []
        )

    def test_an_epoch_thinned_away_names_its_neighbors(self, run):
        run.save_snapshot(9, MEGABYTE, MEGABYTE)
        run.save_snapshot(5, MEGABYTE, MEGABYTE)
        for read in (run.generator, run.discriminator):
            with pytest.raises(UserError, match=r"epoch 7 was not kept.*epochs 5 and 9"):
                read(7)
            for epoch in (0, -1, 10, 10**400):
                with pytest.raises(UserError, match="from 1 to 9"):
                    read(epoch)


class TestPlayers:
    def test_a_generator_of_an_older_run_has_no_opponent_and_says_so(self, run):
        (run.path / "checkpoints" / "discriminator-0001.safetensors").unlink()
        assert run.generator(1)
        with pytest.raises(UserError, match="discriminator of epoch 1 was not kept"):
            run.discriminator(1)
        assert run.discriminator()["w"][0] == 240

    @pytest.mark.parametrize(("epoch", "nearest"), [(0, 1), (1, 1), (3, 1), (4, 5), (7, 5), (8, 9), (10**400, 9)])
    def test_the_nearest_epoch_is_found_and_of_two_the_earlier(self, run, epoch, nearest):
        run.save_snapshot(5, HALF, HALF)
        run.save_snapshot(9, HALF, HALF)
        assert run.nearest_snapshot_epoch(epoch) == nearest

    def test_nothing_is_near_where_nothing_is_kept(self, tmp_path):
        assert RunFolder(tmp_path).nearest_snapshot_epoch(3) is None


class TestVerdicts:
    def test_they_come_back_bit_by_bit_and_are_cut_on_resume(self, run):
        assert run.verdicts() == {}
        told = {epoch: np.random.default_rng(epoch).random(9, np.float32) for epoch in (1, 2, 3)}
        for epoch, verdicts in told.items():
            run.append_verdicts(epoch, 80 * epoch, verdicts)
        read = run.verdicts()
        assert list(read) == [1, 2, 3] and all(array.dtype == np.float32 for array in read.values())
        assert all(np.array_equal(read[epoch], told[epoch]) for epoch in told)
        run.truncate(0, 160)
        assert list(run.verdicts()) == [1, 2] and np.array_equal(run.verdicts()[2], told[2])

    def test_how_much_the_pictures_differ_is_kept_where_it_was_measured(self, run):
        assert run.spreads() == []
        for epoch, spread in ((0, 0.0), (1, None), (2, 0.25)):
            run.append_verdicts(epoch, 80 * epoch, np.ones(3, np.float32), spread)
        assert run.spreads() == [(0, 0.0), (160, 0.25)] and list(run.verdicts()) == [0, 1, 2]
        run.truncate(0, 80)
        assert run.spreads() == [(0, 0.0)]

    def test_a_torn_last_line_is_passed_over_and_cut(self, run):
        for epoch in (1, 2):
            run.append_verdicts(epoch, 80 * epoch, np.ones(3, np.float32))
        path = run.path / "verdicts.jsonl"
        path.write_bytes(path.read_bytes()[:-4])
        assert list(run.verdicts()) == [1]
        run.truncate(0, 160)
        run.append_verdicts(2, 160, np.zeros(3, np.float32))
        assert run.verdicts()[2].tolist() == [0, 0, 0]

    def test_an_epoch_that_went_on_after_its_budget_has_its_newest_verdicts(self, run):
        run.append_verdicts(2, 104, np.zeros(3, np.float32))
        run.append_verdicts(2, 160, np.ones(3, np.float32))
        assert run.verdicts()[2].tolist() == [1, 1, 1]

    def test_of_very_many_all_of_the_course_is_read_and_nothing_is_lost_on_resume(self, run, monkeypatch):
        monkeypatch.setattr(jsonl, "MOST_RECORDS", 4)
        for epoch in range(1, 12):
            run.append_verdicts(epoch, 10 * epoch, np.full(2, 0.5, np.float32))
        assert list(run.verdicts()) == [1, 5, 9, 11]
        run.truncate(0, 90)
        monkeypatch.undo()
        assert list(run.verdicts()) == list(range(1, 10))

    def test_cutting_what_was_never_told_makes_no_file(self, run):
        run.truncate(0, 0)
        assert not (run.path / "verdicts.jsonl").exists()


class TestRemovedFolder:
    def test_the_folder_comes_back_with_what_is_at_hand(self, run):
        info = run.info()
        shutil.rmtree(run.path)
        run.restore_folder(info, NOISE)
        assert run.info() == info
        assert np.array_equal(run.noise()["labels"], NOISE["labels"])
        run.append_metrics(ROWS)
        run.save_state(8, MEGABYTE, {"step": 1})
        assert str(run.metrics()) == str(ROWS) and run.images_seen() == 8

    def test_letting_go_of_a_lock_in_a_removed_folder_is_no_error(self, run):
        with run.lock():
            shutil.rmtree(run.path)
        assert not run.path.exists()

    def test_the_restored_folder_is_locked_again(self, run):
        info = run.info()
        with run.lock():
            shutil.rmtree(run.path)
            run.restore_folder(info, NOISE)
            with pytest.raises(UserError, match="another Duelo"), RunFolder(run.path).lock():
                pass
        with RunFolder(run.path).lock():
            pass


WRITES = {
    "info": lambda run: run.save_info(RunInfo(tiny.config(), DatasetInfo(80, (), 1, 8))),
    "metrics": lambda run: run.append_metrics(ROWS),
    "cut": lambda run: run.truncate_metrics(2),
    "log": lambda run: run.log("hello"),
    "noise": lambda run: run.save_noise(NOISE),
    "samples": lambda run: run.save_samples(1, np.zeros((4, 4), np.uint8)),
    "players": lambda run: run.save_snapshot(2, MEGABYTE, MEGABYTE),
    "verdicts": lambda run: run.append_verdicts(1, 80, np.ones(3, np.float32)),
    "state": lambda run: run.save_state(320, MEGABYTE, {}),
}


class TestTroubleWithTheDisk:
    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
    def test_a_missing_folder_is_a_clear_sentence(self, run, write):
        shutil.rmtree(run.path)
        with pytest.raises(DiskError, match="folder is gone"):
            write(run)

    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
    def test_a_file_in_place_of_the_folder_is_a_clear_sentence(self, run, write):
        shutil.rmtree(run.path)
        run.path.write_bytes(b"")
        with pytest.raises(DiskError, match="folder is gone"):
            write(run)

    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
    def test_a_disk_that_refuses_is_a_clear_sentence(self, run, write, code, monkeypatch):
        def refuse(*_arguments, **_options):
            raise OSError(code, os.strerror(code))

        before = {path: path.read_bytes() for path in run.path.rglob("*.*") if path.is_file()}
        monkeypatch.setattr(files, "open", refuse, raising=False)
        with pytest.raises(DiskError) as error:
            write(run)
        assert ("disk is full" in error.value.hint) == (code in (errno.ENOSPC, errno.EDQUOT))
        assert ("may not be written" in error.value.hint) == (code in (errno.EACCES, errno.EROFS))
        assert before == {path: path.read_bytes() for path in before}

    def test_an_old_file_that_cannot_go_is_a_clear_sentence(self, run, monkeypatch):
        run.save_snapshot(2, MEGABYTE, MEGABYTE)
        run.save_snapshot(3, MEGABYTE, MEGABYTE)

        def refuse(path, missing_ok=False):
            if not path.name.startswith("."):
                raise OSError(errno.EROFS, "read-only")

        monkeypatch.setattr("pathlib.Path.unlink", refuse)
        with pytest.raises(DiskError, match="may not be written"):
            run.save_state(320, MEGABYTE, {})
        with pytest.raises(DiskError, match="may not be written"):
            run.prune(1)

    def test_lines_are_appended_whole_or_not_at_all(self, run):
        path = run.path / "metrics.csv"
        before = path.read_bytes()

        class FullDisk:
            """Takes ten bytes, then no more."""

            def __init__(self, file):
                self._file, self._room = file, 10

            def seek(self, *place):
                return self._file.seek(*place)

            def truncate(self, size):
                return self._file.truncate(size)

            def write(self, data):
                if not self._room:
                    raise OSError(errno.ENOSPC, "full")
                self._room = 0
                return self._file.write(data[:10])

        with open(path, "ab", buffering=0) as file, pytest.raises(OSError, match="full"):
            files.append_whole(FullDisk(file), b"5,1,40,2.5,1,1,0.5,0.5,0\n")
        assert path.read_bytes() == before

    def test_metrics_begun_on_a_full_disk_get_their_header_later(self, run):
        (run.path / "metrics.csv").write_bytes(b"")
        run.append_metrics(ROWS)
        assert str(run.metrics()) == str(ROWS)

    def test_a_log_takes_any_text(self, run):
        run.log("half a character \ud800")
        assert (run.path / "log.txt").read_text(encoding="utf-8").endswith("half a character \\ud800\n")


@pytest.mark.parametrize("recipe", ["../../../etc/passwd", "a/b\\c", "x" * 5000, "", "\0", "..", "ñ\udcff"])
def test_a_strangers_recipe_leads_nowhere_else(recipe, tmp_path):
    path = new_run_path(recipe, tmp_path)
    assert path.parent == tmp_path and ".." not in path.name
    path.mkdir()
