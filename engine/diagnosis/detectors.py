"""How our own troubles are found: one pure function for each. Says nothing in words.

The limits stand at the top of each function; ``pytest -m slow`` proves them on real trainings that fail or do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.diagnosis.curves import Floats, RunCurves
from engine.diagnosis.grace_period import grace_period
from engine.diagnosis.record import Curve, Evidence
from engine.diagnosis.remedies import has_weak_penalty, proven_options
from engine.diagnosis.trends import (
    ONE_PICTURE_SHARE,
    agreeing,
    climbs,
    gets_better,
    is_bad,
    is_nonsense,
    lately,
    one_picture,
    one_picture_drawn,
    recent_evaluations,
    spaced_evaluations,
    stands_still,
    thins_out,
    worsening,
)
from engine.events import Quality
from engine.losses import LOSSES

_FEWEST_ROWS = 8
_EVALUATIONS_OF_A_SWING = 10
_NO_VARIETY = 0.06
_NEARLY_SURE = (0.93, 0.15)  # what D gives to real images at least, and to generated ones at most
_SENSE = 0.3  # the precision from which on what the judge reads means something

# --- the duel


def not_finite(curves: RunCurves) -> tuple[Evidence, ...]:
    """A loss or a gradient became NaN or infinite."""
    moment = curves.not_finite
    spoiled = np.flatnonzero(~np.isfinite(curves.d_loss + curves.g_loss))
    if moment is None and len(spoiled):
        moment = int(curves.images[spoiled[0]])
    return () if moment is None else (Evidence("not-finite", "losses", moment, moment),)


def penalty_too_weak(curves: RunCurves) -> tuple[Evidence, ...]:
    """A Wasserstein critic whose marks move apart, and little to hold it back."""
    if not has_weak_penalty(curves.config):
        return ()
    gap = np.abs(curves.d_loss) * (2 if curves.config.d_loss_over == "mean" else 1)
    return _marks_apart(curves, gap) or _marks_part(curves, gap)


def _marks_apart(curves: RunCurves, gap: Floats) -> tuple[Evidence, ...]:
    """The marks lie farther apart than a slope of 1 allows."""
    config, facts = curves.config, curves.facts
    reach = (2 if config.data_range == "-1..1" else 1) * facts.size * math.sqrt(facts.channels)  # black to white
    last = gap[-max(len(gap) // 4, _FEWEST_ROWS) :]
    if len(last) < _FEWEST_ROWS or np.median(last) < reach:
        return ()
    return (_row_evidence(curves, "marks-apart", "losses", gap >= reach, float(np.median(last)), reach),)


def _marks_part(curves: RunCurves, gap: Floats) -> tuple[Evidence, ...]:
    """The marks move apart, and the farther they do the worse the pictures become."""
    growth, least = 3.0, 1.0
    qualities = worsening(curves)
    if not qualities:
        return ()
    half = grace_period(curves) / 2
    before = gap[(curves.images > qualities[0].images_seen - half) & (curves.images <= qualities[0].images_seen)]
    now = gap[curves.last_rows(half)]
    if not len(before) or not len(now) or not np.median(now) > max(growth * np.median(before), least):
        return ()
    low, high = float(np.median(before)), float(np.median(now))
    parting = _row_evidence(curves, "marks-part", "losses", gap > growth * low, low, high)
    worse = _evaluation_evidence("gets-worse", "frechet", qualities, qualities[0].frechet, qualities[-1].frechet)
    return parting, worse


def rate_too_high(curves: RunCurves) -> tuple[Evidence, ...]:
    """Losses of a size that no verdict can have: the weights were thrown far away."""
    limit = LOSSES[curves.config.loss].absurd
    size = np.maximum(np.abs(curves.d_loss), np.abs(curves.g_loss))
    lately = size[-max(len(size) // 4, _FEWEST_ROWS) :]
    if len(lately) < _FEWEST_ROWS or np.median(lately) < limit:
        return ()
    return (_row_evidence(curves, "huge-losses", "losses", size >= limit, float(np.median(lately))),)


def d_wins(curves: RunCurves) -> tuple[Evidence, ...]:
    """D is sure of every picture, and the pictures do not get better: its gradient teaches G nothing."""
    return _d_wins_at_once(curves) or _d_refuses_nonsense(curves) or _d_teaches_nothing(curves)


def _d_teaches_nothing(curves: RunCurves) -> tuple[Evidence, ...]:
    """D is sure, and nothing gets better; where nothing moves at all, it need not be quite as sure."""
    real, fake = lately(curves, curves.d_real), lately(curves, curves.d_fake)
    if real is None or fake is None or real < _NEARLY_SURE[0] or fake > _NEARLY_SURE[1]:
        return ()
    is_critic, still = LOSSES[curves.config.loss].is_critic, stands_still(curves)
    least, most = _NEARLY_SURE if still and not is_critic else (0.97, 0.03)
    if real < least or fake > most or gets_better(curves):
        return ()
    if is_critic and not still:  # its gradient does not fade as it grows sure
        return ()
    is_sure = (curves.d_real > least) & (curves.d_fake < most)
    return (_row_evidence(curves, "d-is-sure", "verdicts", is_sure, real, fake), *_standstill(curves))


def _d_wins_at_once(curves: RunCurves) -> tuple[Evidence, ...]:
    """D has no doubt at all, and every picture is the same one: nothing is gained by waiting any longer."""
    sure = 0.98
    alike = _one_picture(curves)
    last = curves.last_rows(ONE_PICTURE_SHARE * grace_period(curves))
    real, fake = curves.d_real[last], curves.d_fake[last]
    if not alike or not len(real) or not (real.mean() > sure and fake.mean() < 1 - sure):  # NaN is neither
        return ()
    is_sure = (curves.d_real > sure) & (curves.d_fake < 1 - sure)
    return (_row_evidence(curves, "d-is-sure", "verdicts", is_sure, float(real.mean()), float(fake.mean())), *alike)


def _one_picture(curves: RunCurves) -> tuple[Evidence, ...]:
    """Every picture is the same one, says the judge, or the sample grids where it has not looked often enough."""
    if qualities := one_picture(curves):
        return (_evaluation_evidence("twins", "samples", qualities, qualities[-1].duplicates),)
    if grids := one_picture_drawn(curves):
        return (Evidence("alike", "samples", grids[0][0], grids[-1][0], (grids[-1][1],)),)
    return ()


def _d_refuses_nonsense(curves: RunCurves) -> tuple[Evidence, ...]:
    """All pictures are alike and far from any real one, and D knows: collapsed ones would be taken for real."""
    least, most = _NEARLY_SURE
    real, fake = lately(curves, curves.d_real), lately(curves, curves.d_fake)
    if real is None or fake is None or real < least or fake > most or LOSSES[curves.config.loss].is_critic:
        return ()
    alike = _sameness(curves)
    if not alike or not is_nonsense(curves.qualities[-1]):
        return ()
    is_sure = (curves.d_real > least) & (curves.d_fake < most)
    return (_row_evidence(curves, "d-is-sure", "verdicts", is_sure, real, fake), *alike)


def g_wins(curves: RunCurves) -> tuple[Evidence, ...]:
    """D takes generated pictures for real, more than real ones, though they are not good."""
    fooled, ahead = 0.65, 0.1
    real, fake = lately(curves, curves.d_real), lately(curves, curves.d_fake)
    if real is None or fake is None or fake < fooled or fake < real + ahead or not is_bad(curves):
        return ()
    is_fooled = (curves.d_fake > fooled) & (curves.d_fake > curves.d_real + ahead)
    return (_row_evidence(curves, "d-is-fooled", "verdicts", is_fooled, real, fake), *_standstill(curves))


def no_learning(curves: RunCurves) -> tuple[Evidence, ...]:
    """D cannot tell anything apart, and the pictures stay as bad as they are."""
    near = 0.1
    real, fake = lately(curves, curves.d_real), lately(curves, curves.d_fake)
    if real is None or fake is None or max(abs(real - 0.5), abs(fake - 0.5)) > near:
        return ()
    if not is_bad(curves) or not stands_still(curves):
        return ()
    undecided = (np.abs(curves.d_real - 0.5) < near) & (np.abs(curves.d_fake - 0.5) < near)
    return (_row_evidence(curves, "undecided", "verdicts", undecided, real, fake), *_standstill(curves))


def rate_too_low(curves: RunCurves) -> tuple[Evidence, ...]:
    """G steps far shorter than is known to work, and long after others have taken shape its pictures have none."""
    share = 0.3
    shapeless = agreeing(curves, lambda quality: is_nonsense(quality) and quality.recall <= _NO_VARIETY)
    if not shapeless:
        return ()
    rate, proven = curves.config.g_lr, proven_options(curves.config).g_lr
    if rate >= share * proven:
        return ()
    now = shapeless[-1]
    steps = Evidence("short-steps", "losses", curves.began, now.images_seen, (rate, proven))
    return steps, _evaluation_evidence("shapeless", "frechet", shapeless, now.frechet, now.frechet_real)


# --- the pictures


def memorization(curves: RunCurves) -> tuple[Evidence, ...]:
    """Samples are nearer to training images than real images are to each other."""
    copied = 0.3
    qualities = agreeing(curves, lambda quality: quality.memorization >= copied)
    return (_evaluation_evidence("copies", "samples", qualities, qualities[-1].memorization),) if qualities else ()


def labels_ignored(curves: RunCurves) -> tuple[Evidence, ...]:
    """Readable pictures of several classes, but not of those that were asked for."""
    classes = len(curves.facts.class_names)
    little, varied = max(0.3, 2 / max(classes, 1)), 0.5

    def ignores(quality: Quality) -> bool:
        return (
            quality.accuracy is not None
            and quality.accuracy <= little
            and quality.precision >= little
            and len(_drawn(quality)) >= varied * classes
        )

    qualities = agreeing(curves, ignores) if curves.is_conditional and classes > 2 else ()
    if not qualities:
        return ()
    return (_evaluation_evidence("not-as-asked", "reading", qualities, qualities[-1].accuracy or 0.0, 1 / classes),)


def collapse(curves: RunCurves) -> tuple[Evidence, ...]:
    """Different noise, the same picture: many twins and no variety, few of the classes, or too much of one."""
    found = _sameness(curves)
    if not found:
        return ()
    last = curves.qualities[-1]
    return (*found, Evidence("no-variety", "spread", found[0].since, last.images_seen, (last.recall,)))


def _sameness(curves: RunCurves) -> tuple[Evidence, ...]:
    """Return what shows that the pictures are alike."""
    few, uneven, repeats = _few(curves), _uneven(curves), _repeats(curves)
    if (repeats or few) and thins_out(curves):
        repeats = few = []
    found = []
    if lost := _lost_clouds(curves):
        found.append(
            _evaluation_evidence("few-clouds", "samples", lost, len(_drawn(lost[-1])), len(lost[-1].histogram or ()))
        )
    if few:
        found.append(
            _evaluation_evidence("few-classes", "samples", few, len(_drawn(few[-1])), len(few[-1].histogram or ()))
        )
    if uneven:
        found.append(_evaluation_evidence("uneven", "samples", uneven, *_most_drawn(uneven[-1])))
    if repeats:
        found.append(_evaluation_evidence("twins", "samples", repeats, repeats[-1].duplicates))
    return tuple(found)


def _few(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments that see few of the classes and no variety."""
    return agreeing(
        curves,
        lambda quality: quality.recall <= _NO_VARIETY and quality.precision >= _SENSE and _is_few(quality),
    )


def _lost_clouds(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments that see points in too few of the clouds; of points, what is read is certain."""
    most = 0.6
    if not curves.facts.is_points:
        return []
    return agreeing(
        curves,
        lambda quality: (
            len(quality.histogram or ()) >= 4
            and quality.precision >= _SENSE
            and len(_drawn(quality)) <= most * len(quality.histogram or ())
        ),
    )


def _repeats(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments that see twins everywhere and no variety."""
    twin = 0.4
    enough = curves.facts.image_count  # of fewer images than samples, even a perfect G must draw twins
    return agreeing(
        curves,
        lambda quality: quality.duplicates >= twin and quality.recall <= _NO_VARIETY and quality.count <= enough,
    )


def _uneven(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments, until well after the grace period, that see wrong classes, no variety and no progress."""
    far, none, share = 0.6, 0.02, 1.5

    def is_uneven(quality: Quality) -> bool:
        return quality.recall <= none and quality.precision >= _SENSE and _off_balance(quality) >= far

    qualities = agreeing(curves, is_uneven, share)
    return [] if qualities and gets_better(curves) else qualities


def oscillation(curves: RunCurves) -> tuple[Evidence, ...]:
    """The pictures get better and worse in turns, without arriving."""
    climb, total = 1.3, 2.5
    qualities = spaced_evaluations(curves)[-_EVALUATIONS_OF_A_SWING:]
    swings = climbs([quality.frechet for quality in qualities], climb)
    if (
        not qualities
        or math.prod(high / low for low, high in swings) < total
        or qualities[-1].frechet < 2 * qualities[-1].frechet_real
        or qualities[-1].frechet_low <= qualities[-1].frechet_real  # nobody can tell it from that of real images
    ):
        return ()
    values = [quality.frechet for quality in qualities]
    return (_evaluation_evidence("up-and-down", "frechet", qualities, len(swings), min(values), max(values)),)


# --- evidence


def _drawn(quality: Quality) -> list[int]:
    """Return the classes that are drawn at least a fifth as often as an even share."""
    histogram = quality.histogram or ()
    return [label for label, share in enumerate(histogram) if share >= 0.2 / len(histogram)]


def _expected(quality: Quality) -> tuple[float, ...]:
    """Return the share of each class that the samples should have: that of the real images, or an even one."""
    histogram = quality.histogram or ()
    return quality.real_histogram or tuple(1 / len(histogram) for _ in histogram)


def _off_balance(quality: Quality) -> float:
    """Return the share of the samples that are of a class of which there are enough."""
    return sum(max(read - real, 0.0) for read, real in zip(quality.histogram or (), _expected(quality), strict=False))


def _most_drawn(quality: Quality) -> tuple[float, float]:
    """Return the share of the class that is drawn most beyond its measure, and what that would be."""
    shares = zip(quality.histogram or (), _expected(quality), strict=False)
    return max(shares, key=lambda share: share[0] - share[1])


def _is_few(quality: Quality) -> bool:
    histogram = quality.histogram or ()
    return len(histogram) >= 4 and len(_drawn(quality)) <= math.floor(0.4 * len(histogram))


def _standstill(curves: RunCurves) -> tuple[Evidence, ...]:
    """Return the Fréchet distance that does not fall as further evidence, where there is one."""
    qualities = recent_evaluations(curves)
    return (
        (_evaluation_evidence("standstill", "frechet", qualities, qualities[-1].frechet, qualities[-1].frechet_real),)
        if qualities
        else ()
    )


def _row_evidence(curves: RunCurves, sign: str, curve: Curve, shows: Any, *numbers: float) -> Evidence:
    """Return evidence since the last row that did not show it, small gaps forgiven."""
    spread = np.convolve(shows, np.ones(5) / 5, mode="same") >= 0.5
    against = np.flatnonzero(~spread)
    first = min(int(against[-1]) + 1 if len(against) else 0, len(curves.images) - 1)
    return Evidence(sign, curve, int(curves.images[first]), int(curves.images[-1]), numbers)


def _evaluation_evidence(sign: str, curve: Curve, qualities: Sequence[Quality], *numbers: float) -> Evidence:
    return Evidence(sign, curve, qualities[0].images_seen, qualities[-1].images_seen, numbers)
