"""What the troubles are called, why they happen and what shows them, in the person's language. Finds nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.config import OPTIONS
from engine.diagnosis.health import Health
from engine.diagnosis.record import Evidence
from engine.i18n import mark, number, tr, trn


class Story(NamedTuple):
    """``title`` and ``why``, two sentences, as English source texts."""

    title: str
    why: str


STORIES: dict[str, Story] = {
    "not-finite": Story(
        mark("Not a number"),
        mark(
            "A step was so large that a loss or a gradient became infinite, and nothing can be computed with that. It "
            "was kept from the weights: the run stands at its last good checkpoint."
        ),
    ),
    "penalty-too-weak": Story(
        mark("Penalty too weak"),
        mark(
            "A Wasserstein critic is fair only while its slope stays near 1, and the gradient penalty alone keeps it "
            "there. With so little of it the marks grow without end, and G follows them into nowhere."
        ),
    ),
    "rate-too-high": Story(
        mark("Learning rate too high"),
        mark(
            "Each step throws the weights farther than the slope it followed reaches, so the next one starts from a "
            "worse place. Losses in the hundreds mean that the players only correct their own last step."
        ),
    ),
    "d-wins": Story(
        mark("D wins"),
        mark(
            "D is so sure of every picture that its verdict hardly changes when G changes a pixel, so there is no "
            "gradient for G to follow. G must learn faster, or D slower and more smoothly."
        ),
    ),
    "g-wins": Story(
        mark("G wins"),
        mark(
            "D learns too slowly to see what is wrong with the pictures, so G is paid for anything. A judge that "
            "takes nonsense for real cannot teach how real images look."
        ),
    ),
    "no-learning": Story(
        mark("Nobody learns"),
        mark(
            "D finds nothing that tells real from generated, and the pictures do not change. Either the steps are too "
            "small to matter, or the networks are dead after steps that were too large."
        ),
    ),
    "memorisation": Story(
        mark("Learnt by heart"),
        mark(
            "D has so few real images that it knows each of them, and then copying them is G's best move. The samples "
            "look perfect, but nothing between them was learnt."
        ),
    ),
    "labels-ignored": Story(
        mark("Labels ignored"),
        mark(
            "G draws good pictures and does not care what was asked for. It is not paid for the label, or the labels "
            "of the real images say nothing about them."
        ),
    ),
    "mode-collapse": Story(
        mark("Mode collapse"),
        mark(
            "G has found a few pictures that D takes for real, and draws them whatever the noise is. By the time that "
            "D learns to refuse them, G moves on to the next few, and variety never pays."
        ),
    ),
    "oscillation": Story(
        mark("Oscillation"),
        mark(
            "Each player overshoots the other's last move, so they chase each other in circles instead of meeting. "
            "Smaller steps, which shrink towards the end, and an average over G's past let them settle."
        ),
    ),
}


def title(trouble: str) -> str:
    """Return the name of ``trouble``."""
    return tr(STORIES[trouble].title)


def why(trouble: str) -> str:
    """Return why it happens, in two sentences."""
    return tr(STORIES[trouble].why)


def told(evidence: Evidence, image_count: int, *, is_over: bool = False) -> str:
    """Return what ``evidence`` shows, or showed, in one sentence; epochs are counted by ``image_count``."""
    sentence = _TOLD[evidence.sign](*evidence.numbers).removesuffix(".")
    since, until = (epoch_told(images, image_count) for images in (evidence.since, evidence.until))
    if is_over:
        return tr("{sentence} (epochs {since} to {until}).", sentence=sentence, since=since, until=until)
    return tr("{sentence} (since epoch {epoch}).", sentence=sentence, epoch=since)


def health_told(health: Health, image_count: int) -> str:
    """Return in a sentence how a training is that no trouble is seen in; epochs are counted by ``image_count``."""
    since, until, ends = (epoch_told(images, image_count) for images in (health.since, health.until, health.ends))
    if health.state == "healthy":
        epochs = epoch_told(health.now - health.since, image_count)
        return trn(
            "No trouble in the last {epochs} epoch.",
            "No trouble in the last {epochs} epochs.",
            1 if epochs == number(1) else 2,
            epochs=epochs,
        )
    if health.state == "watched":
        name = title(health.cured)
        if health.passed:
            return tr(
                "“{trouble}” passed at epoch {since}; watching until epoch {until}.",
                trouble=name,
                since=since,
                until=until,
            )
        return tr(
            "“{trouble}” was cured at epoch {since}; watching until epoch {until}.",
            trouble=name,
            since=since,
            until=until,
        )
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


def cure_told(values: Mapping[str, Any]) -> str:
    """Return option changes in words: "Learning rate of D → 0.0012, R1 penalty → 2"."""
    return ", ".join(
        tr("{option} → {value}", option=tr(OPTIONS[name].label), value=_value(name, value))
        for name, value in values.items()
    )


def epoch_told(images: int, image_count: int) -> str:
    """Return where ``images`` seen are, in epochs of ``image_count``: "4.5", and whole ones from 10 on."""
    epochs = images / image_count
    return number(round(epochs, 1 if epochs < 10 else 0))


def _value(name: str, value: Any) -> str:
    option = OPTIONS[name]
    if name == "max_images" and not value:
        return tr("all")
    if option.choices:
        return tr(option.choice_titles[option.choices.index(value)])
    return number(value, ".12g")


def _percent(share: float) -> str:
    return tr("{number}%", number=number(100 * share, ".0f"))


def _size(value: float) -> str:
    return number(value, ",.0f" if abs(value) >= 100 else ".1f")


_TOLD: dict[str, Callable[..., str]] = {
    "not-finite": lambda: tr("A number became NaN or infinite."),
    "marks-part": lambda before, now: tr(
        "The critic's marks for real and generated images move apart: first {before}, now {now}.",
        before=_size(before),
        now=_size(now),
    ),
    "gets-worse": lambda best, now: tr(
        "The pictures get worse: Fréchet distance {now}, and it was {best} already.", now=_size(now), best=_size(best)
    ),
    "uneven": lambda share, real: tr(
        "{share} of the samples are read as one class; of the real images, {real} are.",
        share=_percent(share),
        real=_percent(real),
    ),
    "huge-losses": lambda loss: tr("Losses of about {loss}.", loss=_size(loss)),
    "marks-apart": lambda gap, reach: tr(
        "The critic's marks for real and generated images are {gap} apart; with a slope of 1, {reach} is the most.",
        gap=_size(gap),
        reach=_size(reach),
    ),
    "d-is-sure": lambda real, fake: tr(
        "D gives real images {real} and generated ones {fake}.", real=_percent(real), fake=_percent(fake)
    ),
    "d-is-fooled": lambda real, fake: tr(
        "D gives generated images {fake} and real ones only {real}.", real=_percent(real), fake=_percent(fake)
    ),
    "undecided": lambda real, fake: tr(
        "D gives real images {real} and generated ones {fake}: it tells nothing apart.",
        real=_percent(real),
        fake=_percent(fake),
    ),
    "standstill": lambda frechet, real: tr(
        "The pictures do not get better: Fréchet distance {frechet}, real images {real}.",
        frechet=_size(frechet),
        real=_size(real),
    ),
    "copies": lambda share: tr("{share} of the samples are copies of training images.", share=_percent(share)),
    "not-as-asked": lambda share, chance: tr(
        "Only {share} are read as asked; chance alone gives {chance}.",
        share=_percent(share),
        chance=_percent(chance),
    ),
    "few-classes": lambda drawn, classes: tr(
        "Only {drawn} of {classes} classes are drawn.", drawn=number(drawn), classes=number(classes)
    ),
    "twins": lambda share: tr("{share} of the samples have a twin.", share=_percent(share)),
    "no-variety": lambda share: tr("The samples cover {share} of the real images.", share=_percent(share)),
    "up-and-down": lambda rises, low, high: tr(
        "The Fréchet distance goes up and down between {low} and {high}.", low=_size(low), high=_size(high)
    ),
}
