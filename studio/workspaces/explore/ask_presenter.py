"""Asks D about what is drawn or dropped on the page “Ask D”."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from engine.i18n import tr
from studio.context import Context
from studio.services.asking import Answer, Given
from studio.workers.failure import Failure
from studio.workspaces.explore.ask_page import AskPage


class AskPresenter(QObject):
    """Feeds ``page``."""

    def __init__(self, page: AskPage, context: Context) -> None:
        super().__init__(page)
        self._page, self._asking, self._shown = page, context.services.asking, context.services.shown
        self._given: Given | None = None
        page.drawing_asked.connect(self._ask_about_drawing)
        page.file_asked.connect(lambda path: self._ask(Path(path)))
        page.pixels_asked.connect(self._ask)
        context.services.generator.pictures_ready.connect(lambda _, images: page.drawing.canvas.suit(images))
        page.asked_again.connect(self._ask_again)
        page.drawing.cleared.connect(self._forget)
        self._asking.answered.connect(self._on_answered)
        self._asking.failed.connect(self._on_failed)
        self._asking.progressed.connect(lambda share: page.show_progress(share if share < 1 else None))
        self._shown.run_changed.connect(self._on_shown)
        self._on_shown()

    def _ask_about_drawing(self) -> None:
        self._ask(self._page.drawing.canvas.drawing())

    def _ask(self, given: Given) -> None:
        self._given = given
        if not self._asking.ask(given, self._page.label):
            self._page.say(tr("No generator yet. Train first, or open a run."))

    def _ask_again(self) -> None:
        if self._given is not None:
            self._ask(self._given)

    def _forget(self) -> None:
        self._given = None

    def _on_answered(self, answer: Answer) -> None:
        if self._given is not None:  # nothing was cleared meanwhile
            self._page.show_answer(answer)

    def _on_failed(self, failure: Failure) -> None:
        if self._given is not None:
            self._page.say(" ".join(filter(None, (failure.message, failure.hint))))

    def _on_shown(self) -> None:
        self._given, run = None, self._shown.run
        if run is not None:
            self._page.set_size(run.info.facts.size)
