"""What can be done with the point shown: it is kept with the run, copied, and another one pasted. Knows no panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication

from engine.errors import UserError
from engine.i18n import mark, tr
from engine.runs import Favorite
from studio.commands import Command
from studio.context import Context
from studio.model.explored import Explored, LatentPoint
from studio.model.messages import Subject
from studio.model.points import point_of, read_point, text_of

CATEGORY = mark("Pictures")
ABOUT = "kept points"  # what messages are about


class Keeping:
    """Does it, and tells of it in the window."""

    def __init__(self, explored: Explored, context: Context) -> None:
        self._explored, self._context = explored, context

    def commands(self) -> tuple[Command, ...]:
        """Return them."""

        def why_not() -> str:
            return self._context.services.snapshots.why_none

        def command(name: str, title: str, do: Callable[[], object], key: str, tip: str, short: str) -> Command:
            return Command(name, CATEGORY, title, do, (key,), tip, short=short, why_not=why_not)

        keep_tip = mark("Keep the point that is shown, with the run")
        copy_tip = mark("Copy the numbers of z and the class as text")
        paste_tip = mark("Go to the point in the clipboard: a copied z, or numbers between commas")
        return (
            command("keep_point", mark("Keep this point"), self.keep_shown, "Ctrl+K", keep_tip, mark("Keep")),
            command("copy_z", mark("Copy z"), self.copy, "Ctrl+Shift+C", copy_tip, ""),
            command("paste_z", mark("Paste z"), self.paste, "Ctrl+Shift+V", paste_tip, ""),
        )

    def keep_shown(self) -> None:
        """Keep the point that is shown."""
        self.keep([self._explored.point])

    def keep(self, points: Sequence[LatentPoint]) -> None:
        """Keep ``points`` behind the others, unless they are kept already."""
        kept = list(self._explored.kept)
        for point in points:
            if not any(point.equals(point_of(it)) for it in kept):
                name, numbers = self._name(point.label, kept), tuple(map(float, point.z))
                kept.append(Favorite(name, self._epoch(), numbers, point.label, point.shares))
        self._explored.keep(kept)

    def copy(self) -> None:
        """Put the point that is shown on the clipboard."""
        QGuiApplication.clipboard().setText(text_of(self._explored.point, self._explored))
        self._context.messages.tell(lambda: tr("z is on the clipboard."), about=ABOUT)

    def paste(self) -> None:
        """Go to the point on the clipboard."""
        try:
            self._explored.go(*read_point(QGuiApplication.clipboard().text(), self._explored))
        except UserError as error:
            self._context.messages.warn(error.message, error.hint, about=Subject.ASKED)
        else:
            self._context.messages.retract(Subject.ASKED)  # that another one was refused before

    def _epoch(self) -> int:
        """Return the epoch that is shown, of the newest generator the last one that ended."""
        loaded, run = self._context.services.generator.loaded, self._context.services.shown.run
        if loaded is None or run is None:
            return 0
        return loaded.ref.kept if loaded.ref.kept is not None else max(run.data.grid_files, default=0)

    def _name(self, label: int, kept: Sequence[Favorite]) -> str:
        names = self._explored.class_names
        word = tr(names[label]) if 0 <= label < len(names) else tr("Point")
        taken = {it.name for it in kept}
        return next(name for n in range(1, len(kept) + 2) if (name := f"{word} · {n}") not in taken)
