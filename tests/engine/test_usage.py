"""What was typed wrongly is told in the person's language, and so are the headings of help."""

from __future__ import annotations

import pytest
from rich.console import Console

from engine import cli, i18n
from engine.cli import terminal

TYPED = [
    (["trian"], "There is no command “trian”. Did you mean “train”?", "No hay ninguna orden «trian»."),
    (["queue"], "its help lists. “duelo queue --help” lists", "A la orden le falta una palabra, de las"),
    (["9"], "There is no command “9”.", "No hay ninguna orden «9»."),
    (["train", "--bogus"], "There is no option --bogus.", "No hay ninguna opción --bogus."),
    (["train", "--epo", "3"], "There is no option --epo. Did you mean --epoch", "¿Querías decir --epoch"),
    (
        ["export"],
        "The command needs one word more: run. “duelo export --help”",
        "A la orden le falta una palabra: run. «duelo",
    ),
    (["export", "a", "b c"], "The command takes no more words: “b c”.", "Después de la orden sobra «b c»."),
    (["train", "--epoch"], "The option --epoch needs a value.", "La opción --epoch necesita un valor."),
    (["train", "--resume=3"], "The option --resume takes no value.", "La opción --resume no lleva ningún valor."),
    (["train", "--epoch", "x"], "--epoch must be a whole number.", "--epoch tiene que ser un número entero."),
]


@pytest.mark.parametrize(("words", "english", "spanish"), TYPED)
def test_what_is_wrong_with_a_command_is_told_in_both_languages(words, english, spanish, capsys):
    for language, told in (("en", english), ("es", spanish)):
        i18n.set_language(language)
        assert cli.main(words) == 1
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("width", [40, 80])
def test_help_has_headings_in_both_languages(width, capsys, monkeypatch):
    monkeypatch.setattr(terminal, "out_console", Console(width=width, markup=False, emoji=False, highlight=False))
    for language, headings in (
        ("es", ("Uso:", "Argumentos", "Opciones", "Muestra esta ayuda")),
        ("en", ("Usage:", "Arguments", "Options", "Show this message")),
    ):
        i18n.set_language(language)
        assert cli.main(["export", "--help"]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert [each for each in headings if each not in told] == []
