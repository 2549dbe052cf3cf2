"""What may wait until a person sees something does, whatever else holds it, and not for who is gone."""

import gc
import weakref

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from studio.once_painted import once_painted


class Page(QWidget):
    def __init__(self, happened):
        super().__init__()
        self.happened = happened

    def showEvent(self, event):
        super().showEvent(event)
        once_painted(self, lambda: self.happened.append("asked"))

    def paintEvent(self, event):
        self.happened.append("painted")


def test_what_is_asked_for_while_a_page_comes_up_is_asked_for_after_it_is_painted(qtbot):
    happened = []
    page = Page(happened)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "asked" in happened)
    assert happened.index("painted") < happened.index("asked")
    page.hide()
    QApplication.processEvents()
    happened.clear()
    page.show()
    qtbot.waitUntil(lambda: "asked" in happened)
    assert happened.index("painted") < happened.index("asked"), "also the second time"


class Waiting:
    def __init__(self, happened):
        self.happened = happened

    def work(self):
        self.happened.append("done")


def test_a_method_keeps_its_object_until_then_and_no_longer(qtbot):
    """Qt keeps none: the process crashed where a job was over by then."""
    owner, happened = QObject(), []
    waiting = Waiting(happened)
    known = weakref.ref(waiting)
    once_painted(owner, waiting.work)
    del waiting
    gc.collect()
    assert known() is not None
    qtbot.waitUntil(lambda: happened == ["done"])
    QApplication.processEvents()
    gc.collect()
    assert known() is None


def test_nothing_is_done_for_who_is_gone(qtbot):
    gone, there, happened = QObject(), QObject(), []
    once_painted(gone, lambda: happened.append("for who is gone"))
    once_painted(there, lambda: happened.append("for who is there"))
    shiboken6.delete(gone)
    qtbot.waitUntil(lambda: bool(happened))
    once_painted(there, lambda: happened.append("later"))
    qtbot.waitUntil(lambda: "later" in happened)
    assert happened == ["for who is there", "later"]
