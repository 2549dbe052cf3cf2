import json
import os

import pytest

from engine import files
from engine.datasets.info import DatasetInfo
from engine.errors import DiskError, UserError
from engine.events import MetricsRow
from engine.runs import SCHEMA, RunFolder, RunInfo, UnnamedRun, list_runs, new_run_path, runs_root
from tests import tiny
from tests.engine.small_runs import ROWS, filled


@pytest.fixture
def run(folder):
    return filled(folder)


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
    with pytest.raises(DiskError, match="folder is not there"):
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


def test_two_that_begin_in_the_same_second_take_two_names():
    first, second = (UnnamedRun("studio") for _ in range(2))
    second.path = first.path  # both have looked, and neither has begun
    assert not first.path.exists()
    for run in (first, second):
        run.create()
        run.create()
        run.log("begun")
    assert first.path != second.path and first.path.parent == second.path.parent == runs_root()
    assert sorted(path.parent.name for path in runs_root().glob("*/log.txt")) == sorted(
        [first.path.name, second.path.name]
    )


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


@pytest.mark.parametrize("recipe", ["../../../etc/passwd", "a/b\\c", "x" * 5000, "", "\0", "..", "ñ\udcff"])
def test_a_strangers_recipe_leads_nowhere_else(recipe, tmp_path):
    path = new_run_path(recipe, tmp_path)
    assert path.parent == tmp_path and ".." not in path.name
    path.mkdir()
