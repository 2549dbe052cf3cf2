"""What is said in a blind duel. Knows no Qt."""

from __future__ import annotations

from engine.i18n import PICTURES, joined, mark, number, speaking_of, tr, trn
from engine.preference.answers import Question
from engine.preference.duel import Duel
from engine.preference.players import Player

QUESTIONS: dict[Question, str] = {
    "better": mark("Which is better?"),
    "varied": mark("Which shows more different {data:pictures}?"),
}
_OF_DIGITS = mark("Which shows more different digits?")


def question_told(question: Question, duel: Duel | None) -> str:
    """Return the question in words that suit what is drawn."""
    players = list(duel.players.values()) if duel is not None else []
    if question == "varied" and players and all(map(_draws_digits, players)):
        return tr(_OF_DIGITS)
    with speaking_of(players[0].noun if players else PICTURES):
        return tr(QUESTIONS[question])


def progress_told(duel: Duel) -> str:
    """Say how far the ranking is."""
    given, wanted = len(duel.ranking.counted), duel.wanted
    if duel.ranking.is_enough:
        return tr("{given} answers: enough for a preference. Each further one makes it surer.", given=number(given))
    if given >= wanted:
        return trn(
            "{count} answer; somebody has not met anybody yet.",
            "{count} answers; somebody has not met anybody yet.",
            given,
        )
    return tr("{given} of {wanted} answers that make a preference", given=number(given), wanted=number(wanted))


def left_out_told(count: int) -> str:
    """Say how many have nothing to show."""
    return trn(
        "{count} has no samples that can be compared and is left out.",
        "{count} have no samples that can be compared and are left out.",
        count,
    )


def player_told(duel: Duel, player: Player) -> list[str]:
    """Return what a table says of one who takes part: title, preference, Fréchet distance, answers."""
    score = duel.ranking.score(player.key)
    met = sum(player.key in (each.left, each.right) for each in duel.ranking.counted)
    return [
        player.title,
        "–" if score is None else number(score, ".0%"),
        "–" if player.frechet is None else number(player.frechet, ",.2f"),
        number(met),
    ]


def between_told(duel: Duel, is_search: bool) -> str:
    """Say who meets."""
    count = len(duel.players)
    who = trn("{count} trial", "{count} trials", count) if is_search else trn("{count} run", "{count} runs", count)
    return joined(tr("Blind duel"), who, between=": ")


def _draws_digits(player: Player) -> bool:
    return bool(player.labels) and all(label.isdigit() for label in player.labels)
