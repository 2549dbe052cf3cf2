"""The trial that is chosen, large: its samples, how it got better, what it tried, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.arrays import Picture
from engine.i18n import tr
from engine.search.plan import Plan
from engine.search.records import TrialRecord
from studio.help.page import TOPIC
from studio.text.trials import title_of, trial_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.pictures.image_view import ImageView
from studio.widgets.plots.trial_curve import TrialCurve

_NARROWEST = 24 * SPACING
_LEAST_PICTURE = 10 * SPACING


class TrialPanel(View):
    """Shows one trial, or says how to choose one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trial_panel")
        self.setProperty(TOPIC, "trials")  # whose “?” stands above them
        self._plan: Plan | None = None
        self._trial: TrialRecord | None = None
        self.picture = set_object_name(ImageView(), "trial_picture")
        self.picture.setMinimumHeight(_LEAST_PICTURE)
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what the words leave
        self.words = set_object_name(
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText, alignment=Qt.AlignmentFlag.AlignTop),
            "trial_words",
        )
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.curve = set_object_name(TrialCurve(), "trial_curve")
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(SPACING // 2)
        told, self._shown = QWidget(), QWidget()
        inner = QVBoxLayout(told)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACING)
        inner.addWidget(self.picture, 1)
        inner.addWidget(self.words)
        inner.addWidget(self.curve)
        scroll_down(self._shown, told)  # on a small screen, or with large text, it is taller than the window
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        column.setSpacing(SPACING)
        column.addWidget(self._shown, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(self._buttons)
        self.retranslate()
        self.show_trial(None, None, None, ())

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a picture, and for what is written on the buttons."""
        return super().minimumSizeHint().expandedTo(QSize(_NARROWEST, 0))

    def add_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Put what can be done with the trial below."""
        for button in buttons:
            self._buttons.addWidget(button)

    def show_trial(
        self,
        plan: Plan | None,
        trial: TrialRecord | None,
        picture: Picture | None,
        others: Iterable[TrialRecord],
    ) -> None:
        """Show ``trial`` with its newest samples, its curve before those of ``others``; without one, say so."""
        self._plan, self._trial = plan, trial
        is_shown = plan is not None and trial is not None
        self.picture.set_picture(picture if is_shown else None)
        self.curve.show_trial(plan, trial, others)
        for part in (self.picture, self.words, self.curve, self._shown):
            part.setVisible(is_shown)
        self.empty.setVisible(not is_shown)
        self._say()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(tr("Choose a trial: it is shown here, large, with its curve and what can be done with it."))
        self._shown.setAccessibleName(tr("The chosen trial"))
        self.curve.setAccessibleName(tr("How the trial got better"))
        self.curve.setToolTip(tr("The measure of this trial as it was trained; the faint lines are the other trials"))
        self.curve.draw()
        self._say()

    def _say(self) -> None:
        if self._plan is None or self._trial is None:
            return
        self.words.setText(trial_told(self._plan, self._trial))
        self.picture.setAccessibleName(tr("Samples of {trial}", trial=title_of(self._trial)))
