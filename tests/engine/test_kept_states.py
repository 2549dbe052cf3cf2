"""Which states and players of its epochs a run keeps, in how much room, and what D said of its samples."""

import numpy as np
import pytest

from engine.errors import UserError
from engine.runs import RunFolder, jsonl
from engine.runs.numbered import select_for_pruning
from tests.engine.small_runs import MEGABYTE, filled

HALF = {"w": np.zeros(124_900, np.float32)}


@pytest.fixture
def run(folder):
    return filled(folder)


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
