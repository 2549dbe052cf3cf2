"""Where Tab and F6 go: through what is in sight, as the eye reads. It knows no panel.

Qt's own chain is the order in which widgets were made, and leads into panels that lie behind others.
"""

from __future__ import annotations

import weakref
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import chain

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QScrollArea,
    QSplitter,
    QSplitterHandle,
    QStackedWidget,
    QTabWidget,
    QWidget,
)
from shiboken6 import isValid

Block = tuple[QRect, list[QWidget]]
"""Where some controls lie together, and the controls in their order."""


class ReadingOrder:
    """Leads the focus through the ``regions`` of ``window``, which are asked for each time, in their order.

    Where the control that has the focus vanishes or is disabled, the focus rests with the window, whose keys work
    everywhere, and Tab goes on from that place, as it does from before what ``rest_before`` names. Where neither is
    there any more it leads into ``front``, what the eye is on.
    """

    def __init__(
        self,
        window: QWidget,
        regions: Callable[[], Sequence[QWidget]],
        front: Callable[[], QWidget | None] | None = None,
    ) -> None:
        self._reference = weakref.ref(window)  # which holds this, and shall not be held
        self._regions, self._front = regions, front
        self._gone: QWidget | None = None  # what had the focus last, if it vanished or was disabled since
        self._ahead: QWidget | None = None  # what came to the front since

    @property
    def _window(self) -> QWidget:
        window = self._reference()
        assert window is not None
        return window

    def step(self, forward: bool) -> bool:
        """Go to the next control, or to the one before: what Qt wants from ``focusNextPrevChild``."""
        now: QWidget | None = self._window.focusWidget()
        if now is not None and now is not self._window and not _is_there(now, self._window):
            self._gone, self._ahead = now, None
            self._window.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        rests = now is None or now is self._window
        if rests:
            now = self._gone if isValid(self._gone) else None
        order = self._controls(now)
        if len(order) < 2:
            return False
        place = order.index(now) if now in order else self._before(order, forward)
        self._go_to(order[(place + (1 if forward else -1)) % len(order)], forward)
        return True

    def step_region(self, forward: bool) -> None:
        """Go to where the next panel in sight begins, or the one before.

        Panels are the regions and, inside them, tabs, the page in front, each side of a splitter, each table and list.
        Of one that has a focus proxy, which is what it is about, F6 leads to that and not to what stands above it.
        """
        order, now = self._controls(), self._window.focusWidget()
        regions = self._seen_regions()
        panels = [*regions, *(part for region in regions for part in _panels_in(region))]
        stops: dict[int, int] = {}  # where each panel begins, and where in it F6 leads to
        for panel, inside in zip(panels, map(_read, panels), strict=True):
            if inside:
                begin, main = order.index(inside[0]), _main(panel, inside)
                stops[begin] = stops.get(begin, begin) if main is None else order.index(main)
        begins = sorted(stops.keys() - {stop for begin, stop in stops.items() if stop != begin})
        if not begins:
            return
        if now in order:
            here = bisect_right(begins, order.index(now)) - 1
        else:
            here = self._before([order[place] for place in begins], forward)
        self._go_to(order[stops[begins[(here + (1 if forward else -1)) % len(begins)]]], forward)

    def rest_before(self, part: QWidget) -> None:
        """Let no control have the focus; Tab and F6 lead into ``part`` next, which has come to the front."""
        self._gone, self._ahead = None, part
        self._window.setFocus(Qt.FocusReason.OtherFocusReason)

    def _before(self, order: Sequence[QWidget], forward: bool) -> int:
        """Return where to go on from in ``order`` while no control of it has the focus: before the part ahead."""
        parts = (self._ahead if isValid(self._ahead) else None, self._front() if self._front else None)
        inside = (place for part in parts if part for place, it in enumerate(order) if part.isAncestorOf(it))
        return next(inside, 0) - forward

    def _controls(self, gone: QWidget | None = None) -> list[QWidget]:
        """Return every control that Tab may enter now, in order, and ``gone`` where it was."""
        read = [control for region in self._seen_regions(gone) for control in _read(region, gone)]
        if gone is None:
            return read
        return [control for control in read if control is gone or control.isVisibleTo(self._window)]

    def _seen_regions(self, gone: QWidget | None = None) -> list[QWidget]:
        return [each for each in self._regions() if _is_seen(each) or (gone and each.isAncestorOf(gone))]

    def _go_to(self, control: QWidget, forward: bool) -> None:
        reasons = Qt.FocusReason
        self._gone = self._ahead = None
        control.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
        parent = control.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(control)
            parent = parent.parentWidget()


def _is_seen(region: QWidget) -> bool:
    """Whether any of it is; a part that fills it, and is opaque, leaves nothing of the region itself."""
    return any(not part.visibleRegion().isEmpty() for part in chain((region,), region.findChildren(QWidget)))


def _panels_in(region: QWidget) -> list[QWidget]:
    def is_panel(part: QWidget) -> bool:
        place = part.parentWidget()
        is_side = isinstance(place, QSplitter) and not isinstance(part, QSplitterHandle)
        is_page = isinstance(place, QStackedWidget) and not isinstance(part, QAbstractButton)  # as the “?” of tabs is
        return is_side or is_page or isinstance(part, QAbstractItemView | QTabWidget)

    seen = (part for part in region.findChildren(QWidget) if part.isVisibleTo(region) and not part.size().isEmpty())
    return [part for part in seen if is_panel(part)]


def _main(panel: QWidget, inside: Sequence[QWidget]) -> QWidget | None:
    """Return the control of ``panel`` to which its focus proxy leads, None where there is none."""
    proxy = panel.focusProxy()
    return next((it for it in inside if proxy and (it is proxy or proxy.isAncestorOf(it))), None)


def _is_there(control: QWidget, window: QWidget) -> bool:
    return control.isEnabled() and control.isVisibleTo(window)


def _read(widget: QWidget, gone: QWidget | None = None) -> list[QWidget]:
    """Return ``widget``, if Tab may enter it, and what is inside it; ``gone`` counts as if it were still there."""
    parts = (child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow())
    seen = (part for part in parts if not part.isHidden() or part is gone or (gone and part.isAncestorOf(gone)))
    blocks = [(part.geometry(), _read(part, gone)) for part in seen]
    inside = _in_order([block for block in blocks if block[1]])
    stops = widget is gone or (_takes_focus(widget) and not (inside and isinstance(widget, QScrollArea)))
    return [widget, *inside] if stops else inside


def _takes_focus(widget: QWidget) -> bool:
    """Whether Tab may stop here; a page of mere words stops it where the arrows have something to scroll."""
    if isinstance(widget, QScrollArea) and not (
        widget.verticalScrollBar().maximum() or widget.horizontalScrollBar().maximum()
    ):
        return False
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isEnabled() and widget.focusProxy() is None


def _in_order(blocks: Sequence[Block]) -> list[QWidget]:
    """Cut the blocks into rows, rows into columns, and so on, until each stands alone (an XY cut)."""
    if len(blocks) < 2:
        return [control for _, controls in blocks for control in controls]
    for low, high in ((QRect.top, QRect.bottom), (QRect.left, QRect.right)):
        parts = _cut(blocks, low, high)
        if len(parts) > 1:
            return [control for part in parts for control in _in_order(part)]
    by_corner = sorted(blocks, key=lambda block: (block[0].top(), block[0].left()))
    return [control for _, controls in by_corner for control in controls]


def _cut(blocks: Sequence[Block], low: Callable[[QRect], int], high: Callable[[QRect], int]) -> list[list[Block]]:
    """Part the blocks where a straight line from one side to the other touches none of them."""
    parts: list[list[Block]] = []
    reach = 0
    for block in sorted(blocks, key=lambda block: low(block[0])):
        if not parts or low(block[0]) > reach:
            parts.append([])
            reach = high(block[0])
        parts[-1].append(block)
        reach = max(reach, high(block[0]))
    return parts
