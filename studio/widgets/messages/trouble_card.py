"""One trouble as a card: its name, what shows it, why it happens, and a button that cures it. It knows no run."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from engine.config import OPTIONS
from engine.diagnosis import Diagnosis
from engine.diagnosis.own import DETECTORS
from engine.diagnosis.words import describe, describe_remedy, title, why
from engine.i18n import tr
from studio import theme
from studio.model.work_state import WorkState
from studio.text.kept import kept_told
from studio.widgets.base.bold import heading
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.status_icon import StatusIcon
from studio.widgets.base.view import View

_MOVING = (WorkState.PREPARING, WorkState.STOPPING)


class TroubleCard(View):
    """``show_diagnosis`` and ``show_state`` may be called as often as they like: only what differs is drawn anew."""

    remedy_requested = Signal(Diagnosis, bool)
    """The person wants the cure of this ``Diagnosis``: now, while training, or in a new run."""

    def __init__(
        self,
        diagnosis: Diagnosis,
        image_count: int,
        state: WorkState,
        parent: QWidget | None = None,
        *,
        is_newest: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"trouble_{diagnosis.failure_mode}")
        self._diagnosis, self._image_count, self._state = diagnosis, image_count, state
        self._is_newest = is_newest
        self._is_changed = self._is_elsewhere = False
        self._kept: frozenset[str] = frozenset()
        self.edge = QFrame()
        self.edge.setAutoFillBackground(True)
        self.edge.setFixedWidth(theme.SPACING // 2)
        self._title = heading()
        self._evidence, self._why, self._cure = (QLabel(wordWrap=True) for _ in range(3))
        self.button = set_object_name(QPushButton(), "cure_button")
        self.button.clicked.connect(self._on_clicked)
        self._changed = QLabel(wordWrap=True)
        self._lay_out()
        self.retranslate()
        self.apply_palette()

    def show_diagnosis(self, diagnosis: Diagnosis, image_count: int, *, is_newest: bool = True) -> None:
        """Show the trouble as it is now, or was at an earlier moment; ``image_count`` images make an epoch."""
        self._is_changed &= diagnosis.remedy == self._diagnosis.remedy
        self._diagnosis, self._image_count, self._is_newest = diagnosis, image_count, is_newest
        self.retranslate()

    def show_state(self, state: WorkState, *, is_elsewhere: bool = False) -> None:
        """Offer what makes sense in ``state``; nothing while another run ``is_elsewhere`` trained."""
        self._is_changed &= state.is_under_way and not is_elsewhere
        self._state, self._is_elsewhere = state, is_elsewhere
        self.retranslate()

    def restrict(self, kept: frozenset[str]) -> None:
        """Offer nothing that changes one of the options ``kept``, which a class keeps."""
        self._kept = kept
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the current language."""
        diagnosis, remedy = self._diagnosis, self._remedy
        evidence = "\n".join(describe(seen, self._image_count) for seen in diagnosis.evidence)
        self._title.setText(title(diagnosis.failure_mode))
        self._evidence.setText(evidence)
        self._why.setText(f"<b>{escape(tr('Why:'))}</b> {escape(why(diagnosis.failure_mode))}")
        self._cure.setText("<br>".join(self._cure_told()))
        self._changed.setText(tr("Changed; it counts from the next step on."))
        text, tooltip = self._offer()
        self.button.setText(text)
        self.button.setToolTip(tooltip)
        self.button.setAccessibleDescription(describe_remedy(remedy))
        may = self._is_newest or self._state is WorkState.IDLE
        self.button.setEnabled(may and self._state not in _MOVING and not self._is_elsewhere)
        self.setAccessibleName(tr("Trouble: {title}", title=title(diagnosis.failure_mode)))
        self.setAccessibleDescription(evidence)
        self._show_parts()

    def apply_palette(self) -> None:
        """Take the color of trouble."""
        palette = self.edge.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.color("trouble"))
        self.edge.setPalette(palette)

    @property
    def _remedy(self) -> dict[str, Any]:
        """The cure, as far as a class leaves it to the student."""
        return {name: value for name, value in self._diagnosis.remedy.items() if name not in self._kept}

    def _cure_told(self) -> Iterator[str]:
        if self._remedy:
            yield f"<b>{escape(tr('Try:'))}</b> {escape(describe_remedy(self._remedy))}"
        if kept := [name for name in self._diagnosis.remedy if name in self._kept]:
            yield escape(kept_told(kept))

    @property
    def _can_change(self) -> bool:
        """Whether the training under way can be cured."""
        is_live = all(OPTIONS[name].live for name in self._remedy)
        return self._is_newest and self._state.is_under_way and is_live and not self._is_elsewhere

    def _offer(self) -> tuple[str, str]:
        """Return what the button says it does, and its tooltip."""
        if self._can_change:
            return tr("Change it now"), tr("Gives the options these values while the training goes on")
        if self._is_newest and DETECTORS[self._diagnosis.failure_mode].ends_training:
            return tr("Go on with these values"), tr("Goes on from the last good checkpoint with these values")
        if self._is_elsewhere:
            return tr("Start again with this"), tr("Another run is being trained. Stop it first.")
        tooltip = tr("Saves and ends a training under way, then begins a new run with these values")
        return tr("Start again with this"), tooltip

    def _show_parts(self) -> None:
        has_cure = bool(self._remedy)
        if self.button.hasFocus() and self._is_changed:  # otherwise a hidden button passes it on to another panel
            self.setFocus()
        self._cure.setVisible(bool(self._diagnosis.remedy))
        self.button.setVisible(has_cure and not self._is_changed)
        self._changed.setVisible(has_cure and self._is_changed)

    def _on_clicked(self) -> None:
        now = self._can_change
        self._is_changed = now
        self._show_parts()
        self.remedy_requested.emit(self._diagnosis, now)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, theme.SPACING)
        grid.setHorizontalSpacing(theme.SPACING)
        grid.setVerticalSpacing(theme.SPACING // 2)
        grid.setColumnStretch(2, 1)
        grid.addWidget(StatusIcon("trouble"), 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._title, 0, 2)
        parts = (self._evidence, self._why, self._cure, self._changed)
        for row, part in enumerate(parts, start=1):
            grid.addWidget(part, row, 1, 1, 2)
        grid.addWidget(self.button, len(parts) + 1, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.edge, 0, 0, len(parts) + 2, 1)
