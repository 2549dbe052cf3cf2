"""Undoing and redoing changes of options: one by one, a burst of steps at once, a recipe at once.

It knows configs, not the form that shows them; what is undone is done as a person would do it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.config import OPTIONS, Config
from engine.i18n import tr
from engine.recipes.words import set_to
from studio.guard import guarded

_BURST_S = 1.0
"""Steps of one option that follow each other faster, as by the wheel, are one."""

Values = Mapping[str, Any]


@guarded
class Change(QUndoCommand):
    """What a person changed at once; the options have the new values already when it is noted."""

    def __init__(
        self, name: str, value: Any, before: Values, after: Values, moment: float, restore: Callable[[Values], None]
    ) -> None:
        super().__init__()
        self.before, self.after = before, after
        self._name, self._value, self._moment = name, value, moment
        self._restore = restore
        self._is_noted = False

    @property
    def words(self) -> str:
        """What was done, in the current language."""
        return set_to(self._name, self._value)

    def redo(self) -> None:
        """Give the options the new values again."""
        if self._is_noted:
            self._restore(self.after)
        self._is_noted = True

    def undo(self) -> None:
        """Give the options the values from before."""
        self._restore(self.before)

    def id(self) -> int:
        """Those with the same number may be one."""
        return list(OPTIONS).index(self._name)

    def mergeWith(self, later: QUndoCommand) -> bool:
        """Take up what follows quickly and changes the same; there and back again is nothing."""
        if not isinstance(later, Change) or set(later.after) != set(self.after):
            return False
        if later._moment - self._moment > _BURST_S:
            return False
        self.after, self._value, self._moment = later.after, later._value, later._moment
        self.setObsolete(dict(self.after) == dict(self.before))
        return True


class OptionUndo(QObject):
    """Notes what is changed; ``now`` tells the options as they are, ``restore`` gives some of them other values.

    ``live_only`` says whether a run is being trained, so that only some options can change.
    """

    changed = Signal()
    """There is something else to undo or to do again."""

    def __init__(
        self,
        now: Callable[[], Config],
        restore: Callable[[Values], None],
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        live_only: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._now, self._restore, self._clock, self._live_only = now, restore, clock, live_only
        self._stack = QUndoStack(self)

    def note(self, name: str, before: Config, after: Config) -> Change | None:
        """Note that a person changed the option ``name``, and with it others; None if nothing changed.

        Where no name is given, the change is called after the first option that it changed.
        """
        names = [each for each in OPTIONS if getattr(before, each) != getattr(after, each)]
        if not names:
            return None
        self._forget_what_is_stale(before)
        name = name or names[0]
        names = list(dict.fromkeys((*names, name)))  # a recipe that is taken anew replaces options and stays itself
        old, new = ({each: getattr(config, each) for each in names} for config in (before, after))
        change = Change(name, getattr(after, name), old, new, self._clock(), self._restore)
        self._stack.push(change)
        self.changed.emit()
        return change

    def undo(self) -> None:
        """Undo the last change."""
        if self._next(back=True) is not None:
            self._stack.undo()
            self.changed.emit()

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._next(back=False) is not None:
            self._stack.redo()
            self.changed.emit()

    def undo_from(self, change: Change) -> None:
        """Undo ``change`` and whatever came after it, unless that was done already."""
        place = next((it for it in range(self._stack.index()) if self._stack.command(it) is change), None)
        while place is not None and self._stack.index() > place and self._next(back=True) is not None:
            self._stack.undo()
        self.changed.emit()

    def words(self, *, back: bool) -> str:
        """Say what would be undone, or done again; nothing where there is nothing."""
        change = self._next(back=back)
        return change.words if change is not None else ""

    def why_not(self, *, back: bool) -> str:
        """Say why nothing can be undone, or done again, now."""
        change = self._next(back=back)
        if change is None:
            return tr("No change of an option can be undone.") if back else tr("No change of an option was undone.")
        fixed = next((name for name in change.after if not OPTIONS[name].live), None)
        if fixed is not None and self._live_only():
            return tr("While a run trains, “{option}” cannot change.", option=tr(OPTIONS[fixed].label))
        return ""

    def forget(self) -> None:
        """Let nothing be undone any more: a class begins."""
        self._stack.clear()
        self.changed.emit()

    def _next(self, *, back: bool) -> Change | None:
        """Return the change that would be undone, or done again, if the options are still as it left them."""
        place = self._stack.index() - back
        change = self._stack.command(place) if 0 <= place < self._stack.count() else None
        if not isinstance(change, Change):
            return None
        left = change.after if back else change.before
        return change if _are(self._now(), left) else None

    def _forget_what_is_stale(self, before: Config) -> None:
        """Another run was opened, or a cure taken: what was changed before that is no longer there to be undone."""
        place = self._stack.index() - 1
        last = self._stack.command(place) if place >= 0 else None
        if isinstance(last, Change) and not _are(before, last.after):
            self._stack.clear()


def _are(config: Config, values: Values) -> bool:
    return all(getattr(config, name) == value for name, value in values.items())
