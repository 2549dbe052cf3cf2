"""The messages that wait to be read, and which of them is in front. Knows no Qt and no panel."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum, auto

from engine.i18n import again

Text = str | Callable[[], str]
"""A sentence of ``engine.i18n``, or what says it: in the current language, whenever that changes."""

_SECONDS_TO_READ = 5.0  # a notice that was in front for so long was seen, and makes room for the next one
_SECONDS_TO_ACT = 1.0  # nobody sees a refusal and does something else in less
_MOST = 9  # of notices, and of warnings: what fails again and again fills nothing


class Subject(Enum):
    """What a message is about, and so when it is stale."""

    RUN = auto()  # another run is shown, or a training begins
    ASKED = auto()  # something else that was asked for worked, or not: what was refused before is over
    SHOWN = auto()  # another run is shown, even while one is trained
    RECIPE = auto()  # another run is shown: while it trains, what to watch is still worth reading
    DATA = auto()  # the real images are there
    PLAN = auto()  # other options are planned than those that did not begin
    BUSY = auto()  # nothing is trained any more
    HALT = auto()  # what waited until the disk can be written goes on, or is over
    QUEUE = auto()  # what is lined up is trained, or over
    STYLE = auto()  # another picture is painted
    CLASS = auto()  # what is trained can be shared with the class again
    CLASS_FILE = auto()  # another class is entered
    TRANSFER = auto()  # the run is in its file, or out of it
    TABLE = auto()  # the table is read


@dataclass(frozen=True)
class Message:
    """What is said, how to mend it, and what a button beside it does."""

    text: Text = ""
    hint: Text = ""
    details: str = ""
    action: Text = ""
    act: Callable[[], object] | None = None
    is_warning: bool = False
    about: Hashable = Subject.RUN


def said(text: Text) -> str:
    """Return ``text`` in the current language."""
    return again(text) if isinstance(text, str) else text()


class Messages:
    """Warnings before notices, the newest of each first; one of them is in front.

    A warning stays until somebody closes it or its cause is gone; that something was refused, until something else that
    was asked for is told of. A notice stays until another one comes after it was
    in front for long enough to be read: what is told in the same instant waits behind.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: list[Message] = []
        self._shown = Message()  # in front
        self._since = 0.0  # when it came to the front
        self._asked = 0.0  # when something that was asked for was refused last
        self._read: list[Message] = []  # was in front for long enough

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def shown(self) -> Message:
        """The message in front; an empty one while there is none."""
        return self._shown

    @property
    def place(self) -> int:
        """Which of all messages is in front, from 1; 0 while there is none."""
        return 1 + next((at for at, it in enumerate(self._waiting) if it is self._shown), -1)

    def is_about(self, subject: Hashable) -> bool:
        """Whether one of the messages is about ``subject``."""
        return any(it.about == subject for it in self._waiting)

    def add(self, message: Message) -> None:
        """Put ``message`` in front, or behind a warning if it is none.

        It takes the place of what it says again, and of what else was said about the same subject.
        """
        kept = [it for it in self._waiting if not self._is_replaced(it, message)]
        alike = [it for it in kept if it.is_warning is message.is_warning][: _MOST - 1]
        others = [it for it in kept if it.is_warning is not message.is_warning]
        self._waiting = [message, *alike, *others] if message.is_warning else [*others, message, *alike]
        self._asked = self._clock() if message.about is Subject.ASKED else self._asked
        stays = self._shown.is_warning and not message.is_warning and self.place
        self._bring(self._shown if stays else message)

    def renew(self, message: Message) -> None:
        """Let ``message`` stand for what was said about its subject, wherever that stands, unless it was closed."""
        for at, old in enumerate(self._waiting):
            if old.about == message.about:
                self._waiting[at] = message
                if old is self._shown:
                    self._shown = message

    def turn(self) -> None:
        """Bring the next message to the front, after the last one the first."""
        if self._waiting:
            self._bring(self._waiting[self.place % len(self._waiting)])

    def close(self) -> None:
        """Forget the message in front."""
        self._keep([it for it in self._waiting if it is not self._shown])

    def retract(self, about: Hashable) -> bool:
        """Forget what was said about a subject; return whether anything was."""
        return self._forget(lambda message: message.about == about)

    def take_back(self, text: str) -> bool:
        """Forget what says just this; return whether anything did."""
        return self._forget(lambda message: message.text == text)

    def _forget(self, is_over: Callable[[Message], bool]) -> bool:
        kept = [it for it in self._waiting if not is_over(it)]
        is_less = len(kept) < len(self._waiting)
        self._keep(kept)
        return is_less

    def clear(self) -> None:
        """Forget all messages."""
        self._keep([])

    def _is_replaced(self, old: Message, new: Message) -> bool:
        if said(old.text) == said(new.text) and said(old.hint) == said(new.hint):
            return True
        if old.about == new.about and new.about not in (Subject.RUN, Subject.ASKED):
            return True
        if old.about is Subject.ASKED and (new.about is Subject.ASKED or not new.is_warning):
            return self._clock() - self._asked >= _SECONDS_TO_ACT
        self._note_reading()
        return any(it is old for it in self._read) and not (old.is_warning or new.is_warning)

    def _keep(self, kept: list[Message]) -> None:
        self._waiting = kept
        self._bring(self._shown if self.place else next(iter(kept), Message()))

    def _bring(self, message: Message) -> None:
        if message is not self._shown:
            self._note_reading()
            self._shown, self._since = message, self._clock()
        self._read = [it for it in self._read if any(it is waiting for waiting in self._waiting)]

    def _note_reading(self) -> None:
        if self._clock() - self._since >= _SECONDS_TO_READ:
            self._read.append(self._shown)
