"""What was said is said anew where that is another sentence, and only there: the window asks hundreds of times."""

from __future__ import annotations

import gettext

import pytest

from engine import i18n
from engine.i18n import again, joined, number, said, tr


@pytest.fixture
def count():
    """Return how often the text in it was put together."""
    times = []
    yield times, said(lambda: times.append(True) or f"{i18n.language()} {len(times)}")


def test_a_text_is_put_together_again_in_another_language_alone(count):
    times, text = count
    assert again(text) is text and again(joined(text, text)) == "en 1 en 1" and len(times) == 1
    i18n.set_language("es")
    spanish = again(text)
    assert spanish == "es 2" and again(spanish) is spanish and len(times) == 2
    i18n.set_language("en")
    assert again(text) is text and again(spanish) == "en 3"


def test_the_same_words_in_another_language_are_others_again():
    words = tr("Preparing…"), number(1234567.5), joined(tr("Ready"), tr("Paused"), between=": ")
    assert words == ("Preparing…", "1,234,567.5", "Ready: Paused")
    i18n.set_language("es")
    spanish = [again(each) for each in words]
    assert spanish == [tr("Preparing…"), "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5", "Listo: En pausa"]
    i18n.set_language("en")
    assert tuple(map(again, spanish)) == words


def test_a_catalog_that_comes_later_is_asked(monkeypatch):
    class Later(gettext.NullTranslations):
        def gettext(self, message):
            return f"later {message}"

    before = tr("Ready")
    monkeypatch.setattr(i18n, "_catalog", Later())
    assert (before, again(before), tr("Ready")) == ("Ready", "later Ready", "later Ready")
