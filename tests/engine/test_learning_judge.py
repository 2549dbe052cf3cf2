"""A judge for images that Duelo ships none for: how it learns beside a training, and how it is kept for the next."""

import json
import os

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from engine.cli import training as cli_training
from engine.cli.terminal import progress_bar
from engine.datasets import digits
from engine.datasets.catalog import ImageData
from engine.errors import UserError
from engine.evaluation import classifier_trainer, judge_store, scheduler
from engine.evaluation.evaluator import Evaluator
from engine.evaluation.judge import Judge
from engine.evaluation.scheduler import EvaluationScheduler
from engine.events import CheckpointSaved, EvaluatorTraining, Finished, GeneratorSnapshot, QualityReady, SamplesReady
from engine.runs.tensors import read_tensors
from engine.trainer import Trainer
from tests import tiny

CONFIG = tiny.config(**tiny.DENSE, eval_time_percent=5.0, dataset="kmnist", batch_size=50, epochs=1)


@pytest.fixture(scope="module")
def few():
    images, labels = digits.load()
    return ImageData(images[::10, None], labels[::10], tuple("0123456789"))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 640)


@pytest.fixture
def few_data(monkeypatch, few):
    def read(_config):
        yield from ()
        return few

    monkeypatch.setattr("engine.datasets.catalog.read", read)


def learned(data, **weights):
    """Keep a judge of ``data`` that has not learned a thing, and return the file."""
    judge = Judge(len(data.class_names), data.images.shape[1])
    judge.load_state_dict(judge.state_dict() | weights)
    judge_store.keep(judge, data)
    return judge_store.path_for(data)


def never_ending(monkeypatch):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 10**9)
    monkeypatch.setattr(classifier_trainer, "_MOST_PASSES", 10**9)


# Kept


def test_a_judge_learns_once_and_is_kept(few, monkeypatch):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 1280)
    meter = Evaluator(CONFIG, few)
    before = torch.get_rng_state()
    assert meter.must_learn and judge_store.find(few) is None
    assert list(meter.training_steps())[-1] == 1.0
    assert torch.equal(before, torch.get_rng_state())  # chance in the training is left alone
    assert not meter.must_learn
    again = Evaluator(CONFIG, few)
    assert not again.must_learn and not again.remark
    pictures = few.images[:, 0]
    assert np.array_equal(again.judge.predict_proba(pictures)[0], meter.judge.predict_proba(pictures)[0])
    assert np.mean(again.judge.predict(pictures)[0] == few.labels) > 0.3


def test_the_same_images_elsewhere_have_the_same_judge_and_others_another(few):
    images, labels, names = few.images, few.labels, few.class_names
    known = judge_store.path_for(ImageData(images.copy(), labels.copy(), names, ("a remark",)))
    assert known == judge_store.path_for(few)
    others = [
        ImageData(255 - images, labels, names),
        ImageData(images, (labels + 1) % 10, names),
        ImageData(images, labels, tuple("abcdefghij")),
        ImageData(images[:-1], labels[:-1], names),
        ImageData(images[:, :, 2:26, 2:26], labels, names),
        ImageData(images.repeat(3, axis=1), labels, names),
    ]
    assert len({known, *map(judge_store.path_for, others)}) == 7


def damaged(path, how):
    whole = path.read_bytes()
    tensors = load(whole)
    if how == "cut short":
        path.write_bytes(whole[:-8])
    elif how == "rubbish":
        path.write_bytes(b"rubbish")
    elif how == "not a file":
        path.unlink()
        path.mkdir()
    elif how == "leads away":
        path.rename(path.parents[1] / "away")
        path.symlink_to(path.parents[1] / "away")
    else:
        name = "body.1.running_var" if how == "below zero" else "head.weight"
        tensor = tensors[name]
        tensors[name] = {
            "another type": tensor.double(),
            "another shape": tensor[:5].contiguous(),
            "no number": torch.full_like(tensor, torch.nan),
            "below zero": torch.full_like(tensor, -1.0),
        }[how]
        path.write_bytes(save(tensors))


HARM = "cut short, rubbish, not a file, leads away, another type, another shape, no number, below zero"


@pytest.mark.parametrize("how", HARM.split(", "))
def test_what_is_damaged_is_told_and_learned_anew(few, how):
    path = learned(few)
    assert judge_store.find(few) is not None
    damaged(path, how)
    with pytest.raises(UserError, match=r"is damaged. Another one learns."):
        judge_store.find(few)
    meter = Evaluator(CONFIG, few)
    assert meter.must_learn and str(path) in meter.remark


def test_a_store_that_cannot_be_written_does_no_harm(few):
    folder = judge_store.path_for(few).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("not a folder")
    meter = Evaluator(CONFIG, few)
    list(meter.training_steps())
    assert meter.judge is not None and not meter.must_learn


def test_the_judges_that_were_used_last_are_kept(few, monkeypatch):
    monkeypatch.setattr(judge_store, "_KEPT", 3)
    path = learned(few)
    with path.open("rb") as file:
        about = json.loads(read_tensors(file)[1]["about"])
    count, channels, size, _ = few.images.shape
    assert (about["images"], about["channels"], about["size"]) == (count, channels, size)
    for age in range(5):  # one of them left half-written by a crash
        other = path.with_name(f"{age}.safetensors{'.tmp' * (age == 4)}")
        other.write_bytes(b"")
        os.utime(other, (age, age))
    os.utime(path, (0.5, 0.5))
    assert judge_store.find(few)  # and so used last
    os.utime(path.with_name("3.safetensors"), (1, 1))
    learned(ImageData(few.images[1:], few.labels[1:], few.class_names))
    left = {it.name for it in path.parent.iterdir()}
    assert len(left) == 3 and path.name in left and not left & {"0.safetensors", "1.safetensors", "3.safetensors"}


def test_what_another_training_has_taught_meanwhile_is_taken(few, monkeypatch):
    never_ending(monkeypatch)
    meter = Evaluator(CONFIG, few)
    lessons = meter.training_steps()
    next(lessons)
    learned(few, **{"head.bias": torch.arange(10.0)})
    assert sum(1 for _ in lessons) <= 25
    assert not meter.must_learn and meter.judge.head.bias.tolist() == list(range(10))


# Few images


@pytest.fixture(scope="module")
def shapes():
    """Forty circles and squares, black on white, of any size and at any place."""
    random = np.random.default_rng(0)
    images, labels = np.full((40, 1, 16, 16), 255, np.uint8), np.arange(40) % 2
    rows, columns = np.mgrid[:16, :16]
    for image, label in zip(images, labels, strict=True):
        radius = random.integers(3, 6)
        down, right = (np.abs(axis - random.integers(radius, 16 - radius)) for axis in (rows, columns))
        image[0][np.maximum(down, right) <= radius if label else np.hypot(down, right) <= radius + 0.5] = 0
    return ImageData(images, labels, ("circles", "squares"))


def test_of_few_images_a_judge_learns_long_enough_to_read_them(shapes, monkeypatch):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 60_000)
    meter = Evaluator(CONFIG, shapes)
    list(meter.training_steps())
    assert np.mean(meter.judge.predict(shapes.images[:, 0])[0] == shapes.labels) > 0.9
    meter.prepare()
    assert meter.judge is not None


def test_of_many_images_a_judge_learns_no_longer_than_twelve_times_over(few, monkeypatch):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 60_000)
    many = ImageData(few.images.repeat(2, axis=0)[:640], few.labels.repeat(2)[:640], few.class_names)
    assert next(classifier_trainer.ClassifierTrainer(many).steps()) == 1 / (12 * 640 / 64)


def test_what_a_judge_reads_that_mistakes_the_real_images_is_withheld(few):
    sees_all_as_six = {"head.weight": torch.zeros(10, 128), "head.bias": (torch.arange(10) == 6).float()}
    learned(few, **sees_all_as_six)
    quality = Evaluator(CONFIG, few).measure(_Gray(), torch.device("cpu"), 1, 1)
    assert quality.histogram is quality.accuracy is quality.confusion_matrix is quality.low_confidence is None
    assert quality.frechet > quality.frechet_real > 0


# Beside a training


class Clock:
    """A time that only lessons take."""

    now = 0.0

    def perf_counter(self):
        return self.now


@pytest.mark.parametrize(("figures", "seconds"), [(0, 3.0), (1, 0.18)])
def test_most_of_the_time_is_the_judges_until_there_is_a_figure(few, monkeypatch, figures, seconds):
    clock, quality = Clock(), []
    monkeypatch.setattr(scheduler, "time", clock)

    def lessons(_school):
        for lesson in range(1, 1001):
            clock.now += 0.01
            yield lesson / 1000

    monkeypatch.setattr(classifier_trainer.ClassifierTrainer, "steps", lessons)
    made = EvaluationScheduler(CONFIG, few)
    if figures:
        other = Evaluator(CONFIG.changed(dataset="digits"), few)
        quality = [other.measure(_Gray(), torch.device("cpu"), 1, 1)]
    made.start_again(quality)
    made.prepare()
    for _ in range(20):  # a second of training
        made.train(0.05)
    assert clock.now == pytest.approx(seconds, abs=0.011)
    assert made.seconds_to_learn == pytest.approx(10 - clock.now, abs=0.02)
    before = clock.now
    made.train(1000.0)  # one slow step: the window is not kept waiting
    assert clock.now - before < 0.3


def test_looking_at_the_real_images_once_does_not_put_off_the_second_look(few, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(scheduler, "time", clock)

    def takes(seconds, method):
        def slow(self, *arguments):
            clock.now += seconds(self)
            return method(self, *arguments)

        return slow

    first = iter([60])
    monkeypatch.setattr(Evaluator, "prepare", takes(lambda it: next(first, 0), Evaluator.prepare))
    monkeypatch.setattr(Evaluator, "measure", takes(lambda it: 0.5, Evaluator.measure))
    learned(few)
    made = EvaluationScheduler(CONFIG, few)
    made.prepare()
    looks = [
        made.maybe_evaluate(_Gray(), torch.device("cpu"), epoch, epoch, 4.0 * epoch, False) for epoch in range(1, 9)
    ]
    assert [look.epoch for look in looks if look] == [1, 3, 5, 8]  # half a second each, of the 5 % of four


class _Gray(torch.nn.Module):
    def forward(self, z, labels):
        return z[:, :1, None, None].expand(len(z), 1, 28, 28) * torch.linspace(-1, 1, 28)


def test_lessons_begin_with_the_training_and_not_after_its_first_epoch(few_data, folder):
    events = list(Trainer(CONFIG.changed(epochs=2), folder).run())
    first = next(index for index, event in enumerate(events) if isinstance(event, SamplesReady) and event.epoch == 1)
    assert any(isinstance(event, EvaluatorTraining) for event in events[:first])
    shares = [event.share for event in events if isinstance(event, EvaluatorTraining)]
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0)
    assert folder.qualities()[-1].epoch == 2


def test_what_is_trained_is_saved_before_its_judge_has_learned(few_data, folder, monkeypatch):
    never_ending(monkeypatch)
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 1e-6)
    config = CONFIG.changed(total_images=750)  # the second epoch is cut short
    training = Trainer(config, folder).run()
    for event in training:
        if isinstance(event, EvaluatorTraining) and event.is_last:
            break
        assert not isinstance(event, Finished)
    assert folder.images_seen() == 750 and len(folder.sample_files()) == 3 and not folder.qualities()
    next(training)
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    training.close()
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()} == before
    # Going on judges what was left, and then nothing is left.
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 64)
    events = list(Trainer(config, folder, resume=True).run())
    assert [quality.images_seen for quality in folder.qualities()] == [750]
    kinds = [type(event) for event in events]
    assert kinds.index(GeneratorSnapshot) < kinds.index(CheckpointSaved) < kinds.index(QualityReady)
    assert folder.metrics()[-1].images_seen == 750 and len({row.step for row in folder.metrics()}) == len(
        folder.metrics()
    )
    assert len(list(Trainer(config, folder, resume=True).run())) == 2


def test_a_damaged_judge_is_told_in_the_log_and_by_the_training(few_data, few, folder):
    learned(few).write_bytes(b"rubbish")
    events = list(Trainer(CONFIG, folder).run())
    told = [event.remark for event in events if isinstance(event, EvaluatorTraining)]
    assert told and all("is damaged" in remark for remark in told)
    assert "is damaged" in (folder.path / "log.txt").read_text()
    assert judge_store.find(few)  # another one was learned
    assert "is damaged" not in str(list(Trainer(CONFIG, folder.__class__(folder.path.with_name("second"))).run()))


def test_the_terminal_says_that_all_is_saved_while_the_judge_learns(folder, capsys):
    progress = progress_bar()
    task = progress.add_task("epoch 3", total=1000, completed=1000, judge=1.0)
    cli_training.show(EvaluatorTraining(0.0, remark="A word."), progress, folder)
    assert "A word." in capsys.readouterr().err and progress.tasks[task].description == "epoch 3"
    cli_training.show(EvaluatorTraining(0.45, is_last=True, remark="A word."), progress, folder)
    assert progress.tasks[task].description == "Trained and saved; the judge still learns: 45%"
    assert (progress.tasks[task].completed, progress.tasks[task].total) == (0.45, 1)
    assert not capsys.readouterr().err
