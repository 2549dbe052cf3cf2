"""The “?” beside an option: what it does, in pictures, and where the value of the form stands among them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from engine.config import OPTIONS
from engine.knob_strips import KnobPicture, KnobStrip, Sign
from studio import language, theme
from studio.help.help_window import HelpWindow
from studio.help.knob_picture import strip_picture, strip_width
from studio.help.option_button import OptionButton
from studio.model.knob_strips import KNOB_STRIPS
from tests.studio.hands import set_by_hand

BAD = {"rate-too-high": (Sign("losses-large", 50, 100, (204.0,)),)}


def strip(*options):
    shade = np.full((20, 16), 90, np.uint8)
    values = ((0.0001, 50.0, {}), (0.001, 12.5, {}), (0.01, None, BAD))
    return KnobStrip(
        options, tuple(KnobPicture(value, shade, *rest) for value, *rest in values), "studio", 24_000, 50, 0
    )


@pytest.fixture(autouse=True)
def strips(monkeypatch):
    """Two strips that nobody trained for; one of two options that go together."""
    for name in list(KNOB_STRIPS):
        monkeypatch.delitem(KNOB_STRIPS, name)
    monkeypatch.setitem(KNOB_STRIPS, "d_lr", strip("d_lr"))
    both = strip("g_beta1", "d_beta1")
    monkeypatch.setitem(KNOB_STRIPS, "g_beta1", both)
    monkeypatch.setitem(KNOB_STRIPS, "d_beta1", both)


def text_of(window):
    return HelpWindow.of(window).browser.toPlainText()


def address_of(window):
    """Return the address of the picture on the page, which holds the value that is marked."""
    html = HelpWindow.of(window).browser.toHtml()
    return html.partition('<img src="')[2].partition('"')[0]


def question(window, name):
    return window.options_form.findChild(OptionButton, f"explain_option_{name}")


def test_the_question_mark_of_an_option_shows_its_card_and_follows_the_form(window, qtbot):
    form = window.options_form
    set_by_hand(form.editor("d_lr"), 0.001)
    qtbot.mouseClick(question(window, "d_lr"), Qt.MouseButton.LeftButton)
    text = text_of(window)
    assert text.startswith("Learning rate of D") and OPTIONS["d_lr"].help in text
    assert "Usually from 0.0001 to 0.004" in text and "24,000 images each" in text
    assert "Your value, 0.001, is that of picture 2." in text and address_of(window) == "knob:d_lr:0.001"
    assert "0.01 · Learning rate too high: " in text, "the diagnosis in a sentence"
    set_by_hand(form.editor("d_lr"), 0.005)
    assert "Your value, 0.005, lies between 0.001 and 0.01." in text_of(window)
    assert address_of(window) == "knob:d_lr:0.005"
    set_by_hand(form.editor("d_lr"), 0.5)
    assert "lies behind the last picture" in HelpWindow.of(window).browser.accessibleDescription()
    form.set_config(form.config().changed(d_lr=1e-6))
    assert "lies before the first picture" in text_of(window)


def test_f1_in_the_box_opens_the_same_and_another_page_no_longer_follows(window):
    form = window.options_form
    form.editor("d_lr").setFocus()
    window.commands.do("explain_focus")
    assert "of picture" in text_of(window) or "Your value" in text_of(window)
    form.editor("epochs").setFocus()
    window.commands.do("explain_focus")
    before = text_of(window)
    assert "Your value" not in before
    set_by_hand(form.editor("d_lr"), 0.002)
    assert text_of(window) == before


def test_options_that_go_together_say_so(window, qtbot):
    window.options_form.sections["training"].header.click()
    qtbot.mouseClick(question(window, "g_beta1"), Qt.MouseButton.LeftButton)
    assert "Here these have the same value: Adam β1 of G, Adam β1 of D." in text_of(window)


def test_every_option_with_a_safe_range_has_its_question_mark_and_no_other(window):
    for section in window.options_form.sections.values():
        section.header.click()
        section.header.click()
    named = {it.objectName() for it in window.options_form.findChildren(OptionButton)}
    assert named == {f"explain_option_{name}" for name, spec in OPTIONS.items() if spec.safe is not None}
    mark = question(window, "d_lr")
    assert mark.accessibleName() == "What “Learning rate of D” does, in pictures (F1)"
    assert mark.isVisible() and not question(window, "label_smoothing").isVisible()
    window.options_form.filter.setText("epochs")
    assert not mark.isVisible(), "it goes with its option"
    assert mark.focusPolicy() == Qt.FocusPolicy.NoFocus, "F1 is the key for it, and Tab has half the way"


def test_without_pictures_the_option_is_explained_all_the_same(window, qtbot, monkeypatch):
    monkeypatch.delitem(KNOB_STRIPS, "d_lr")
    qtbot.mouseClick(question(window, "d_lr"), Qt.MouseButton.LeftButton)
    assert OPTIONS["d_lr"].help in text_of(window) and not address_of(window)


def test_the_card_speaks_both_languages(window, qtbot):
    set_by_hand(window.options_form.editor("d_lr"), 0.005)
    qtbot.mouseClick(question(window, "d_lr"), Qt.MouseButton.LeftButton)
    language.switch("es")
    assert "Tu valor, 0,005, queda entre 0,001 y 0,01." in text_of(window)
    assert question(window, "d_lr").accessibleName() == "Lo que hace «Tasa de aprendizaje de D», en imágenes (F1)"


def columns_with(image, ink, row):
    """Return where in a row of pixels a color is found."""
    return [x for x in range(image.width()) if image.pixelColor(x, row).name() == ink.name()]


@pytest.mark.parametrize(("value", "column"), [(0.001, 1.5), (0.005, 2.0), (0.00001, 0.0), (0.5, 3.0)])
def test_the_mark_points_at_the_picture_or_between_two(qapp, value, column):
    drawn = strip("d_lr")
    image = strip_picture(drawn, value, QFont(), QPalette(), 1.0, 1000.0)
    cell = strip_width(drawn) / 3
    line = round(QFontMetricsF(QFont()).lineSpacing())
    found = columns_with(image, QPalette().highlight().color(), line + 1)
    middle = (min(found) + max(found)) / 2
    assert abs(middle - min(max(column * cell, 6), 3 * cell - 6)) <= 1.5


def test_a_narrow_page_has_the_pictures_in_rows_and_each_theme_its_ink(qapp):
    drawn = strip("d_lr")
    wide, narrow = (strip_picture(drawn, 0.01, QFont(), QPalette(), 1.0, width) for width in (1000.0, 50.0))
    assert wide.width() == strip_width(drawn) and narrow.width() == 2 * strip_width(drawn) / 3
    assert narrow.height() == 2 * wide.height()
    shade = QColor(90, 90, 90)
    rows = [row for row in range(narrow.height()) if columns_with(narrow, shade, row)]
    assert rows[0] < wide.height() < rows[-1], "pictures in both rows"
    theme.set_scheme("dark")
    dark = strip_picture(drawn, 0.01, QFont(), qapp.palette(), 1.0, 1000.0)
    assert dark != wide
