"""By what the trials of a search are judged: by the number that it is after, or by what a person preferred of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.search.plan import Plan
from engine.search.preference import by_eye
from engine.search.records import TrialRecord
from engine.search.why import Findings
from studio.model.duel import LikedTrials
from studio.services.all import Services
from studio.workspaces.compare.search.contact_sheet import ContactSheet


class EyePresenter(QObject):
    """Offers the eye as a judge in ``sheet`` as soon as blind duels say enough of the search that is shown."""

    changed = Signal()
    """The trials are judged otherwise than before."""

    def __init__(self, sheet: ContactSheet, services: Services) -> None:
        super().__init__(sheet)
        self._sheet, self._service, self._duels = sheet, services.searching, services.duels
        self._liked: LikedTrials | None = None
        sheet.judged_otherwise.connect(self.changed)
        self._duels.liked.connect(self._on_liked)

    def look(self) -> None:
        """Look what is known of the search that was opened."""
        self._offer(None)
        if self._service.plan is not None:
            self._duels.look_what_is_liked(self._service.placed, self._service.plan.config)

    def forget(self) -> None:
        """Which trials there are changes all the time: the number alone can follow."""
        self._offer(None)

    def seen(self) -> tuple[Plan | None, tuple[TrialRecord, ...]]:
        """Return the search as it is judged."""
        plan, trials = self._service.plan, tuple(self._service.trials.values())
        return by_eye(plan, trials, self._known.scores) if plan is not None and self._known else (plan, trials)

    def told(self, by_number: Findings | None) -> Findings | None:
        """Return what was found, as it is judged."""
        return self._known.findings if self._known else by_number

    @property
    def _known(self) -> LikedTrials | None:
        return self._liked if self._sheet.is_by_eye else None

    def _on_liked(self, liked: LikedTrials) -> None:
        if liked.search == self._service.placed and not self._service.is_busy:
            self._offer(liked if liked.findings else None)
            if self._sheet.is_by_eye:
                self.changed.emit()

    def _offer(self, liked: LikedTrials | None) -> None:
        self._liked = liked
        plan = self._service.plan
        self._sheet.offer_judges(plan.goal_title if plan else "", eye_is_known=liked is not None)
