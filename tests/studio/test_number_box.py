import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio import language
from studio.widgets.fields.number_box import NumberBox


@pytest.fixture
def make_box(qtbot):
    def make(*limits, **kind):
        window = QWidget()
        box = NumberBox(*limits, **kind)
        row = QHBoxLayout(window)
        row.addWidget(box)
        row.addWidget(box.note)
        qtbot.addWidget(window)
        window.show()
        box.told, box.in_window = [], window
        box.valueChanged.connect(box.told.append)
        return box

    return make


def type_into(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize("written", ["0,0012", "0.0012", "1.2e-3", "1,2E-3"])
@pytest.mark.parametrize(("code", "shown"), [("en", "0.0012"), ("es", "0,0012")])
def test_a_number_is_typed_with_either_sign_and_shown_in_the_language(make_box, qtbot, code, shown, written):
    box = make_box(1e-7, 0.5)
    language.switch(code)
    type_into(qtbot, box, written)
    assert box.value() == 0.0012 and box.text() == shown and box.told == [0.0012]
    language.switch("en")
    assert box.text() == "0.0012"


def test_typing_tells_nothing_before_it_is_finished(make_box, qtbot):
    box = make_box(0, 999, whole=True)
    box.selectAll()
    qtbot.keyClicks(box, "12")
    assert box.told == [] and box.value() == 0 and not box.problem
    box.finish()
    assert box.told == [12]


@pytest.mark.parametrize("written", ["64.5", "99999", "abc", ""])
def test_what_is_not_taken_stays_and_is_said(make_box, qtbot, written):
    box = make_box(2, 4096, whole=True)
    box.setValue(64)
    box.clear()
    type_into(qtbot, box, written)
    assert box.text() == written and box.value() == 64 and box.told == [64]
    assert box.note.isVisible() and box.problem == "Give a whole number from 2 to 4,096."
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "64" and not box.problem and not box.note.isVisible()


def test_the_arrows_step_within_the_magnitude_and_end_at_the_limits(make_box, qtbot):
    box = make_box(1e-7, 0.5)
    for value, key, after in [
        (0.0012, Qt.Key.Key_Up, 0.0013),
        (0.001, Qt.Key.Key_Down, 0.00099),
        (0.001, Qt.Key.Key_Up, 0.0011),
        (0.00123, Qt.Key.Key_Up, 0.0013),
        (0.00123, Qt.Key.Key_Down, 0.0012),
        (1e-7, Qt.Key.Key_Down, 1e-7),
        (0.5, Qt.Key.Key_Up, 0.5),
    ]:
        box.setValue(value)
        qtbot.keyClick(box, key)
        assert box.value() == after
    whole = make_box(0, 10**12, whole=True)
    qtbot.keyClick(whole, Qt.Key.Key_Down)
    assert whole.value() == 0
    whole.setValue(60_000)
    qtbot.keyClick(whole, Qt.Key.Key_Up)
    assert whole.value() == 61_000 and whole.text() == "61,000"
    small = make_box(2, 4096, whole=True)
    for value, key, after in [(4090, Qt.Key.Key_Up, 4096), (99_999, Qt.Key.Key_Up, 4096), (1, Qt.Key.Key_Down, 2)]:
        small.setValue(value)
        qtbot.keyClick(small, key)
        assert small.value() == after, "no step leads beyond a limit, and nothing else either"


def test_stepping_reads_what_was_typed_first(make_box, qtbot):
    box = make_box(0, 100, whole=True)
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 8 and box.told == [7, 8]


def test_a_suffix_need_not_be_typed_and_a_word_may_stand_for_the_smallest(make_box, qtbot):
    box = make_box(0, 60, whole=True)
    box.setSuffix(" pixels")
    for words in ("nothing", "chosen for you"):
        box.setSpecialValueText(words)
        assert box.text() == words
    box.setValue(28)
    assert box.text() == "28 pixels"
    type_into(qtbot, box, "32")
    assert box.value() == 32 and box.text() == "32 pixels"
    type_into(qtbot, box, "48 pixels")
    assert box.value() == 48
    box.setValue(0)
    assert box.text() == "chosen for you"
    box.clear()
    box.finish()
    assert not box.problem and box.text() == "chosen for you"


def test_a_screen_reader_finds_value_and_limits(make_box):
    box = make_box(2, 4096, whole=True)
    box.setValue(64)
    interface = QAccessible.queryAccessibleInterface(box)
    assert interface.text(QAccessible.Text.Value) == "64" and box.property("value") == 64
    assert (box.property("minimum"), box.property("maximum")) == (2, 4096)
