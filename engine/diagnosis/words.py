"""What the troubles are called, why they happen and what shows them, in the person's language. Finds nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config import OPTIONS
from engine.diagnosis.health import Health
from engine.diagnosis.own import DETECTORS
from engine.diagnosis.record import Evidence
from engine.i18n import number, tr, trn


def title(failure_mode: str) -> str:
    """Return the title of ``failure_mode``."""
    return tr(DETECTORS[failure_mode].title)


def why(failure_mode: str) -> str:
    """Return why it happens, in two sentences."""
    return tr(DETECTORS[failure_mode].why)


def describe(evidence: Evidence, image_count: int, *, is_over: bool = False) -> str:
    """Return what ``evidence`` shows, or showed, in one sentence; epochs are counted by ``image_count``."""
    sentence = _sentence(evidence).removesuffix(".")
    since, until = (describe_epoch(images, image_count) for images in (evidence.since, evidence.until))
    if is_over and since == until:
        return tr("{sentence} (at epoch {epoch}).", sentence=sentence, epoch=since)
    if is_over:
        return tr("{sentence} (epochs {since} to {until}).", sentence=sentence, since=since, until=until)
    return tr("{sentence} (since epoch {epoch}).", sentence=sentence, epoch=since)


def describe_health(health: Health, image_count: int) -> str:
    """Return in a sentence how a training is that no trouble is seen in; epochs are counted by ``image_count``."""
    since, ends = (describe_epoch(images, image_count) for images in (health.since, health.ends))
    until = describe_epoch(_whole_epochs(health.until, image_count), image_count)
    if health.state == "healthy":
        epochs = describe_epoch(health.now - health.since, image_count)
        return trn(
            "No trouble in the last {epochs} epoch.",
            "No trouble in the last {epochs} epochs.",
            1 if epochs == number(1) else 2,
            epochs=epochs,
        )
    if health.state == "watched":
        return _describe_watch(health, title(health.cured), since, until)
    if health.until > health.ends > 0:
        return tr(
            "Too early to tell: it takes shape by epoch {until}, and the training ends at {ends}.",
            until=until,
            ends=ends,
        )
    if health.until <= health.now:
        return tr("Too early to tell: the samples have not been judged often enough.")
    if health.since:
        return tr(
            "Too early to tell: an option changed at epoch {since}, and what follows shows by epoch {until}.",
            since=since,
            until=until,
        )
    return tr("Too early to tell: a training of this kind takes shape by epoch {until}.", until=until)


def _describe_watch(health: Health, trouble: str, since: str, until: str) -> str:
    ended = (
        tr("“{trouble}” passed at epoch {since}", trouble=trouble, since=since)
        if health.passed
        else tr("“{trouble}” was cured at epoch {since}", trouble=trouble, since=since)
    )
    if health.until <= health.now:
        return tr("{ended}; the next look of the judge will tell whether all is well.", ended=ended)
    return tr("{ended}; watching until epoch {until}.", ended=ended, until=until)


def describe_remedy(values: Mapping[str, Any]) -> str:
    """Return option changes in words: "Learning rate of D → 0.0012, R1 penalty → 2"."""
    return ", ".join(
        tr("{option} → {value}", option=tr(OPTIONS[name].label), value=_value(name, value))
        for name, value in values.items()
    )


def describe_epoch(images: int, image_count: int) -> str:
    """Return where ``images`` seen are, in epochs of ``image_count``: "0.02", "4.5", and whole ones from 10 on."""
    epochs = images / image_count
    if epochs < 0.1:
        return number(float(f"{epochs:.1g}"))
    return number(round(epochs, 1 if epochs < 10 else 0))


def _whole_epochs(images: int, image_count: int) -> int:
    """Return ``images`` at the end of the epoch that they are in: what is to come shows when that one is judged."""
    return images if images < image_count else -(-images // image_count) * image_count


def _sentence(evidence: Evidence) -> str:
    """Return what a sign means; a stranger's detector whose words fail is told of, and its sign says enough."""
    for each in DETECTORS.working():
        if evidence.sign in each.sentences:
            try:
                return str(each.sentences[evidence.sign](*evidence.numbers))
            except Exception as error:
                DETECTORS.leave_out(each.name, error)
    return evidence.sign


def _value(name: str, value: Any) -> str:
    option = OPTIONS[name]
    if option.zero and not value:
        return tr(option.zero)
    if option.choices:
        return tr(option.choice_titles[option.choices.index(value)])
    return number(value, ".12g")
