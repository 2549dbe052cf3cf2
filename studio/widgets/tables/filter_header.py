"""The head of a table with a line below each title in which a person types what that column shall have.

It knows nothing of the columns but their titles, and sifts nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHeaderView, QWidget

from engine.i18n import tr
from studio.guard import guarded
from studio.widgets.base.object_names import set_object_name
from studio.widgets.fields.search_line import SearchLine

_RESPITE_MS = 150  # while a person types


@guarded
class FilterHeader(QHeaderView):
    """``filtered`` tells that ``patterns`` are others; the lines show with ``show_lines``."""

    filtered = Signal()

    _are_shown = False  # Qt asks for the geometry while it builds the header
    _titles: QSize | None = None  # their room: Qt would ask every title anew whenever a column is resized
    lines: Sequence[SearchLine] = ()
    """Where one types, one for each column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._rest = QTimer(self, singleShot=True, interval=_RESPITE_MS)
        self._rest.timeout.connect(self.filtered)
        for moved in (self.sectionResized, self.sectionMoved, self.geometriesChanged):
            moved.connect(self._place)

    def make_lines(self, names: list[str]) -> None:
        """Make a line for each column; ``names`` are for tests and screen readers' tools."""
        self.lines = [set_object_name(SearchLine(self), f"filter_{name}") for name in names]
        for line in self.lines:
            line.textChanged.connect(lambda _: self._rest.start())
            line.setVisible(False)

    @property
    def are_lines_shown(self) -> bool:
        """Whether one can type into the head."""
        return self._are_shown

    def show_lines(self, are_shown: bool) -> None:
        """Show the lines, or take them away with what is typed into them."""
        self._are_shown = are_shown
        for line in self.lines:
            line.clear()
        self.updateGeometries()
        self._place()
        self.headerDataChanged(self.orientation(), 0, self.count() - 1)
        self.geometriesChanged.emit()

    def patterns(self) -> dict[int, str]:
        """Return what is typed, by columns."""
        return {number: line.text() for number, line in enumerate(self.lines) if line.text().strip()}

    def begin(self, column: int) -> None:
        """Let the person type into the line of ``column``."""
        self.lines[column].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def name_lines(self, titles: list[str], tips: list[str]) -> None:
        """Say what each line is for."""
        for line, title, tip in zip(self.lines, titles, tips, strict=True):
            line.setAccessibleName(tr("Only where “{column}” has", column=title))
            line.setToolTip(tip)

    def sizeHint(self) -> QSize:
        """Room for the titles, and for the lines below them."""
        titles = self._titles or super().sizeHint()
        self._titles = titles if self.count() else None
        return titles + QSize(0, self._line_height()) if self._are_shown else titles

    def changeEvent(self, event: QEvent) -> None:
        """Letters that look otherwise need other room."""
        self._titles = None
        super().changeEvent(event)

    def updateGeometries(self) -> None:
        """Leave the room below the titles to the lines."""
        self.setViewportMargins(0, 0, 0, self._line_height() if self._are_shown else 0)
        super().updateGeometries()
        self._place()

    def follow(self) -> None:
        """The table was moved sideways."""
        self._place()

    def _line_height(self) -> int:
        return self.lines[0].sizeHint().height() if self.lines else 0

    def _place(self) -> None:
        top = self.height() - self._line_height()
        for column, line in enumerate(self.lines):
            is_shown = self._are_shown and not self.isSectionHidden(column)
            if is_shown:
                line.setGeometry(
                    self.sectionViewportPosition(column), top, self.sectionSize(column), self._line_height()
                )
            line.setVisible(is_shown)
