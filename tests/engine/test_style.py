"""Neural style transfer: its formulas beside plain autograd, and that nothing a person does makes it black."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engine.errors import UserError
from engine.export.options import ExportOptions
from engine.job import result_of
from engine.style import film, weights
from engine.style.canvas import Canvas, as_tensor
from engine.style.events import GramsReady, StepUndone, StyleBegun, StyleTick
from engine.style.features import Features
from engine.style.history import CURVES, History
from engine.style.networks import SHIPPED
from engine.style.optimizers import LBFGSMover
from engine.style.transfer import StyleTransfer
from tests.engine.style_pictures import CONTENT, CPU, OTHER, PLAIN, STYLE, layered, near, transfer


def ticks(job):
    return [event for event in job.run() if isinstance(event, StyleTick)]


@cache
def plain_vgg():
    state = {name: torch.from_numpy(np.asarray(array, np.float64)) for name, array in weights.load(None).items()}
    vgg, places = layered(SHIPPED, state)
    return vgg.double().requires_grad_(False), places


def reference(image, content, style, options):
    """Return losses and gradient in float64, as the paper has them, each by the squared length of what is wished."""
    vgg, places = plain_vgg()

    def features(x, name):
        caffe = x.flip(1) * 255 - torch.tensor([103.939, 116.779, 123.68]).double().view(1, 3, 1, 1)
        return vgg[: places[name]](caffe).flatten(2)[0]

    def gram(found):
        return torch.einsum("im,jm->ij", found, found) / found.shape[1]

    x = image.double().requires_grad_()
    wished = features(content.double(), "conv4_1")
    of_content = F.mse_loss(features(x, "conv4_1"), wished) / wished.square().mean()
    of_style = 0.0
    for name in ("conv1_1", "conv2_1", "conv3_1", "conv4_1"):
        goal = gram(features(style.double(), name))
        of_style = of_style + F.mse_loss(gram(features(x, name)), goal) / goal.square().mean() / 4
    variation = x.diff(dim=3).square().mean() + x.diff(dim=2).square().mean()
    total = options.content_weight * of_content + options.style_weight * of_style
    total = total + options.variation_weight * variation
    total.backward()
    return [each.item() for each in (of_content, of_style, variation, total)], x.grad


def test_losses_and_gradient_are_those_of_plain_autograd():
    options = PLAIN.changed(content_weight=0.7, style_weight=20, variation_weight=3)
    image, content, style = (as_tensor(each, CPU) for each in (OTHER, CONTENT, STYLE))
    canvas = Canvas(Features(SHIPPED, weights.load(None), torch.float32, CPU), content, [style], image)
    losses, total = canvas.look(options)
    wished, gradient = reference(image, content, style, options)
    assert near([losses.content, losses.style, losses.variation, losses.total], wished)
    assert near(canvas.pixels.grad.numpy(), gradient.numpy()) and float(total) == pytest.approx(wished[3], rel=1e-4)
    assert [name for name, _ in losses.by_layer] == list(SHIPPED.style_layers)
    assert np.mean([value for _, value in losses.by_layer]) == pytest.approx(losses.style, rel=1e-5)


def test_a_picture_that_is_what_is_wished_for_has_no_loss():
    content = as_tensor(CONTENT, CPU)
    canvas = Canvas(Features(SHIPPED, weights.load(None), torch.float32, CPU), content, [content], content)
    losses, _ = canvas.look(PLAIN)
    assert losses.content == losses.style == 0 < losses.variation


@pytest.mark.parametrize("blend", [0.0, 0.25, 1.0])
def test_two_styles_are_blended_as_their_gram_matrices(blend):
    features = Features(SHIPPED, weights.load(None), torch.float32, CPU)
    first, second = as_tensor(STYLE, CPU), as_tensor(OTHER, CPU)
    canvas = Canvas(features, first, [first, second], first)
    canvas.losses(PLAIN.changed(blend=blend))
    one, two = (Canvas(features, first, [each], first).targets.style("conv3_1") for each in (first, second))
    assert torch.allclose(canvas.targets.style("conv3_1"), (1 - blend) * one + blend * two, rtol=1e-4)


# --- the course


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.parametrize("start", ["noise", "content", "style"])
def test_equal_seeds_make_equal_pictures_and_the_loss_falls(start, optimizer):
    steps = 12 if start == "style" else 6
    first, second = (ticks(transfer(start=start, optimizer=optimizer, steps=steps, style_weight=1)) for _ in range(2))
    assert np.array_equal(first[-1].picture, second[-1].picture) and first[-1].step == first[-1].steps == steps
    assert first[-1].losses.total < first[0].losses.total
    assert first[-1].picture.shape == CONTENT.shape and first[-1].picture.std() > 5
    begun = next(each for each in transfer(start=start).run() if isinstance(each, StyleBegun))
    assert np.array_equal(begun.start, CONTENT) == (start == "content")


def test_another_seed_is_another_noise():
    starts = [ticks(transfer(start="noise", seed=seed, steps=1))[0].picture for seed in (0, 1)]
    assert not np.array_equal(*starts) and abs(starts[0].mean() - 127.5) < 5


def test_weights_change_at_the_next_step_and_the_others_refuse():
    job = transfer(steps=3)
    seen = []
    for event in job.run():
        if isinstance(event, StyleTick):
            seen.append(event)
            job.change("style_weight", 0.0)
            job.change("variation_weight", 7)
    last = seen[-1].losses
    assert last.total == pytest.approx(last.content + 7 * last.variation, rel=1e-5)
    for name, value in (("size", 64), ("nothing", 1), ("style_weight", -1)):
        with pytest.raises(UserError):
            job.change(name, value)


def test_adam_keeps_its_means_and_their_age_when_weights_change(monkeypatch):
    monkeypatch.setattr("engine.style.transfer.TICK_SECONDS", 0)
    job, now, seen, means = transfer(steps=2), PLAIN, [], [np.zeros((1, 3, *CONTENT.shape[:2]))] * 2
    content, style = as_tensor(CONTENT, CPU), as_tensor(STYLE, CPU)
    for event in job.run():
        if isinstance(event, StyleTick):
            state = job.standing().state
            if event.step:
                assert near(state["exp_avg"], means[0]) and near(state["exp_avg_sq"], means[1])
                seen.append(int(state["step"]))
            gradient = reference(torch.from_numpy(state["pixels"]), content, style, now)[1].numpy()
            means = [0.9 * means[0] + 0.1 * gradient, 0.99 * means[1] + 0.01 * gradient**2]
            if not event.step:
                now = now.changed(content_weight=9, style_weight=2, variation_weight=200)
                for name in ("content_weight", "style_weight", "variation_weight"):
                    job.change(name, getattr(now, name))
    assert seen == [1, 2]


def test_only_chosen_layers_count_and_may_change():
    job = transfer(steps=2, layers="conv3_1 conv1_1")
    seen = []
    for event in job.run():
        if isinstance(event, StyleTick):
            seen.append([name for name, _ in event.losses.by_layer])
            job.change("layers", "conv2_1")
    assert seen[0] == ["conv1_1", "conv3_1"] and seen[-1] == ["conv2_1"]
    for refused in (lambda: job.change("layers", "conv5_1"), lambda: transfer(layers="relu")):
        with pytest.raises(UserError, match=r"Choose among: conv1_1, conv2_1, conv3_1, conv4_1\."):
            refused()


def test_more_or_fewer_steps_may_be_wished_for_on_the_way():
    job = transfer(steps=100)
    for event in job.run():
        if isinstance(event, StyleTick):
            job.change("steps", 4)
    assert job.step == 4


def test_minutes_become_steps():
    job = StyleTransfer(CONTENT, [STYLE], PLAIN, minutes=0.01)
    last = ticks(job)[-1]
    assert last.step == last.steps == job.options.steps > 1


@pytest.mark.parametrize("wanted", [True, False])
def test_gram_matrices_are_told_where_they_are_wanted_at_the_end_at_the_latest(wanted):
    job = transfer(steps=1, layers="conv1_1 conv2_1")
    job.wants_grams = wanted
    told = [event for event in job.run() if isinstance(event, GramsReady)]
    assert bool(told) == wanted
    if wanted:
        assert told[-1].step == 1 and list(told[-1].layers) == ["conv1_1", "conv2_1"]
        style, found = told[-1].layers["conv2_1"]
        assert style.shape == found.shape == (128, 128) and not np.allclose(style, found)


def spoil(monkeypatch, spoilt):
    """Let the losses be no numbers at the looks that ``spoilt`` says."""
    honest, looks = Canvas.look, iter(range(10_000))

    def look(self, options):
        losses, total = honest(self, options)
        if spoilt(next(looks)):
            self.pixels.grad.fill_(float("nan"))
        return losses, total

    monkeypatch.setattr(Canvas, "look", look)


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_a_number_that_is_not_finite_is_seen_undone_and_said(monkeypatch, optimizer):
    spoil(monkeypatch, lambda look: look in (2, 5))
    events = list(transfer(optimizer=optimizer, steps=5).run())
    undone = [event for event in events if isinstance(event, StepUndone)]
    assert [event.rate for event in undone] == [0.5, 0.25]
    last = events[-1]
    assert isinstance(last, StyleTick) and last.losses.is_finite and last.picture.std() > 5
    assert last.losses.total < next(e for e in events if isinstance(e, StyleTick)).losses.total


def test_where_smaller_steps_do_not_help_it_says_what_does(monkeypatch):
    spoil(monkeypatch, lambda look: look > 1)
    with pytest.raises(UserError, match=r"no finite numbers.*Lower the weights"):
        list(transfer().run())


def test_lbfgs_that_went_astray_goes_back(monkeypatch):
    honest = Canvas.look

    def look(self, options):
        losses, total = honest(self, options)
        wild = abs(float(self.pixels.detach().mean()) - before) > 1e-9 and not undone
        return (losses.__class__(1, 1, 1, 1e9), total) if wild else (losses, total)

    before, undone = float(as_tensor(CONTENT, CPU).mean()), []
    monkeypatch.setattr(Canvas, "look", look)
    for event in transfer(optimizer="lbfgs", steps=3).run():
        undone += [event] * isinstance(event, StepUndone)
    assert len(undone) == 1 and undone[0].rate == 0.5


def test_a_change_of_weights_leaves_lbfgs_a_curvature_of_the_new_losses():
    pixels = torch.tensor([3.0, -2.0]).reshape(1, 1, 1, 2).requires_grad_()
    mover, weight, before = LBFGSMover(pixels), 1.0, None
    for step in range(6):
        if step == 3:
            weight = 50.0
            mover.carry_over(partial(torch.mul, 2 * torch.tensor([1.0, 50.0]).view(1, 1, 1, 2), before))
        total = pixels[..., 0].square().sum() + weight * pixels[..., 1].square().sum()
        pixels.grad = None
        total.backward()
        before = pixels.detach().clone()
        mover.step(total.detach(), 0)
    state = mover.lbfgs.state[pixels]
    curvatures = [float(y @ s / (s @ s)) for y, s in zip(state["old_dirs"], state["old_stps"], strict=True)]
    assert all(1.99 <= curvature <= 100.01 for curvature in curvatures)


# --- what is kept of it


def tick(step, total=40, side=16):
    losses = ticks_losses(step)
    return StyleTick(step, total, np.full((side, side, 3), step % 256, np.uint8), losses, 0.1 * step, None, 10.0)


def ticks_losses(step):
    from engine.style.events import Losses

    return Losses(0.1 * step, 1 / (step + 1), 0.02, 1.0)


def test_history_keeps_all_losses_and_pictures_evenly():
    history = History()
    for step in range(1001):
        history.add(tick(step))
    kept = [each.step for each in history.ticks]
    assert len(history.steps) == 1001 and len(kept) <= 240 and kept[0] == 0 and kept[-1] == 1000
    assert set(np.diff(kept[:-1])) == {8} and history.nearest(501).step == 504
    assert history.curve(CURVES[0])[10] == pytest.approx(1.0)
    history.add(tick(1000))
    kept = history.snapshot()
    history.undo_to(997)
    assert len(kept.steps) == 1001 and kept.ticks[-1].step == 1000
    assert len(history.steps) == 998 and history.ticks[-1].step == 992


@pytest.mark.parametrize("kind", ["mp4", "gif"])
def test_the_film_shows_every_picture_that_is_kept(tmp_path, kind):
    history = History()
    for step in range(5):
        history.add(tick(step, side=24))
    path = tmp_path / f"film.{kind}"
    told = list(film.save(history, path, ExportOptions(frames_per_second=10, seconds_held=0.1)))
    assert (told[-1].done, told[-1].total) == (5, 5) and path.stat().st_size > 2000
    job = film.save(history, tmp_path / "none.mp4")
    next(job)
    job.close()
    assert not (tmp_path / "none.mp4").exists() and result_of(film.save(history, path)) is None
