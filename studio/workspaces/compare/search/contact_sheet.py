"""The contact sheet of a search: each trial a tile, live, and above them what was found, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.arrays import Picture
from engine.i18n import again, joined, tr, trn
from engine.i18n import number as told
from engine.search.objectives import GOALS, PREFERENCE
from engine.search.plan import Plan
from engine.search.records import TrialRecord
from engine.search.why import Findings
from studio.help.help_button import HelpButton
from studio.text.trials import ORDERS
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.tables.trial_model import TrialModel
from studio.widgets.tables.trial_view import TrialView

PREFERENCE_TITLE = GOALS[PREFERENCE].title
_WIDEST = 40 * SPACING  # of a list


class ContactSheet(View):
    """``changed`` tells that other trials are chosen, or that the chosen ones are other than before."""

    changed = Signal()
    judged_otherwise = Signal()
    """The person wants to see the trials judged by the number that was searched for, or by their own eye."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TrialModel(self)
        self.view = set_object_name(TrialView(self.model), "contact_sheet")
        self.sentence = set_object_name(QLabel(wordWrap=True), "search_sentence")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.count = FittingLabel()
        self.order = set_object_name(ElidingComboBox(_WIDEST), "trial_order")
        self.judge = set_object_name(ElidingComboBox(_WIDEST), "trial_judge")
        self.judge.addItems(["", ""])
        self._goal = ""
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._said = ""
        self._lay_out()
        self.order.currentIndexChanged.connect(lambda place: self.model.arrange(list(ORDERS)[max(place, 0)]))
        self.judge.currentIndexChanged.connect(lambda _: self.judged_otherwise.emit())
        self.view.chosen.connect(lambda _: self.changed.emit())
        self.sentence.hide()
        self.judge.hide()
        self.retranslate()
        self._show_whether_empty()

    def show_search(
        self,
        plan: Plan | None,
        trials: Iterable[TrialRecord] = (),
        pictures: Mapping[int, Picture] | None = None,
    ) -> None:
        """Show the trials of another search, or none."""
        self.model.show_trials(plan, trials, pictures or {})
        self._show_whether_empty()
        self.changed.emit()

    @property
    def is_by_eye(self) -> bool:
        """Whether the trials shall be judged by what the person preferred."""
        return self.judge.currentIndex() == 1

    def offer_judges(self, goal: str, *, eye_is_known: bool) -> None:
        """Let the person choose between ``goal``, in words, and their eye, where enough is known of it."""
        self._goal = goal
        self.judge.setVisible(eye_is_known)
        if not eye_is_known:
            self.judge.setCurrentIndex(0)
        self.retranslate()

    def add_button(self, button: QPushButton) -> None:
        """Let ``button`` stand above the tiles."""
        self._head.insertWidget(0, button)

    def put(self, trial: TrialRecord) -> None:
        """Take up what is new of a trial."""
        self.model.put(trial)
        self._show_whether_empty()
        if trial.number in self.view.numbers():
            self.changed.emit()

    def put_picture(self, number: int, picture: Picture) -> None:
        """Show the newest samples of a trial."""
        self.model.put_picture(number, picture)

    def show_sentence(self, found: Findings | None) -> None:
        """Say what was found."""
        self._said = joined(found.sentence, found.against_start) if found else ""
        self.sentence.setText(self._said)
        self.sentence.setVisible(bool(self.sentence.text()))

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(
            tr("Each trial of a search is shown here as it learns. Choose at the left what shall vary, and start one.")
        )
        self.sentence.setText(again(self._said))
        self.order.blockSignals(True)
        chosen = max(self.order.currentIndex(), 0)
        self.order.clear()
        for title in ORDERS.values():
            self.order.addItem(tr(title))
        self.order.setCurrentIndex(chosen)
        self.order.blockSignals(False)
        for place, title in enumerate((again(self._goal), tr(PREFERENCE_TITLE))):
            self.judge.setItemText(place, title)
        self.judge.setAccessibleName(tr("Judged by"))
        self.judge.setToolTip(tr("What orders the trials, here and below: the number, or what you preferred"))
        self.order.setAccessibleName(tr("Order of the trials"))
        self.order.setToolTip(tr("Which trials stand first"))
        self.view.setAccessibleName(tr("Trials"))
        self.model.retranslate()
        self._count()

    def _lay_out(self) -> None:
        self._head = WrappingLayout(spacing=SPACING // 2, is_filled=False)
        self._head.addWidget(self.judge)
        self._head.addWidget(self.order)
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        head.addLayout(self._head)
        head.addWidget(HelpButton("trials", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.sentence)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.empty, 1)

    def _show_whether_empty(self) -> None:
        self.view.setVisible(bool(self.model.rows))
        self.empty.setVisible(not self.model.rows)
        self.order.setEnabled(bool(self.model.rows))
        self._count()

    def _count(self) -> None:
        rows = self.model.rows
        finished = sum(trial.state == "finished" for trial in rows)
        early = sum(trial.state in ("pruned", "trouble") for trial in rows)
        whole = tr("{number} trained to the end", number=told(finished))
        cut = tr("{number} stopped early", number=told(early))
        parts = (trn("{count} trial", "{count} trials", len(rows)), whole, cut) if rows else ()
        self.count.show_parts(parts, spare=(cut, whole))
