"""What a card of a class wall says. Knows no widget."""

from __future__ import annotations

from engine.i18n import joined, tr
from engine.runs import RunSummary, words
from engine.wall.cards import Card


def lines_of(card: Card) -> tuple[str, ...]:
    """Return four lines below the student's name: what is trained, how far, how good, and how it is."""
    run = card.run
    if not isinstance(run, RunSummary):
        return words.title(run), tr("cannot be read"), run.reason
    epochs = tr("epoch {epochs}", epochs=words.epochs(run))
    title = run.name or words.recipe(run)
    return title, epochs, _measure(run), joined(_sign(card), "" if run.health == "early" else words.diagnosis(run))


def card_told(card: Card) -> str:
    """Return all of it in one sentence, for a screen reader and where the mouse rests."""
    live = tr("training now") if card.is_live else ""
    return joined(card.student, *lines_of(card), live, between=", ")


def _measure(run: RunSummary) -> str:
    if run.accuracy is not None:
        return tr("read as asked: {share}", share=words.accuracy(run))
    return tr("Fréchet {value}", value=words.frechet(run)) if run.frechet is not None else ""


def _sign(card: Card) -> str:
    if card.troubles:
        return "⚠"
    return "▶" if card.is_live else ""
