"""Recorded courses of trainings that are in trouble, and what the window shows of them."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.diagnosis import Diagnosis, Evidence, Health
from engine.events import MetricsRow, Quality
from engine.i18n import tr
from engine.runs import RunInfo
from studio.model.findings import Findings
from studio.model.run import Run
from studio.services.readers import data_of

FACTS = DatasetInfo(5000, tuple("0123456789"), 1, 28)
EPOCH = FACTS.image_count
LIVE = {"g_lr": 0.004, "r1_gamma": 2.0}
NOT_LIVE = {"g_beta1": 0.25, "g_lr": 0.004}


def info_of(**options):
    return RunInfo(Config(**{"epochs": 40} | options), FACTS)


def rows(epochs=30, first=0.0, d_loss=1.0, g_loss=1.4, d_real=0.6, d_fake=0.4):
    """Ten rows to an epoch, of the epochs after ``first``."""
    for number in range(round(10 * first) + 1, round(10 * (first + epochs)) + 1):
        images = number * EPOCH // 10
        yield MetricsRow(images // 64, 1 + images // EPOCH, images, 0.0, d_loss, g_loss, d_real, d_fake)


def judged(epoch, **values):
    """A look at good and varied samples, unless ``values`` say otherwise."""
    good = Quality(epoch, epoch * EPOCH, 500, 8.0, 7.0, 9.0, 4.0, 0.8, 0.7, 0.01, 0.02, 0.02, (0.1,) * 10, 0.97)
    return replace(good, **values)


def looks(last=30, **values):
    return [judged(epoch, **values) for epoch in range(1, last + 1)]


def recorded(qualities=(), troubles=(), changes=(), info=None, **curves):
    """The info and history of a run with such a curves."""
    info = info or info_of()
    history = data_of(info)
    history.append(rows(**curves))
    history.qualities, history.not_finite, history.changes = list(qualities), list(troubles), list(changes)
    return info, history


FEW = (0.5, 0.3, 0.2, *[0.0] * 7)
BAD = {"frechet": 900.0, "precision": 0.0, "recall": 0.0}
UNBOUND = info_of(loss="wgan_gp", gp_weight=0.001)
CURVES = {
    "not-finite": lambda: recorded(troubles=[150_000], epochs=30),
    "penalty-too-weak": lambda: recorded(d_loss=-2000.0, g_loss=900.0, info=UNBOUND),
    "rate-too-high": lambda: recorded(d_loss=4e4, g_loss=2e4),
    "d-wins": lambda: recorded(looks(**BAD), d_real=0.999, d_fake=0.001),
    "g-wins": lambda: recorded(looks(**BAD), d_real=0.3, d_fake=0.9),
    "no-learning": lambda: recorded(looks(**BAD), d_real=0.5, d_fake=0.5),
    "rate-too-low": lambda: recorded(looks(**BAD), d_real=0.8, d_fake=0.2, info=info_of(g_lr=4e-5)),
    "memorization": lambda: recorded(looks(memorization=0.9)),
    "labels-ignored": lambda: recorded(looks(accuracy=0.1)),
    "mode-collapse": lambda: recorded(looks(recall=0.0, duplicates=0.8, histogram=FEW)),
    "oscillation": lambda: recorded([judged(e, frechet=(100.0, 400.0)[e % 2]) for e in range(1, 31)]),
}


def made_up(trouble="d-wins", cure=LIVE, signs=("d-is-sure",)):
    numbers = {"d-is-sure": (0.99, 0.01), "copies": (0.8,)}
    evidence = tuple(Evidence(sign, "verdicts", 2500, 10_000, numbers[sign]) for sign in signs)
    return Diagnosis(trouble, evidence, cure)


def findings(*diagnoses, **options):
    return Findings(Health("trouble" if diagnoses else "healthy", Config(**options), diagnoses=diagnoses), EPOCH)


def said(widget):
    return unescape("\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible()))


def cure_button(widget):
    (button,) = [found for found in widget.findChildren(QPushButton, "cure_button") if found.isVisible()]
    return button


def spans(plot):
    return plot.marks_item.spans


def health_tab(window):
    bar = window.inspector.tabBar()
    return next(bar.tabText(tab) for tab in range(bar.count()) if tr("Health") in bar.tabText(tab))


def opened(tmp_path, info, history):
    return Run(tmp_path, info, history, history.total_images - 1)


def show(window, run):
    """Let the window show ``run``, and look what is wrong with it."""
    window.services.shown.put(run)
    window.services.health.look()


def shown_run(window, info, history):
    """Let the window show a run that lies in its folder."""
    for epoch in range(1, 31):
        history.add_grid(epoch, Path("absent.png"))
    show(window, opened(Path("absent"), info, history))
