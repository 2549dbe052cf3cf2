"""Groups of options come about when they are opened, and nothing moves then."""

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from engine.config import OPTIONS
from engine.i18n import LANGUAGES
from engine.recipes import recipe
from studio import language
from studio.widgets.fields.option_row import editor_name
from studio.workspaces.train.options_form import OptionsForm

SHOWN = [name for name, option in OPTIONS.items() if option.group != "hidden"]


@pytest.mark.parametrize("points", [9, 13])
@pytest.mark.parametrize("code", LANGUAGES)
def test_groups_are_built_when_they_are_opened_and_are_as_wide_as_was_said_before(qtbot, code, points):
    language.switch(code)
    made = OptionsForm(recipe("studio").config())
    qtbot.addWidget(made)
    font = made.font()
    font.setPointSize(points)
    made.setFont(font)
    made.show()
    place, built = made.findChild(QScrollArea), [made.findChild(QWidget, editor_name(name)) for name in SHOWN]
    assert 0 < sum(editor is not None for editor in built) < 10
    QApplication.processEvents()
    before = place.minimumWidth()
    for name, section in made.sections.items():
        least = made.least_width(name)
        section.header.click()
        assert made.least_width(name) == least, name
    made.hide()
    made.set_config(made.config())
    made.show()
    assert place.minimumWidth() == before
