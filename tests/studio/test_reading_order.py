"""Where the keyboard goes: from panel to panel, and out of a line to search with."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from studio.widgets.base.reading_order import ReadingOrder
from studio.widgets.fields.search_line import SearchLine
from tests.studio.hands import shown


def test_f6_leads_to_what_a_panel_is_about_and_past_it_either_way(qtbot):
    window, about, first = shown(qtbot, QWidget(), 600, 300), QTabWidget(), QPushButton("first")
    panel, head, last = QWidget(), QPushButton("head"), QPushButton("last")
    for place, part in ((QVBoxLayout(window), first), (window.layout(), panel), (window.layout(), last)):
        place.addWidget(part)
    for part in (head, about):
        (panel.layout() or QVBoxLayout(panel)).addWidget(part)
    about.addTab(table := QListWidget(), "page")
    panel.setFocusProxy(about)
    QApplication.processEvents()
    order = ReadingOrder(window, lambda: [first, panel, last])
    first.setFocus()
    for forward, stops in ((True, (about.tabBar(), table, last)), (False, (table, about.tabBar(), first))):
        for stop in stops:
            order.step_region(forward)
            assert window.focusWidget() is stop
    head.setFocus()
    order.step_region(False)
    assert window.focusWidget() is first


def test_f6_stops_at_tabs_pages_sides_and_tables(qtbot):
    window, pages, sides = shown(qtbot, QWidget(), 600, 300), QTabWidget(), QSplitter()
    page, line, table, behind = QWidget(), SearchLine(), QListWidget(), SearchLine()
    for place, part in ((QVBoxLayout(window), pages), (QVBoxLayout(page), line), (page.layout(), sides)):
        place.addWidget(part)
    for side in (table, QPushButton("right")):
        sides.addWidget(side)
    for each in (page, behind):
        pages.addTab(each, "page")
    QApplication.processEvents()
    order, stops = ReadingOrder(window, lambda: [window]), [pages.tabBar(), line, table, sides.widget(1)]
    for forward, expected in ((True, stops), (False, stops[::-1])):
        window.setFocus()
        seen = []
        for _ in expected:
            order.step_region(forward)
            seen.append(window.focusWidget())
        assert seen == expected
    line.left_downward.connect(table.setFocus)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert window.focusWidget() is table
