"""A center with a panel at each side that folds away; where there is little room, the panels slide over the center.

It knows nothing of what is in them.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QVBoxLayout, QWidget

from studio.guard import guarded
from studio.part_keys import CLOSE_TOP
from studio.widgets.base.object_names import set_object_name
from studio.widgets.layouts.wished_splitter import WishedSplitter

SIDES = ("left", "right")
_LEAST_CENTER = 520  # narrower, and panels lie upon it
_MOST_SHARE = 0.8  # of the width, for a panel upon the center
_OTHER_PLACE = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


@guarded
class SidePanels(QWidget):
    """``widths`` are the usual ones of the panels.

    Each side is open or folded, which is remembered; while the room is narrow, a side opens upon the center until
    Escape or a click beside it closes it, and both begin closed. What lies ``below`` in the center is never covered,
    and can be used while a side lies upon the rest.
    """

    changed = Signal()

    def __init__(
        self,
        center: QWidget,
        left: QWidget,
        right: QWidget,
        widths: Mapping[str, int],
        below: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._panels = {
            side: set_object_name(_Panel(content), side) for side, content in zip(SIDES, (left, right), strict=True)
        }
        usual = {side: (lambda _length, width=width: width) for side, width in widths.items()}
        self._splitter = WishedSplitter(Qt.Orientation.Horizontal, usual)
        for part in (self._panels["left"], center, self._panels["right"]):
            self._splitter.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self._center, self._below = center, below
        self._open = dict.fromkeys(SIDES, True)
        self.is_narrow = False
        self._is_bare = False
        self._upon: str | None = None
        self._before: QWidget | None = None
        self._escape = CLOSE_TOP.shortcut(self, self.close_upon)
        self._escape.setEnabled(False)

    # ---------------------------------------------------------------- open and folded

    def is_open(self, side: str) -> bool:
        """Whether the panel at ``side`` is seen."""
        return self._upon == side if self.is_narrow else self._open[side]

    def set_open(self, side: str, is_open: bool) -> None:
        """Open or fold the panel at ``side``."""
        if not self.is_narrow or self._is_bare:
            self._open[side] = is_open
            self._show_open()
        elif is_open:
            self._open_upon(side)
        elif self._upon == side:
            self.close_upon()
        self.changed.emit()

    def set_bare(self, is_bare: bool) -> None:
        """Show the center alone, whatever is open, until this is taken back."""
        self.close_upon()
        self._is_bare = is_bare
        self._show_open()
        self.changed.emit()

    def _show_open(self) -> None:
        for side, panel in self._panels.items():
            panel.setVisible(self._open[side] and not self.is_narrow and not self._is_bare)
        self._splitter.apply()

    def toggle(self, side: str) -> None:
        """Open the panel at ``side``, or fold it."""
        self.set_open(side, not self.is_open(side))

    def close_upon(self, why: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Close the panel that lies upon the center, if there is one; the focus goes back to where it was."""
        side, self._upon = self._upon, None
        if side is None:
            return
        had_focus = self._panels[side].isAncestorOf(self.focusWidget() or self)
        self._panels[side].hide()
        self._watch(False)
        if had_focus and self._before is not None and self._before.isVisible():
            self._before.setFocus(why)
        self._before = None
        self.changed.emit()

    # ---------------------------------------------------------------- what is remembered

    def state(self) -> dict[str, int]:
        """Return what a person chose: open sides, and dragged widths."""
        opened = {f"{side}_open": int(self._open[side]) for side in SIDES}
        return opened | {f"{side}_width": width for side, width in self._splitter.wished.items()}

    def restore(self, state: Mapping[str, int]) -> None:
        """Take up what ``state`` returned; what is missing is as at the first start."""
        self.close_upon()
        widths = {side: state.get(f"{side}_width", 0) for side in SIDES}
        self._splitter.wished = {side: width for side, width in widths.items() if width > 0}
        self._open = {side: bool(state.get(f"{side}_open", 1)) for side in SIDES}
        self._show_open()
        self.changed.emit()

    # ---------------------------------------------------------------- room

    def minimumSizeHint(self) -> QSize:
        """What the center needs: where there is no more room, the panels lie upon it."""
        return self._center.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide whether there is room beside the center."""
        super().resizeEvent(event)
        self._choose_place()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the window has its size."""
        super().showEvent(event)
        self._choose_place()

    def changeEvent(self, event: QEvent) -> None:
        """Text of another size needs another room, once all that is in the panels has heard of it and said so."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, self._choose_place))

    def _choose_place(self) -> None:
        widths = sum(self._splitter.size_of(panel) for panel in self._panels.values())
        is_narrow = self.width() < widths + _LEAST_CENTER
        if is_narrow != self.is_narrow:
            self.close_upon()
            self.is_narrow = is_narrow
            for side, panel in self._panels.items():
                panel.lie_upon(is_narrow)
                if is_narrow:
                    panel.setParent(self)
                else:
                    self._splitter.insertWidget(0 if side == "left" else self._splitter.count(), panel)
            self._show_open()
            self.changed.emit()
        elif self._upon is not None:
            self._lay_upon(self._upon)

    def _open_upon(self, side: str) -> None:
        if self._upon is not None and self._upon != side:
            self.close_upon()
        self._before = self._before or self.window().focusWidget()
        self._upon = side
        self._lay_upon(side)
        panel = self._panels[side]
        panel.show()
        panel.raise_()
        parts = (part for part in panel.findChildren(QWidget) if part.isVisibleTo(panel))
        first = next(
            (part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled()), panel
        )
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._watch(True)

    def _lay_upon(self, side: str) -> None:
        panel = self._panels[side]
        width = min(self._splitter.size_of(panel), round(_MOST_SHARE * self.width()))
        below = self._below
        height = self.height() if below is None or below.isHidden() else below.mapTo(self, QPoint()).y()
        panel.setGeometry(0 if side == "left" else self.width() - width, 0, width, height)

    # ---------------------------------------------------------------- a click beside

    def _watch(self, watches: bool) -> None:
        self._escape.setEnabled(watches)
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        if watches:
            application.installEventFilter(self)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """A press in this window, but neither in the panel, nor below, nor in the menu row that opens it, closes it."""
        if receiver is self._below and self._upon is not None and event.type() in _OTHER_PLACE:
            self._lay_upon(self._upon)
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonPress
            and isinstance(receiver, QWidget)
            and self._upon is not None
        ):
            window, place = self.window(), event.globalPosition().toPoint()
            menus = window.menuBar() if isinstance(window, QMainWindow) else None
            # By its place: a press that nothing in the panel takes goes on to what the panel lies in.
            spared = [part for part in (self._panels[self._upon], self._below, menus) if part is not None]
            inside = any(part.rect().contains(part.mapFromGlobal(place)) for part in spared)
            if receiver.window() is window and not inside:
                self.close_upon(Qt.FocusReason.MouseFocusReason)  # which no ring follows
        return False


class _Panel(QFrame):
    """Holds a panel's content; upon the center it has a ground and an edge of its own."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)

    def lie_upon(self, is_upon: bool) -> None:
        """Look like a sheet that lies upon others, or like a part of the window."""
        self.setAutoFillBackground(is_upon)
        self.setFrameShape(QFrame.Shape.StyledPanel if is_upon else QFrame.Shape.NoFrame)
