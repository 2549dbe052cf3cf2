"""Directions of a generator that change its pictures in one way each: found, measured, named, measured again later.

Two ways lead to them, both without labels: closed-form factorization of the first affine weights (SeFa; Shen and Zhou,
2021, arXiv:2007.06600), and principal components of activations (GANSpace; Härkönen et al., 2020, arXiv:2004.02546).
What a direction does is measured on pictures of many z, of all classes in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import UserError
from engine.evaluation import moments
from engine.i18n import number, tr
from engine.job import Job, Progress
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.points.refusals import insist_on_pictures
from engine.runs import Direction

Method = Literal["pca", "sefa"]
METHODS: tuple[Method, ...] = ("pca", "sefa")

MOST = 12
REACH = 3.0
"""How far to both sides along a direction is worth looking: the length of z hardly changes."""
_HOLDS = 0.5  # of a correlation (0 to 1): a measure follows its direction
_STILL = 0.9  # of the correlation where it was found, which may have been weaker: it follows as it did
_ACTIVATIONS = 1024  # z that principal components are taken of
_LEAST = 1e-6  # of the largest: a smaller component is what rounding leaves
_PROBES = 40  # z that a direction is measured with
_PLACES = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])  # along it
_ASIDE = 10_000  # seeds of noise that nothing else draws

Vectors = NDArray[np.float32]


class Held(NamedTuple):
    """What became of a direction at another epoch: ``now`` has the same vector and name, measured there.

    ``holds``: what it was named after still follows it, in the same sense.
    """

    before: Direction
    now: Direction
    holds: bool


def find(
    session: GeneratorSession, epoch: int, method: Method = "sefa", most: int = MOST
) -> Job[Progress, list[Direction]]:
    """Return at most ``most`` directions of the generator of ``session``, what changes the picture most first.

    Each has length 1, points to where its measure grows and is named after it. Raises ``UserError`` where the networks
    do not tell their first layer. The same generator gives the same directions.
    """
    insist_on_pictures(session.facts)
    yield Progress(0, most, tr("Directions"))
    vectors = (_by_weights if method == "sefa" else _by_activations)(session)[:most]
    found = [Direction("", method, epoch, tuple(map(float, vector)), 0.0, "", 0.0, 0.0) for vector in vectors]
    measured = yield from _measured(session, found)
    turned = [_upward(direction) for direction in measured]
    return sorted(turned, key=lambda direction: -direction.strength)


def measure_again(session: GeneratorSession, epoch: int, kept: Sequence[Direction]) -> Job[Progress, list[Held]]:
    """Measure directions of another epoch, or another run of as many numbers, with the generator of ``session``.

    Raises ``UserError`` where they are of a generator with another number of latent dimensions.
    """
    insist_on_pictures(session.facts)
    if any(len(direction.vector) != session.z_dim for direction in kept):
        raise UserError(
            tr("These directions belong to a generator with another number of latent dimensions."),
            tr("Find them anew for this run."),
        )
    found = [replace(direction, epoch=epoch) for direction in kept]
    measured = yield from _measured(session, found, of=[direction.measure for direction in kept])
    pairs = zip(kept, measured, strict=True)
    return [Held(before, now, _holds(before, now)) for before, now in pairs]


def along(z: Vectors, direction: Direction, count: int, reach: float = REACH) -> Vectors:
    """Return z ``[count, z_dim]`` along ``direction``, from ``-reach`` to ``reach`` around ``z`` ``[z_dim]``."""
    return np.asarray(z + np.linspace(-reach, reach, count, dtype=np.float32)[:, None] * direction.unit, np.float32)


def titles(directions: Sequence[Direction]) -> list[str]:
    """Return what each of them changes, in the person's language: of those that change the same, all but the first
    have a number, which no name of a person's own takes away.
    """
    measures = [moments.BY_NAME.get(each.measure) for each in directions]
    words = [tr(known.title) if known else tr("something else") for known in measures]
    places = [words[: index + 1].count(word) for index, word in enumerate(words)]
    return [word if place == 1 else f"{word} {number(place)}" for word, place in zip(words, places, strict=True)]


def ends(direction: Direction) -> tuple[str, str]:
    """Return what pictures become at its lower and at its upper end, empty where it is not known."""
    known = moments.BY_NAME.get(direction.measure)
    if known is None:
        return "", ""
    low, high = tr(known.less), tr(known.more)
    return (low, high) if direction.effect >= 0 else (high, low)


# --- finding


def _by_weights(session: GeneratorSession) -> Vectors:
    """Return the eigenvectors of AᵀA, by rows, the largest first, where A is the first affine map of all labels."""
    labels = range(session.class_count) if session.class_count else (-1,)
    square = torch.zeros(session.z_dim, session.z_dim)
    for label in labels:
        weight = session.network.first_affine(label).weight
        square += weight.T @ weight
    return np.asarray(np.linalg.eigh(square.double().numpy())[1].T[::-1], np.float32)


@torch.no_grad()
def _by_activations(session: GeneratorSession) -> Vectors:
    """Return the regressions of z on the principal components of activations, by rows, the largest first.

    Those of the first layer after one that bends: of the affine layer itself they would be SeFa's again. The mean of
    each class is taken away, since directions within a class are wanted.
    """
    z, labels = random_z(_ACTIVATIONS, session.z_dim, _ASIDE), label_cycle(_ACTIVATIONS, session.class_count)
    layers = session.network.features(torch.tensor(z), torch.tensor(labels))
    activations = layers[min(1, len(layers) - 1)].flatten(1).numpy()
    for label in np.unique(labels):
        activations[labels == label] -= activations[labels == label].mean(0)
    values, scores = np.linalg.eigh((activations @ activations.T).astype(np.float64))
    order = [index for index in np.argsort(-values)[: session.z_dim] if values[index] > _LEAST * values.max()]
    vectors = scores[:, order].T @ z
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


# --- measuring


def _measured(
    session: GeneratorSession, found: Sequence[Direction], of: Sequence[str] = ()
) -> Job[Progress, list[Direction]]:
    """Fill in what each direction does: to the measure it moves most, or to those named in ``of``."""
    base, labels = random_z(_PROBES, session.z_dim, _ASIDE + 1), label_cycle(_PROBES, session.class_count)
    usual = {name: float(values.std()) for name, values in moments.measure(session.render(base, labels)).items()}
    measured = []
    for index, direction in enumerate(found):
        yield Progress(index, len(found), tr("Directions"))
        z = base[:, None] + _PLACES[:, None].astype(np.float32) * direction.unit
        images = session.render(z.reshape(-1, session.z_dim), np.repeat(labels, len(_PLACES)))
        measured.append(_with_facts(direction, images, usual, of[index] if of else ""))
    yield Progress(len(found), len(found), tr("Directions"))
    return measured


def _with_facts(direction: Direction, images: NDArray[np.uint8], usual: dict[str, float], of: str) -> Direction:
    by_place = images.astype(np.float32).reshape(_PROBES, len(_PLACES), -1) / 255
    change = (by_place[:, -1] - by_place[:, 0]) / (_PLACES[-1] - _PLACES[0])
    strength = float(np.sqrt((change**2).mean()))
    effects = {}
    for name, values in moments.measure(images).items():
        if usual[name] > 1e-6:
            effects[name] = _slope(values.reshape(_PROBES, -1) / usual[name])
    if not effects:
        return replace(direction, strength=strength, measure="", effect=0.0, correlation=0.0)
    name = of if of in effects else max(effects, key=lambda each: abs(effects[each][0] * effects[each][1]))
    effect, correlation = effects[name]
    return replace(direction, strength=strength, measure=name, effect=effect, correlation=correlation)


def _slope(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope and correlation of ``values`` ``[probes, places]`` with the place, each probe from its own mean."""
    centered = values - values.mean(1, keepdims=True)
    spread = float((_PLACES**2).mean())
    together, own = float((centered * _PLACES).mean()), float((centered**2).mean())
    return together / spread, float(together / np.sqrt(max(own * spread, 1e-24)))


def _upward(direction: Direction) -> Direction:
    if direction.effect >= 0:
        return direction
    vector = tuple(-value for value in direction.vector)
    return replace(direction, vector=vector, effect=-direction.effect, correlation=-direction.correlation)


def _holds(before: Direction, now: Direction) -> bool:
    least = min(_HOLDS, _STILL * abs(before.correlation))
    return bool(before.measure) and now.effect * before.effect > 0 and abs(now.correlation) >= least
