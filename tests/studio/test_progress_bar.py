"""A progress bar takes nothing from a training: it is painted later, and rests where nothing moves."""

from PySide6.QtCore import QAbstractAnimation, QEvent, QObject
from PySide6.QtWidgets import QApplication, QStyleOptionProgressBar

from engine.i18n import number
from studio import language
from studio.widgets.base.progress_bar import ProgressBar


class _Paints(QObject):
    count = 0

    def eventFilter(self, _bar, event):
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_what_was_busy_rests_as_soon_as_somebody_knows_how_far_it_is(qtbot):
    QApplication.setStyle("Fusion")
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.show_share(None)
    bar.grab()
    (moves,) = bar.findChildren(QAbstractAnimation)
    assert moves.state() is QAbstractAnimation.State.Running
    bar.show_share(0.0)
    bar.grab()
    running = [it for it in bar.findChildren(QAbstractAnimation) if it.state() is QAbstractAnimation.State.Running]
    assert not running and bar.text() == "0%"


def test_a_new_value_is_painted_when_the_event_loop_comes_to_it(qtbot):
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.show()
    qtbot.waitExposed(bar)
    QApplication.processEvents()
    paints = _Paints()
    bar.installEventFilter(paints)
    bar.show_share(0.5)
    assert (paints.count, bar.text()) == (0, "50%")
    QApplication.processEvents()
    assert paints.count == 1


def test_the_filled_part_is_the_share_of_what_is_done_also_of_few(qtbot):
    bar = ProgressBar()
    qtbot.addWidget(bar)
    for total in (1, 6, 7, 40, 999, 5000):
        for done in (0, 1, total // 2, total):
            bar.show_count(done, total)
            filled = (bar.value() - bar.minimum()) / (bar.maximum() - bar.minimum())  # as Qt paints it
            assert abs(filled - done / total) < 0.002 and abs(bar.share - done / total) < 1e-9
    bar.show_count(0, 0)
    assert bar.share is None


def test_a_share_is_written_as_percents_are_everywhere_else(qtbot):
    bar = ProgressBar()
    qtbot.addWidget(bar)
    language.switch("es")
    bar.show_share(0.57)
    assert bar.text() == number(0.57, ".0%") == "57\N{NO-BREAK SPACE}%"
    option = QStyleOptionProgressBar()
    bar.initStyleOption(option)
    assert option.text == bar.text(), "that is what a style paints"
    bar.show_share(None)
    assert bar.text() == ""
    bar.setFormat("Reading: 3 of 7")
    bar.show_share(0.5)
    assert bar.text() == "Reading: 3 of 7"
