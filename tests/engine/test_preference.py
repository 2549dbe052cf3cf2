"""Blind duels: the ranking that answers make, which pair comes next, grids that tell nothing, answers that are kept."""

from __future__ import annotations

import json
import math
from itertools import combinations

import numpy as np
import pytest

from engine import i18n
from engine.datasets.info import POINTS
from engine.errors import DiskError
from engine.pictures import tile
from engine.preference.answers import Answer, Answers, about
from engine.preference.bradley_terry import PRIOR_PRECISION, fit
from engine.preference.disagreement import agreement, disagreements, told
from engine.preference.duel import Duel
from engine.preference.players import Player, cut, side_by_side
from engine.preference.ranking import Ranking, enough
from engine.search.preference import scores

ABC = ("a", "b", "c")


def answers(*won, question="better"):
    """Return answers ("a", "b"): a was better than b; a third entry is what was said instead."""
    return [Answer(question, each[0], each[1], each[2] if len(each) > 2 else "left") for each in won]


def player(key, frechet=None, labels=(), count=6, shade=0, **facts):
    return Player(key, key.upper(), np.full((count, 4, 4), shade, np.uint8), labels, frechet, **facts)


# --- the model


def by_gradient(wins, precision):
    """Climb the log posterior step by small step, in plain loops: another way to the same top."""
    count = len(wins)
    strengths = [0.0] * count
    for _ in range(20_000):
        slopes = []
        for i in range(count):
            slope = -precision * strengths[i]
            for j in range(count):
                chance = 1 / (1 + math.exp(strengths[j] - strengths[i]))
                slope += wins[i][j] * (1 - chance) - wins[j][i] * chance
            slopes.append(slope)
        strengths = [strength + 0.02 * slope for strength, slope in zip(strengths, slopes, strict=True)]
    return strengths


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_fit_is_where_a_plain_climb_arrives(seed):
    wins = np.random.default_rng(seed).integers(0, 6, (5, 5)).astype(float) * 0.5
    np.fill_diagonal(wins, 0)
    found = fit(wins)
    assert found.means == pytest.approx(by_gradient(wins.tolist(), PRIOR_PRECISION), abs=1e-7)
    assert found.means.sum() == pytest.approx(0, abs=1e-9)


def test_two_players_without_a_prior_are_as_far_apart_as_their_wins():
    found = fit(np.array([[0.0, 6.0], [2.0, 0.0]]), precision=1e-9)
    assert found.means[0] - found.means[1] == pytest.approx(math.log(3), abs=1e-5)
    assert found.variances()[0, 1] == pytest.approx(1 / 6 + 1 / 2, rel=1e-5), "the sum of one over each count"


def test_who_has_never_lost_is_not_infinitely_strong_and_the_fit_ends():
    found = fit(np.array([[0.0, 1e4], [0.0, 0.0]]))
    assert np.isfinite(found.means).all() and found.chances()[0, 1] > 0.99
    assert not fit(np.zeros((0, 0))).means.size and not fit(np.zeros((3, 3))).means.any()


# --- the ranking


def test_scores_say_how_many_duels_would_be_won():
    ranking = Ranking([*ABC, "d"], answers(("a", "b"), ("a", "b"), ("b", "c"), ("c", "a", "right")))
    assert list(ranking.scores) == ["a", "b", "c"] and ranking.score("d") is None
    assert sum(ranking.scores.values()) == pytest.approx(1.5), "of three who meet each other, half win on average"
    assert ranking.is_sure("a", "c", 0.75) and not ranking.is_sure("c", "a", 0.5)


def test_alike_is_half_a_win_for_both_and_a_skip_says_nothing():
    even = Ranking(ABC, answers(("a", "b", "equal")))
    assert even.score("a") == even.score("b") == pytest.approx(0.5)
    assert Ranking(ABC, answers(("a", "b", "skip"))).scores == {}


def test_those_who_never_met_by_way_of_others_are_not_held_against_each_other():
    ranking = Ranking(["a", "b", "x", "y"], answers(*[("a", "b")] * 8, ("x", "y")))
    assert ranking.score("x") == pytest.approx(ranking.strengths.chances()[2, 3])


def test_enough_is_told_by_answers_and_by_everybody_having_met():
    assert enough(2) == 6 and enough(10) == 20
    assert not Ranking(ABC, answers(*[("a", "b")] * 9)).is_enough
    assert Ranking(ABC, answers(*[("a", "b")] * 5, ("b", "c"))).is_enough


# --- whose turn it is


def everybody(_one, _other):
    return True


def test_everybody_meets_before_the_same_two_come_again():
    duel = Duel([player(key) for key in "abcdefgh"], "better", seed=3)
    for _ in range(4):
        duel.answer("left")
    assert {key for answer in duel.ranking.answers for key in (answer.left, answer.right)} == set("abcdefgh")


def test_open_outcomes_are_asked_before_those_that_are_known():
    known = [("a", "c")] * 6 + [("b", "c")] * 6 + [("a", "b"), ("b", "a")] * 3
    ranking = Ranking(ABC, answers(*known, ("a", "c")))
    pairs = [set(ranking.next_pair(np.random.default_rng(seed), everybody)) for seed in range(5)]
    assert all(pair == {"a", "b"} for pair in pairs)


def test_sides_are_drawn_by_lot_and_the_same_two_do_not_come_twice_running():
    ranking = Ranking(ABC, answers(("a", "b")))
    drawn = [ranking.next_pair(np.random.default_rng(seed), everybody) for seed in range(40)]
    assert all(set(pair) != {"a", "b"} for pair in drawn)
    assert len(set(drawn)) == 4, "each pair stands both ways round"


def test_what_nobody_could_decide_waits_for_all_others():
    ranking = Ranking(ABC, answers(("a", "b", "skip"), *[("b", "c")] * 3, *[("a", "c")] * 3))
    assert set(ranking.next_pair(np.random.default_rng(0), everybody)) == {"b", "c"}
    only = Ranking(("a", "b"), answers(("a", "b", "skip")))
    assert set(only.next_pair(np.random.default_rng(0), everybody)) == {"a", "b"}


def test_a_person_with_a_steady_taste_is_understood():
    """Twelve players, a taste that is not exact: the order is found with about as many answers as are called enough."""
    keys = "abcdefghijkl"
    worth = {key: 1.2 * place for place, key in enumerate(keys)}
    duel, eye = Duel([player(key) for key in keys], "better", seed=0), np.random.default_rng(5)
    while not duel.ranking.is_enough or len(duel.ranking.answers) < 3 * len(keys):
        left, right = duel.pair
        duel.answer("left" if eye.random() < 1 / (1 + math.exp(worth[right] - worth[left])) else "right")
    places = {key: place for place, key in enumerate(duel.ranking.scores)}
    swapped = sum(places[one] < places[other] for one, other in combinations(keys, 2))
    assert swapped <= 10, "of 66 pairs"


def test_an_answer_can_be_taken_back_and_the_two_stand_there_again():
    duel = Duel([player(key) for key in ABC], "better", seed=1)
    before = duel.pair
    given = duel.answer("right")
    assert duel.can_undo and duel.undo() == given
    assert duel.pair == before and not duel.ranking.answers and not duel.can_undo


def test_a_duel_goes_on_with_answers_of_before_to_the_same_question():
    kept = answers(("a", "b"), ("a", "z")) + answers(("b", "c"), question="varied")
    assert Duel([player(key) for key in ABC], "better", kept).ranking.answers == (kept[0],)
    assert about(kept, "varied", ABC) == [kept[2]]


def test_those_who_draw_something_else_do_not_meet():
    faces, digits = player("a", kind="faces"), player("b", kind="digits")
    assert Duel([faces, digits], "better").pair is None
    small, others = player("a", labels=("0", "1", "2")), player("b", labels=("3", "4"))
    assert Duel([small, others], "better").pair is None and Duel([small, player("c")], "better").pair is not None


# --- the grids


def pictures_of(labels, shade):
    """Return pictures each of which says which label it has: its gray level, and ``shade`` in the corner."""
    images = np.zeros((len(labels), 4, 4), np.uint8)
    images[:] = np.array([10 * int(label) for label in labels], np.uint8)[:, None, None]
    images[:, 0, 0] = shade
    return images


def test_a_sample_grid_is_cut_into_pictures_with_their_classes():
    images = pictures_of("012012", 7)
    found, labels = cut(tile(images, 3), 4, ("0", "1", "2"))
    assert np.array_equal(found, images) and labels == tuple("012012")
    part, some = cut(tile(images, 3)[:, :10], 4, ("0", "1", "2"))  # a tile of a contact sheet shows some columns
    assert np.array_equal(part, images[[0, 1, 3, 4]]) and some == tuple("0101")
    assert cut(tile(images, 3), 4, ())[1] == () and len(cut(np.zeros((3, 3), np.uint8), 4, ())[0]) == 0


def test_both_grids_have_the_same_classes_in_the_same_places():
    one = Player("a", "A", pictures_of("0123456789" * 3, 1), tuple("0123456789" * 3))
    other = Player("b", "B", pictures_of("012" * 5, 2), tuple("012" * 5))
    left, right = side_by_side(one, other, np.random.default_rng(0))
    assert left.shape == right.shape == (3 * 6 - 2, 3 * 6 - 2), "three classes in three rows"
    assert np.array_equal(left[1::6, 1::6], right[1::6, 1::6]) and list(left[1, 1::6]) == [0, 10, 20]
    assert (left[0, 0], right[0, 0]) == (1, 2)


def test_few_classes_are_several_columns_wide_so_that_their_pictures_are_large():
    one, other = (
        Player(key, key, pictures_of("012" * 8, shade), tuple("012" * 8)) for key, shade in (("a", 1), ("b", 2))
    )
    left, right = side_by_side(one, other, np.random.default_rng(0))
    assert left.shape == (4 * 6 - 2, 6 * 6 - 2) and list(left[1, 1::6]) == list(right[1, 1::6]) == [
        0,
        0,
        10,
        10,
        20,
        20,
    ]


def test_without_classes_both_grids_have_as_many_pictures():
    one = Player("a", "A", pictures_of("1" * 50, 1))
    other = Player("b", "B", pictures_of("1" * 20, 2), tuple("1" * 20))
    left, right = side_by_side(one, other, np.random.default_rng(0))
    assert left.shape == right.shape and (left == 10).sum() == (right == 10).sum() == 20 * 15


def test_the_one_picture_of_all_points_fills_its_side():
    players = [Player(key, key, np.full((1, 90, 90, 3), 7, np.uint8), noun=POINTS) for key in "ab"]
    left, right = side_by_side(*players, np.random.default_rng(0))
    assert left.shape == right.shape == (90, 90, 3)


# --- eye and number


def test_it_is_said_where_eye_and_number_disagree():
    players = [player("a", 30.0), player("b", 10.0), player("c", 90.0)]
    ranking = Ranking(ABC, answers(*[("a", "b")] * 6, *[("b", "c")] * 6, *[("a", "c")] * 6))
    found = disagreements(players, ranking)
    assert [(each.preferred.key, each.other.key) for each in found] == [("a", "b")]
    assert agreement(players, ranking) == (2, 3)
    assert told(players, ranking).startswith("You prefer “A”, whose Fréchet distance of 30.00 is worse than the 10.00")
    i18n.set_language("es")
    assert "30,00" in told(players, ranking)


def test_what_is_not_clear_or_means_something_else_is_no_disagreement():
    once = Ranking(ABC, answers(("a", "b")))
    alike = [player("a", 10.5), player("b", 10.0), player("c")]
    assert not disagreements(alike, Ranking(ABC, answers(*[("a", "b")] * 9)))
    others = [player("a", 30.0, reference="0,1"), player("b", 10.0)]
    assert agreement(others, once) == (0, 0) and "cannot be compared yet" in told(others, once)


# --- what is kept


@pytest.fixture
def kept(tmp_path):
    return Answers(tmp_path / "new" / "duels.jsonl")


def test_answers_are_kept_and_taken_back(kept):
    assert kept.read() == []
    one, other = answers(("a", "b"), ("b", "c", "equal"))
    kept.add(one)
    kept.add(other)
    assert Answers(kept.path).read() == [one, other]
    kept.take_back(one)
    assert kept.read() == [other]


@pytest.mark.parametrize(
    "line",
    [
        b'{"question": "better", "left": "a", "rig',  # torn by a power cut
        b'{"question": "better", "left": "a", "right": "b", "said": "left", "token": "1", "when": "", "more": "x"}\n',
        b'{"question": "best", "left": "a", "right": "b", "said": "left", "token": "1", "when": ""}\n',
        b'{"question": "better", "left": "a", "right": "a", "said": "left", "token": "1", "when": ""}\n',
        b'{"question": "better", "left": 3, "right": "a", "said": "left", "token": "1", "when": ""}\n',
        b"[" * 100_000 + b"\n",
        b"\xff\x00\n",
        b"[]\n",
    ],
)
def test_a_line_that_is_none_spoils_no_other(kept, line):
    one, other = answers(("a", "b"), ("b", "c"))
    kept.add(one)
    with open(kept.path, "ab") as file:
        file.write(line)
    kept.add(other)
    assert kept.read() == [one, other]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "duels.jsonl").mkdir()
    with pytest.raises(DiskError):
        Answers(tmp_path / "duels.jsonl").add(answers(("a", "b"))[0])
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DiskError):
        Answers(tmp_path / "link").add(answers(("a", "b"))[0])
    assert not (tmp_path / "elsewhere").exists() and Answers(tmp_path / "link").read() == []


def test_a_line_of_the_file_is_plain_json(kept):
    kept.add(Answer("varied", "a", "b", "right", "t", "2026-01-02T03:04:05+00:00"))
    assert json.loads(kept.path.read_text("utf-8")) == {
        "question": "varied",
        "left": "a",
        "right": "b",
        "said": "right",
        "token": "t",
        "when": "2026-01-02T03:04:05+00:00",
    }


def test_trials_are_not_ordered_by_a_few_answers():
    assert scores(answers(*[("0", "1")] * 3)) == {}
    assert set(scores(answers(*[("0", "1")] * 5, ("1", "2")))) == {0, 1, 2}
