from pathlib import Path

import numpy as np
import pytest
from scipy import linalg

from engine import cli, device
from engine.datasets import digits
from engine.errors import UserError
from engine.evaluation import judge
from engine.evaluation.condition import condition_of
from engine.evaluation.distances import Moments, frechet_distance, moments
from engine.evaluation.evaluate import evaluate
from engine.events import Quality
from engine.runs import RunFolder
from engine.trainer import Trainer
from tests import tiny

FULL_MNIST = Path(__file__).resolve().parents[3] / "shared" / "data"


def random_moments(seed, size=6):
    random = np.random.default_rng(seed)
    return moments(
        random.standard_normal((50, size)) @ random.standard_normal((size, size)) + random.standard_normal(size)
    )


def test_the_frechet_distance_of_one_dimensional_normals_is_the_closed_form():
    a, b = Moments(np.array([1.0]), np.array([[4.0]])), Moments(np.array([3.0]), np.array([[9.0]]))
    assert frechet_distance(a, b) == pytest.approx((1 - 3) ** 2 + (2 - 3) ** 2)


def test_the_frechet_distance_agrees_with_the_matrix_square_root_of_scipy():
    a, b = random_moments(1), random_moments(2)
    root = linalg.sqrtm(a.covariance @ b.covariance).real
    gap = a.mean - b.mean
    expected = gap @ gap + np.trace(a.covariance + b.covariance - 2 * root)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-9)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-9)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)


def test_the_judge_reads_the_real_digits(fewer_digits):
    images, labels = digits.load()
    seen, features = judge.load().predict(images)
    assert np.mean(seen == labels) > 0.99
    assert features.shape == (1000, judge.FEATURES)


def test_the_judge_is_small():
    assert judge.PATH.stat().st_size < 2 * 2**20


@pytest.mark.skipif(not FULL_MNIST.is_dir(), reason="the full MNIST is not at hand")
@pytest.mark.parametrize(("every", "furthest"), [(5, 5.0), pytest.param(1, 1e-3, marks=pytest.mark.slow)])
def test_the_judge_reads_the_test_images_it_never_saw(every, furthest):
    """A fifth of them, and all: the moments that its file holds are those of all."""
    raw = FULL_MNIST / "MNIST" / "raw"
    images = np.frombuffer((raw / "t10k-images-idx3-ubyte").read_bytes()[16:], np.uint8).reshape(-1, 28, 28).copy()
    labels = np.frombuffer((raw / "t10k-labels-idx1-ubyte").read_bytes()[8:], np.uint8)
    found = judge.load()
    images, labels = images[::every], labels[::every]
    seen, features = found.predict(images)
    assert np.mean(seen == labels) > 0.993
    assert frechet_distance(moments(features), found.reference) == pytest.approx(0, abs=furthest)


def test_a_judge_keeps_the_moments_that_it_was_given():
    given = random_moments(3, judge.FEATURES)
    made = judge.Judge(3, 1)
    made.set_reference(given)
    for kept, wanted in zip(made.reference, given, strict=True):
        assert np.array_equal(kept, wanted)


def test_a_damaged_judge_says_how_to_mend_it(tmp_path):
    (tmp_path / "judge").write_bytes(b"rubbish")
    with pytest.raises(UserError, match="Install Duelo again"):
        judge.load(tmp_path / "judge")


def test_an_evaluation_reports_losses_and_reads_samples(folder, fewer_digits, monkeypatch, capsys):
    config = tiny.config(total_images=160, batch_size=16)
    list(Trainer(config, folder).run())
    threads = []
    monkeypatch.setattr(device, "prepare_training_thread", threads.append)
    found = evaluate(folder, 200)
    assert threads == [0], "every core"
    assert 0 <= found.label_accuracy <= 1
    assert found.frechet_distance > found.frechet_distance_real > 0
    assert found.d_loss == pytest.approx(np.mean([row.d_loss for row in folder.metrics()]))
    with pytest.raises(UserError, match="too small"):
        evaluate(folder, 10)
    look = Quality(7, 80, 500, 5.76, 5.0, 6.0, 2.0, 0.9, 0.8, 0.0, 0.0, accuracy=0.9)
    monkeypatch.setattr("engine.evaluation.evaluate.judges.shipped_for", lambda _: None)
    monkeypatch.setattr(RunFolder, "qualities", lambda _: [look])
    assert cli.main(["evaluate", str(folder.path), "--count", "200"]) == 0
    told = capsys.readouterr()
    assert "5.76" in told.out and "90.00%" in told.out and "500 samples at epoch 7" in told.err, "its own judge speaks"


def test_a_run_of_two_classes_is_compared_with_real_images_of_these_alone(folder, monkeypatch):
    images, labels = digits.load()
    chosen = np.isin(labels, (3, 8))
    list(Trainer(tiny.config(classes=(3, 8), total_images=16), folder).run())
    monkeypatch.setattr("engine.evaluation.evaluate.sample", lambda *_: images[chosen])
    found = evaluate(folder, 1000)
    assert found.frechet_distance == pytest.approx(0, abs=1e-3)
    assert 0.1 < found.frechet_distance_real < 10


def test_the_troubles_of_a_run_are_told(tmp_path, tiny_data):
    run = RunFolder(tmp_path / "run")
    for _ in Trainer(tiny.config(epochs=1), run).run():
        pass
    young = condition_of(run)
    assert (young.state, young.troubles) == ("early", ()) and "Too early to tell" in young.sentence
    last = run.metrics()[-1]
    run.append_metrics([last._replace(step=last.step + 1, images_seen=last.images_seen + 8, d_loss=float("nan"))])
    (trouble,) = condition_of(run).troubles
    assert condition_of(run).state == "trouble"
    assert trouble.name == "not-finite" and trouble.title == "Not a number" and trouble.remedy
    assert all(trouble.evidence)
