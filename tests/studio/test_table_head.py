"""The head of the table of runs: its titles, the arrow of sorting beside them, and how high it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView

from studio import language
from studio.text.run_columns import place as at
from studio.text.run_columns import row_of
from studio.workspaces.compare.run_table import RunTable
from tests.studio.hands import settle, shown
from tests.studio.run_rows import summary


@pytest.fixture
def table(qtbot):
    view = shown(qtbot, RunTable(), 1300, 500)
    view.put([row_of(summary("a")), row_of(summary("b", seconds=90.0, modified=1e8))])
    return view


@pytest.mark.parametrize("percent", [100, 175])
@pytest.mark.parametrize("name", ["frechet", "epochs", "recipe"])
def test_the_arrow_of_sorting_lies_upon_no_title(table, name, percent):
    larger = table.font()
    larger.setPointSizeF(larger.pointSizeF() * percent / 100)
    table.setFont(larger)
    header = table.header

    def inked_columns():
        shot, left = header.grab().toImage(), header.sectionViewportPosition(at(name))
        columns = range(left + 2, left + header.sectionSize(at(name)) - 2)
        heights = range(2, shot.height() - 3)
        return [x for x in columns if any(shot.pixelColor(x, y).lightness() < 100 for y in heights)]

    table.table.sortByColumn(at("note"), Qt.SortOrder.DescendingOrder)
    title = inked_columns()
    table.table.sortByColumn(at(name), Qt.SortOrder.DescendingOrder)
    both = inked_columns()
    gap = max(place for place in range(1, len(both)) if both[place] - both[place - 1] > 1)  # before the arrow
    words, arrow = both[:gap], both[gap:]
    assert len(arrow) > 4 and words[-1] - words[0] == title[-1] - title[0], "the title is read whole beside it"


def test_the_head_is_as_high_as_its_letters(table):
    before = table.header.sizeHint().height()
    larger = table.font()
    larger.setPointSizeF(2 * larger.pointSizeF())
    table.setFont(larger)
    titles = QHeaderView.sizeHint(table.header).height()  # as Qt measures them now
    assert before < table.header.sizeHint().height() == titles
    table.filters.click()
    assert table.header.sizeHint().height() > titles, "and the lines below"


@pytest.mark.parametrize("code", ["en", "es"])
def test_titles_that_meet_stand_further_apart_than_two_words_of_one(table, code):
    language.switch(code)
    settle()
    header = table.header
    shot = header.grab().toImage()
    paper, middle = shot.pixelColor(shot.width() - 2, 3), header.height() // 2
    word = header.fontMetrics().horizontalAdvance(" ")
    for number in range(header.count() - 1):
        edge = header.sectionViewportPosition(number + 1)
        if 2 * word < edge < header.width() - 2 * word:
            near = [x for x in range(edge - word, edge + word) if abs(x - edge) > 2]
            inked = [x for x in near for y in range(4, middle * 2 - 4) if shot.pixelColor(x, y).lightness() < 100]
            assert inked == [], (code, number, paper)
