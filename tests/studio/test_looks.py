"""What is seen in both themes: icons, boxes, what is pressed in, what has the keyboard."""

import numpy as np
import pytest
from pyqtgraph import GraphicsView
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialogButtonBox,
    QPushButton,
    QRadioButton,
    QSlider,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from studio import theme
from studio.panels.own_pictures import OwnPicturesDialog
from studio.widgets.base.focus_ring import FocusRing
from studio.widgets.base.manners import Manners, teach_manners
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.exploring.length_curve import LengthCurve
from studio.widgets.pictures.picture_table import PictureTable
from tests.studio.hands import settle, shown

# ---------------------------------------------------------------- icons, and text of half as much again


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_icons_are_seen_also_where_they_are_disabled(window, scheme):
    theme.set_scheme(scheme)
    settle()
    window.message_bar.tell("News.")
    close = window.message_bar.findChild(QToolButton, "close_message_button")
    for button in (window.run_bar.train_button, window.run_bar.pause_button, window.run_bar.stop_button, close):
        ground, seen = button.palette().color(button.backgroundRole()).lightness(), []
        for mode, least in ((QIcon.Mode.Normal, 120), (QIcon.Mode.Disabled, 40)):
            image = button.icon().pixmap(16, 16, mode).toImage()
            inks = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
            strongest = max(abs(ink.lightness() - ground) * ink.alphaF() for ink in inks)
            assert strongest > least, (button.objectName(), mode)
            seen.append(strongest)
        assert seen[1] < 0.7 * seen[0], (button.objectName(), "what cannot be pressed is fainter")


def test_plots_and_what_is_pressed_in_are_of_the_dark_theme_in_the_dark(window):
    theme.set_scheme("dark")
    settle()
    papers = {plot: plot.backgroundBrush() for plot in window.findChildren(GraphicsView)}
    assert {"style_curves", "overlaid_curves"} <= {type(plot).__module__.rpartition(".")[2] for plot in papers}
    for plot, paper in papers.items():
        assert paper.style() is Qt.BrushStyle.NoBrush or paper.color() == plot.palette().base().color(), plot
    button = window.findChild(QAbstractButton, "options_panel_button")
    assert button.isChecked()
    pressed, around = button.grab().toImage().pixelColor(3, button.height() // 2), button.palette().window().color()
    assert pressed.lightness() - around.lightness() > 15


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_where_z_is_as_long_as_usual_is_seen(qtbot, scheme):
    theme.set_scheme(scheme)
    settle()
    curve = shown(qtbot, LengthCurve(PictureTable(3)), 300, 40)
    curve.set_z(np.full((3, 16), 0.5, np.float32))  # whose line lies at the bottom
    settle()
    image, around = curve.grab().toImage(), curve.palette().window().color().lightness()
    column = [abs(image.pixelColor(4, y).lightness() - around) for y in range(image.height())]
    assert max(column) > 35 and 1 < sum(each > 35 for each in column) < 30


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_an_empty_box_is_seen_in_the_dark(qtbot, kind):
    theme.set_scheme("dark")
    box = kind()
    qtbot.addWidget(box)
    box.show()
    settle()
    option = QStyleOptionButton()
    option.initFrom(box)
    mark = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    inside, around = box.grab().toImage().pixelColor(mark.center()), box.palette().window().color()
    assert inside.lightness() - around.lightness() > 50
    theme.set_scheme("light")
    settle()
    assert box.palette().base().color() == QApplication.palette().base().color()


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QSlider])
def test_what_is_clicked_is_as_large_as_the_text_beside_it_and_of_the_usual_style_where_that_is_small(qtbot, kind):
    teach_manners()
    control, metrics = kind(), QStyle.PixelMetric
    side = metrics.PM_SliderLength if kind is QSlider else metrics.PM_IndicatorWidth
    qtbot.addWidget(control)
    control.show()
    usual = control.style().pixelMetric(side, None, control)
    assert control.style() is QApplication.style(), "which asks Python nothing while it is painted"
    font = control.font()
    for pixels in (60, 12, 60):
        font.setPixelSize(pixels)
        control.setFont(font)
        letters, found = control.fontMetrics().ascent(), control.style().pixelMetric(side, None, control)
        assert found == max(usual, letters) and (letters > usual) == (pixels == 60)
        assert (control.style() is QApplication.style()) == (pixels == 12)


def test_buttons_of_dialogs_have_no_icons_of_the_style(window):
    """They are black, also on black."""
    teach_manners()
    for dialog in (OwnPicturesDialog(window.services.jobs, parent=window), FileDialog(window, "Any")):
        dialog.show()
        assert all(button.icon().isNull() for box in dialog.findChildren(QDialogButtonBox) for button in box.buttons())
        dialog.reject()


def test_what_has_the_focus_before_manners_are_taught_gets_its_ring(qtbot, monkeypatch):
    page = QWidget()
    qtbot.addWidget(page)
    button = QPushButton("Train", page)
    page.show()
    started = type("Started", (QObject,), {"allWidgets": lambda _: []})()
    monkeypatch.setattr(QApplication, "focusWidget", lambda: button)
    Manners(started)
    assert page.findChild(FocusRing).geometry().contains(button.geometry().center())
