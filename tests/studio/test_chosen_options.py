"""A list of options to choose from stands in the order of the language's alphabet, accents or not."""

import unicodedata

from engine.config import OPTIONS
from engine.recipes import recipe
from studio import language
from studio.widgets.fields.chosen_options import ChosenOptions


def test_accents_do_not_put_an_option_behind_all_others(qtbot):
    language.switch("es")
    chosen = ChosenOptions([name for name, option in OPTIONS.items() if option.group != "hidden"])
    qtbot.addWidget(chosen)
    chosen.begin_with(recipe("studio").config())
    titles = [chosen.box.itemText(row) for row in range(1, chosen.box.count())]
    decomposed = (unicodedata.normalize("NFD", it).lower() for it in titles)
    plain = ["".join(c for c in it if not unicodedata.combining(c)) for it in decomposed if it[0].isascii()]
    assert plain == sorted(plain) and len(plain) > 40
    assert titles.index("Pérdida") < titles.index("Punto de control cada")
