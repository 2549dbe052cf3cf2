"""The dots of a lesson's pages: what they tell, and that a click leads there."""

from PySide6.QtCore import Qt

from studio.learn.page_dots import PageDots
from tests.studio.hands import shown


def test_a_dot_tells_its_page_and_leads_there(qtbot):
    dots, asked = shown(qtbot, PageDots(), 240, 20), []
    dots.chosen.connect(asked.append)
    dots.show_pages((True, False, False), 1, ["Begin", "Train", "Quiz"])
    for page in (2, 1, 0):
        qtbot.mouseMove(dots, dots.place_of(page).toPoint())
        qtbot.mouseClick(dots, Qt.MouseButton.LeftButton, pos=dots.place_of(page).toPoint())
        assert ["Begin", "Train", "Quiz"][page] in dots.toolTip()
    assert asked == [2, 0], "that of the open page leads nowhere"
    beside = dots.place_of(7).toPoint()
    qtbot.mouseClick(dots, Qt.MouseButton.LeftButton, pos=beside)
    qtbot.mouseMove(dots, beside)
    assert asked == [2, 0] and dots.toolTip() == dots.accessibleName()


def test_in_the_window_the_page_is_opened(window, qtbot):
    window.learning.open("01-what-is-a-gan")
    service, column = window.learning.service, window.learning.column
    qtbot.waitUntil(lambda: service.player is not None)
    dots = column.findChild(PageDots)
    qtbot.mouseClick(dots, Qt.MouseButton.LeftButton, pos=dots.place_of(2).toPoint())
    assert service.player.page == 2
