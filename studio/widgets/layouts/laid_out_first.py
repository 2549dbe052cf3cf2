"""What is shown is seen once every part has its place. It knows no part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from studio.widgets.base.object_names import set_object_name

_COVER = "cover"
_LAYOUTS_UPON_LAYOUTS = 4  # what is shown asks for another size, and that again


@contextmanager
def laid_out_first(place: QWidget) -> Iterator[None]:
    """Paint nothing of ``place`` until what is done meanwhile is laid out: nothing jumps, nothing is painted twice."""
    yield
    for _ in range(_LAYOUTS_UPON_LAYOUTS):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    # Every part that came to be shown asks to be painted, which is for the whole to ask, once.
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateLater.value)
    _paint_as_one(place)


def _paint_as_one(place: QWidget) -> None:
    """Let Qt forget which parts asked, and paint the whole: each opaque one would be painted alone, and then again.

    It does where something lay above them until now.
    """
    window = place.window()
    cover = window.findChild(QWidget, _COVER, Qt.FindChildOption.FindDirectChildrenOnly) or _cover_of(window)
    cover.setGeometry(QRect(place.mapTo(window, QPoint()), place.size()))
    cover.raise_()
    cover.show()
    cover.hide()


def _cover_of(window: QWidget) -> QWidget:
    """Return a cover for any place in ``window``; a splitter would take it for a part of its own."""
    cover = set_object_name(QWidget(window), _COVER)
    cover.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # nothing is left, nor entered
    return cover
