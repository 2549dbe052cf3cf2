"""What is wrong with the training, one card to a trouble, or how it is otherwise. It only shows what was found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.config import OPTIONS
from engine.diagnosis import Diagnosis
from engine.diagnosis.words import describe_epoch, describe_health
from engine.i18n import tr
from studio import theme
from studio.model.findings import Findings
from studio.model.work_state import WorkState
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.status_icon import StatusIcon
from studio.widgets.base.view import View
from studio.widgets.messages.trouble_card import TroubleCard


class TroubleList(View):
    """A card stays the same widget while its trouble lasts, so that nothing flickers and a button keeps the focus."""

    remedy_requested = Signal(Diagnosis, bool)
    """The person wants the cure of a ``Diagnosis``: now, while training, or in a new run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trouble_list")
        self._findings: Findings | None = None
        self._state = WorkState.IDLE
        self._is_elsewhere = False
        self._kept: frozenset[str] = frozenset()
        self._cards: dict[str, TroubleCard] = {}
        self._moment = set_object_name(QLabel(wordWrap=True), "moment_of_health")
        self._calm = QWidget()
        self._sign = StatusIcon("good")
        self._none_seen = set_object_name(QLabel(wordWrap=True), "no_trouble")
        self._watched = QLabel(wordWrap=True)
        self._watched.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._lay_out()
        self.retranslate()
        self.show_findings(None)

    def show_findings(self, findings: Findings | None) -> None:
        """Show what is found now; None, before anything is trained, shows nothing."""
        self._findings = findings
        found = {diagnosis.failure_mode: diagnosis for diagnosis in findings.diagnoses} if findings else {}
        for trouble in self._cards.keys() - found.keys():
            self._remove(self._cards.pop(trouble))
        for row, (trouble, diagnosis) in enumerate(found.items()):
            assert findings is not None
            if trouble in self._cards:
                self._cards[trouble].show_diagnosis(diagnosis, findings.image_count, is_newest=findings.is_newest)
            else:
                self._cards[trouble] = TroubleCard(
                    diagnosis, findings.image_count, self._state, self, is_newest=findings.is_newest
                )
                self._cards[trouble].show_state(self._state, is_elsewhere=self._is_elsewhere)
                self._cards[trouble].restrict(self._kept)
                self._cards[trouble].remedy_requested.connect(self.remedy_requested)
            if self._column.indexOf(self._cards[trouble]) != row + 1:
                self._column.insertWidget(row + 1, self._cards[trouble])
        self._calm.setVisible(findings is not None and not found)
        self.setVisible(findings is not None)
        self._describe()

    def show_state(self, state: WorkState, *, is_elsewhere: bool = False) -> None:
        """Offer what makes sense in ``state``, or nothing while another run is trained."""
        self._state, self._is_elsewhere = state, is_elsewhere
        for card in self._cards.values():
            card.show_state(state, is_elsewhere=is_elsewhere)

    def restrict(self, kept: frozenset[str]) -> None:
        """Offer nothing that changes one of the options ``kept``, which a class keeps."""
        self._kept = kept
        for card in self._cards.values():
            card.restrict(kept)

    def retranslate(self) -> None:
        """Say everything in the current language; the cards do so themselves."""
        self._describe()

    def _describe(self) -> None:
        if self._findings:
            health, count = self._findings.health, self._findings.image_count
            self._none_seen.setText("" if health.diagnoses else describe_health(health, count))
            self._sign.set_role("good" if health.state == "healthy" else "waiting")
            self._moment.setText(tr("As it was at epoch {epoch}:", epoch=describe_epoch(health.now, count)))
        self._moment.setVisible(self._findings is not None and not self._findings.is_newest)
        self.setAccessibleName(tr("Troubles found") if self._cards else self._none_seen.text())
        if self._findings and self._findings.config.eval_time_percent > 0:
            self._watched.setText(tr("Losses, D's verdicts, and what the judge says of the samples are watched."))
        else:
            option = tr(OPTIONS["eval_time_percent"].label)
            self._watched.setText(
                tr("Only losses and D's verdicts are watched, because “{option}” is 0.", option=option)
            )

    def _remove(self, card: TroubleCard) -> None:
        focus = self.focusWidget()
        if focus is not None and focus.hasFocus() and card.isAncestorOf(focus):
            self.setFocus()  # and not to whatever comes next in the window
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _lay_out(self) -> None:
        calm = QGridLayout(self._calm)
        calm.setContentsMargins(0, 0, 0, theme.SPACING)
        calm.setHorizontalSpacing(theme.SPACING)
        calm.setVerticalSpacing(0)
        calm.setColumnStretch(1, 1)
        calm.addWidget(self._sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        calm.addWidget(self._none_seen, 0, 1)
        calm.addWidget(self._watched, 1, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, theme.SPACING)
        self._column.addWidget(self._moment)
        self._column.addWidget(self._calm)
