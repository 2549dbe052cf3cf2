"""Whole searches on their page: where they are kept, what they are called, the trash, and what others do on them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from engine.amounts import megabytes
from engine.errors import UserError
from engine.i18n import joined, tr, trn
from engine.runs.trash import rule
from engine.search import places
from engine.search.records import PutAway
from studio.context import Context
from studio.model.messages import Subject
from studio.widgets.dialogs.dialogs import MessageBox
from studio.widgets.dialogs.name_dialog import NameDialog
from studio.widgets.dialogs.search_place_dialog import SearchPlaceDialog
from studio.workers.failure import Failure
from studio.workspaces.compare.search.commands import STUDY_ACTIONS

if TYPE_CHECKING:
    from engine.search.opening import StudySummary
    from studio.workspaces.compare.search.presenter import SearchPresenter

_LOOK_AGAIN_MS = 5000
_UNREACHABLE = "place of searches"  # what a message is about


class StudiesPresenter(QObject):
    """Feeds the lists of ``page``'s form, and does what a person wants of a whole search.

    ``deleted`` are the searches in the trash, what went last first. ``trouble`` says why nothing can be searched where
    searches are kept, or with the search that is chosen; None while all is well.
    """

    def __init__(self, page: SearchPresenter, context: Context) -> None:
        super().__init__(page)
        self.deleted: list[StudySummary] = []
        self._page, self._context = page, context
        self._service, self._keeping = context.services.searching, context.services.searching.keeping
        self._chooser = page.form.chooser
        self._unreachable: UserError | None = None
        self._wanted = ""  # a search that is to be shown as soon as it is listed
        self._passwords: dict[str, str] = {}
        """Of the places, while the window is open."""
        self._again = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self.look_again)
        self._chooser.commands = lambda: [context.commands[name] for name in STUDY_ACTIONS]
        self._connect()
        self._service.where = context.settings.search_place
        self._show_places()

    def _connect(self) -> None:
        self._service.listed.connect(self._on_listed)
        self._service.unreachable.connect(self._on_unreachable)
        self._keeping.changed.connect(self._service.list_searches)
        self._keeping.put_away.connect(self._on_put_away)
        self._keeping.taken_back.connect(self._on_taken_back)
        refused = partial(self._context.messages.warn, about=Subject.ASKED)
        self._keeping.failed.connect(lambda failed: refused(failed.message, failed.hint))
        self._chooser.place_chosen.connect(self.go_to)
        self._chooser.other_place_wanted.connect(self.choose_place)

    @property
    def trouble(self) -> UserError | None:
        """Why nothing can be searched."""
        study = self._chooser.study
        if self._unreachable is not None or study is None or study.plan is not None:
            return self._unreachable
        return UserError(study.trouble, tr("Choose another search, or begin a new one."))

    def come(self) -> None:
        """The page is in front."""
        self._service.list_searches()
        self._again.start()

    def look_again(self) -> None:
        """Look what others have done, or begun, while somebody sees it."""
        if not self._page.is_seen:
            self._again.stop()
        elif self._unreachable is not None or self._service.is_busy:
            return
        elif self._service.name:
            self._service.look_again()
        elif not self._chooser.is_open:
            self._service.look_for_others()

    # --- where

    def choose_place(self) -> None:
        """Let the person say where searches are kept."""
        dialog = SearchPlaceDialog(self._service.where, self._page.page.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def use(where: str) -> None:
            self._keeping.try_place(where, partial(accept, where), partial(refuse, where))

        def accept(where: str) -> None:
            if dialog.where == where:  # else the person has typed another one meanwhile
                dialog.accept()
                self._keep_in(where)

        def refuse(where: str, failed: Failure) -> None:
            if dialog.where == where:
                dialog.refuse(_whole(failed))

        dialog.chosen.connect(use)
        dialog.finished.connect(lambda _: self._keeping.try_no_place())
        dialog.open()

    def go_to(self, plain: str) -> None:
        """Keep searches in the place ``plain``, which tells no password."""
        self._keep_in(places.with_password(plain, self._passwords.get(plain, "")))

    def _keep_in(self, where: str) -> None:
        plain, password = places.without_password(where)
        if password:
            self._passwords[plain] = password
        self._context.settings.search_place = plain
        self._unreachable = None
        self._context.messages.dismiss()
        self._chooser.show_searches([], "")
        self._service.look_elsewhere(where)
        self._show_places()
        self._chooser.search_chosen.emit("")

    def _show_places(self) -> None:
        settings = self._context.settings
        self._chooser.show_places(settings.search_places, settings.search_place)

    def _on_listed(self, studies: list[StudySummary]) -> None:
        self._unreachable = None
        self._context.messages.retract(_UNREACHABLE)
        self.deleted = sorted((each for each in studies if each.deleted), key=lambda each: -each.deleted)
        self._page.form.show_searches(studies, self._wanted or self._chooser.chosen or self._service.name)
        if self._wanted:
            self._wanted = ""
            self._chooser.search_chosen.emit(self._chooser.chosen)
        self._page.say_offer()

    def _on_unreachable(self, failed: Failure) -> None:
        self._unreachable = UserError(failed.message, failed.hint)
        self._context.messages.warn(
            *(failed.message, failed.hint, failed.details),
            *(lambda: tr("Where searches are kept…"), self.choose_place, _UNREACHABLE),
        )
        self._page.say_offer()

    # --- what they are called, and the trash

    def rename(self) -> None:
        """Let the person call the chosen search otherwise."""
        study, where = self._chooser.study, self._service.where
        if study is not None:
            dialog = NameDialog(tr("Rename the search"), study.title, self._page.page.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(lambda title: self._keeping.rename(study.name, title, where))
            dialog.open()

    def delete(self) -> None:
        """Move the chosen search into the trash; where others see it, too, the person says so twice."""
        study, where = self._chooser.study, self._service.where
        if study is None:
            return
        if not where:
            self._keeping.delete(study.name, where)
            return
        box = MessageBox(
            self._page.page.window(),
            tr("Delete the search"),
            tr("Delete “{search}” for everybody who uses {storage}?", search=study.title, storage=places.told(where)),
            rule(),
        )
        box.add(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole).clicked.connect(
            lambda: self._keeping.delete(study.name, where)
        )
        box.add(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.open()

    def undo_delete(self) -> None:
        """Take back the search that was deleted last."""
        if self.deleted:
            self._keeping.restore(self.deleted[0].name, self._service.where)

    def _on_put_away(self, away: PutAway, where: str) -> None:
        if self._service.placed == (away.name, where):
            self._service.open_none()
            self._chooser.show_searches([], "")
            self._chooser.search_chosen.emit("")
        undo = partial(self._keeping.restore, away.name, where)
        self._context.messages.tell(lambda: _put_away_told(away), lambda: tr("Undo"), undo)

    def _on_taken_back(self, name: str, where: str) -> None:
        self._wanted = name if where == self._service.where else ""
        self._context.messages.dismiss()


def _put_away_told(away: PutAway) -> str:
    trials = trn("{count} trial", "{count} trials", away.trials)
    size = megabytes(away.size_bytes)
    return joined(
        tr("The search “{search}” is in the trash ({trials}, {size}).", search=away.title, trials=trials, size=size),
        tr("Others still work on it: {machines}.", machines=", ".join(away.others)) if away.others else "",
        rule(),
        trn("{count} older one is gone.", "{count} older ones are gone.", len(away.gone)) if away.gone else "",
    )


def _whole(failed: Failure) -> str:
    return joined(failed.message, failed.hint)
