"""Sentences about what is learned from: pictures, points, rows; in English and Spanish, which agrees with them."""

from __future__ import annotations

import pickle
import re

import pytest

from engine import i18n
from engine.config import OPTIONS
from engine.datasets.info import POINTS, ROWS, Column, DatasetInfo
from engine.datasets.sets import noun_of
from engine.diagnosis.own import DETECTORS
from engine.i18n import PICTURES, again, speak_of, speaking_of, tr, trn
from engine.runs import MemoryRun
from engine.search.objectives import GOALS
from engine.trainer import Trainer
from tests import tiny
from tests.nouns import OF_PICTURES
from tests.test_translations import CATALOGS, forms

PHRASE = re.compile(r"\{data:([^{}]*)\}")
FEMININE = re.compile(
    r"\b(las?|unas?|estas?|otras?|mismas?|muchas|pocas|cuántas|tantas|todas|(?!cada\b)\w+adas?|nuevas|vistas)\b", re.I
)


@pytest.mark.parametrize(
    ("code", "noun", "said"),
    [
        ("en", PICTURES, "The pictures get worse: Fréchet distance 2, and it was 1 already."),
        ("en", POINTS, "The points get worse: Fréchet distance 2, and it was 1 already."),
        ("en", ROWS, "The rows get worse: Fréchet distance 2, and it was 1 already."),
        ("es", PICTURES, "Las imágenes empeoran: la distancia de Fréchet es 2 y llegó a ser 1."),
        ("es", POINTS, "Los puntos empeoran: la distancia de Fréchet es 2 y llegó a ser 1."),
        ("es", ROWS, "Las filas empeoran: la distancia de Fréchet es 2 y llegó a ser 1."),
    ],
)
def test_a_sentence_agrees_with_what_the_data_are(code, noun, said):
    i18n.set_language(code)
    with speaking_of(noun):
        assert (
            tr("{data:The pictures} get worse: Fréchet distance {now}, and it was {best} already.", now=2, best=1)
            == said
        )


def test_what_was_said_of_points_stays_so_in_another_language_and_beside_another_run():
    speak_of(POINTS)
    told, of_pairs = tr("Real {data:images}"), trn("{count} {data:image}", "{count} {data:images}", 2)
    speak_of(PICTURES)
    assert (told, tr("Real {data:images}")) == ("Real points", "Real images") and of_pairs == "2 points"
    i18n.set_language("es")
    assert again(told) == "Puntos reales" and pickle.loads(pickle.dumps(told)) == "Real points"


def test_columns_decide_what_a_run_is_of_and_the_set_until_they_are_known():
    columns = (Column("x", 0, 1), Column("y", 0, 1), Column("z", 0, 1))
    nouns = [DatasetInfo(10, (), count, 1, columns[:count]).noun for count in (0, 2, 3)]
    assert nouns == [PICTURES, POINTS, ROWS]
    assert [noun_of(name) for name in ("digits", "plane-ring", "table", "unknown")] == [
        PICTURES,
        POINTS,
        ROWS,
        PICTURES,
    ]


@pytest.mark.parametrize("noun", [POINTS, ROWS], ids=lambda noun: noun.name)
def test_every_phrase_that_agrees_with_the_data_can_be_said_of_all_of_them(noun):
    english = {text for message in CATALOGS["es"] if message.id for text in forms(message.id)}
    spanish = {text for message in CATALOGS["es"] if message.id for text in forms(message.string)}
    for code, texts in (("en", english), ("es", spanish)):
        i18n.set_language(code)
        phrases = {phrase for text in texts for phrase in PHRASE.findall(text)}
        said = {phrase: noun.decline(phrase) for phrase in phrases}
        assert not {phrase for phrase, text in said.items() if OF_PICTURES.search(text)}
        assert not {phrase for phrase, text in said.items() if re.search(r"\b(de|a) el\b|\ban [pr]", text)}
        if noun is POINTS and code == "es":
            assert not {text for text in said.values() if "nube" not in text and FEMININE.search(text)}


@pytest.mark.parametrize("code", ["en", "es"])
def test_nothing_that_is_told_of_a_run_of_points_speaks_of_pictures(code):
    i18n.set_language(code)
    with speaking_of(POINTS):
        told = [tr(text) for detector in DETECTORS.values() for text in (detector.title, detector.why)]
        options = [
            each
            for name, each in OPTIONS.items()
            if not name.startswith(("image_", "augment", "dataset", "sample_", "architecture"))
        ]
        told += [tr(text) for each in options for text in (each.label, each.help, each.unit, *each.choice_titles)]
        told += [tr(text) for goal in GOALS.values() for text in (goal.title, goal.help)]
    assert len(told) > 200 and not [text for text in told if OF_PICTURES.search(text)]


def test_the_log_of_a_run_of_points_counts_points():
    run = MemoryRun()
    list(
        Trainer(
            tiny.config(dataset="plane-ring", architecture="mlp-points", max_images=40, epochs=1, eval_time_percent=0),
            run,
        ).run()
    )
    assert run.lines[-1].split(" and ")[0] == "finished after 40 points"
