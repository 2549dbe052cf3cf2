"""Which search, and where searches are kept: two lists, and what can be done with the search that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton

from engine.i18n import tr, trn
from engine.search import places
from studio.commands import Command, menu_of
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox

if TYPE_CHECKING:
    from engine.search.opening import StudySummary

_WIDEST = 46 * SPACING


class SearchChooser(View):
    """``search_chosen`` carries the name of another search, nothing for a new one; ``place_chosen`` another storage,
    nothing for the one at home; ``other_place_wanted`` tells that it is none of the list.

    ``question`` explains the form in which they stand.
    """

    search_chosen = Signal(str)
    place_chosen = Signal(str)
    other_place_wanted = Signal()

    def __init__(self, question: HelpButton) -> None:
        super().__init__()
        self._studies: Sequence[StudySummary] = ()
        self._place = ""
        self.commands: Callable[[], Iterable[Command]] = tuple
        self.search = set_object_name(ElidingComboBox(_WIDEST), "search_box")
        self.place = set_object_name(ElidingComboBox(_WIDEST), "search_place_box")
        self.more = set_object_name(QToolButton(autoRaise=True), "search_menu_button")
        self.more.setText("⋯")
        self._labels = (QLabel(), QLabel())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING)
        for row, (label, box) in enumerate(zip(self._labels, (self.place, self.search), strict=True)):
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        grid.addWidget(self.more, 1, 2)
        grid.addWidget(question, 0, 2)
        grid.setColumnStretch(1, 1)
        self.search.currentIndexChanged.connect(lambda _: self.search_chosen.emit(self.chosen))
        self.place.activated.connect(self._on_place)
        self.more.clicked.connect(self._open_menu)
        self.show_places([], "")
        self.show_searches([], "")
        self.retranslate()

    @property
    def chosen(self) -> str:
        """The name of the search that is chosen, nothing for a new one."""
        return str(self.search.currentData() or "")

    @property
    def study(self) -> StudySummary | None:
        """What is known of the search that is chosen."""
        return next((study for study in self._studies if study.name == self.chosen), None)

    @property
    def is_open(self) -> bool:
        """Whether a person is choosing right now."""
        return self.search.view().isVisible()

    def show_searches(self, studies: Sequence[StudySummary], chosen: str) -> None:
        """Offer the searches there are, and choose one of them."""
        self._studies = [study for study in studies if not study.deleted]
        with QSignalBlocker(self.search):
            self.search.clear()
            self.search.addItem("", "")
            for study in self._studies:
                self.search.addItem("", study.name)
            self.search.setCurrentIndex(max(self.search.findData(chosen), 0))
        self._say_searches()

    def show_places(self, known: Sequence[str], chosen: str) -> None:
        """Offer the storages that are known beside the one at home, and choose one."""
        self._place = chosen
        self.place.clear()
        for where in ("", *known):
            self.place.addItem("", where)
        self.place.insertSeparator(self.place.count())
        self.place.addItem("")
        self._say_places()
        self.place.setCurrentIndex(max(self.place.findData(chosen), 0))

    def set_free(self, is_free: bool) -> None:
        """Let a person choose."""
        self.search.setEnabled(is_free)
        self.place.setEnabled(is_free)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        for label, box, name in zip(
            self._labels, (self.place, self.search), (tr("Kept in"), tr("Search")), strict=True
        ):
            label.setText(name)
            box.setAccessibleName(name)
        self.search.setToolTip(tr("Begin a new search, or look at one that is there and go on with it"))
        self.more.setAccessibleName(tr("More about this search"))
        self.more.setToolTip(tr("Call the search otherwise, delete it, or have a deleted one back"))
        self._say_searches()
        self._say_places()

    # --- inside

    def _say_searches(self) -> None:
        self.search.setItemText(0, tr("A new search"))
        for place, study in enumerate(self._studies, 1):
            trials = trn("{count} trial", "{count} trials", study.trials)
            sign = "⚠ " if study.plan is None else ""
            self.search.setItemText(place, f"{sign}{study.title or study.name} ({trials})")

    def _say_places(self) -> None:
        last = self.place.count() - 1
        for at in range(last - 1):
            where = str(self.place.itemData(at) or "")
            self.place.setItemText(at, places.told(where) if where else tr("This computer"))
        self.place.setItemText(last, tr("Somewhere else…"))
        self.place.setToolTip(tr("Where searches are kept: {storage}", storage=places.told(self._place)))

    def _on_place(self, at: int) -> None:
        if at == self.place.count() - 1:
            self.place.setCurrentIndex(max(self.place.findData(self._place), 0))
            self.other_place_wanted.emit()
        elif (where := str(self.place.itemData(at) or "")) != self._place:
            self.place_chosen.emit(where)

    def _open_menu(self) -> None:
        menu_of(self.commands(), self.more).popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
