"""A run folder that is removed, or a disk that is full or refuses: the old file stays, and it is said."""

import errno
import os
import shutil

import numpy as np
import pytest

from engine import files
from engine.datasets.info import DatasetInfo
from engine.errors import DiskError, UserError
from engine.runs import RunFolder, RunInfo
from tests import tiny
from tests.engine.small_runs import MEGABYTE, ROWS, filled

NOISE = {"z": np.zeros((20, 4), np.float32), "labels": np.arange(20)}


@pytest.fixture
def run(folder):
    return filled(folder)


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
        with pytest.raises(DiskError, match="folder is not there"):
            write(run)

    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
    def test_a_file_in_place_of_the_folder_is_a_clear_sentence(self, run, write):
        shutil.rmtree(run.path)
        run.path.write_bytes(b"")
        with pytest.raises(DiskError, match="folder is not there"):
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
