"""Every action once: what it is called, its keys, when it makes sense and why not, and what it does.

Menus, buttons, keys and context menus are made from these commands. It knows no window and no panel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QStyle, QWidget

from engine.i18n import joined, language, tr
from studio.widgets.base.ink_icon import Ink, ink_icon, ink_of

_SIGNS = (Qt.Key.Key_Plus, Qt.Key.Key_Minus)  # for which some keyboards need Shift, and others do not
_MOST_KNOWN = 1000  # ways to speak of commands: each has a few

Text = str | Callable[[], str]
"""A source text marked for translation, or what says it in the current language."""


def _always() -> str:
    return ""


@dataclass(frozen=True)
class Command:
    """One action. ``id`` names it for menus, buttons and tests; ``category`` is its heading in the list of shortcuts.

    ``keys`` are portable names ("Ctrl+O"). ``waits``: they are heard only where the focus has no use for them, as Space
    has in a text. ``do_nth`` is for a command whose keys differ in what they do: it is told which of them it was.
    ``why_not`` says why it makes no sense now, and nothing while it does. ``is_on`` makes it a switch; of those with
    the same ``group`` one is on. ``first`` is what comes before all that: reading what is still being typed, of which
    may come a reason why not. ``spoken`` is its name in lists and for screen readers where the title alone would
    say too little; ``short`` is what a button says where the title is too long.
    """

    id: str
    category: str
    title: Text
    do: Callable[[], object] = lambda: None
    keys: tuple[str, ...] = ()
    tip: Text = ""
    spoken: Text = ""
    short: Text = ""
    why_not: Callable[[], str] = _always
    first: Callable[[], object] | None = None
    waits: bool = False
    do_nth: Callable[[int], object] | None = None
    is_on: Callable[[], bool] | None = None
    group: str = ""
    icon: Callable[[], QStyle.StandardPixmap] | None = None
    role: QAction.MenuRole = QAction.MenuRole.NoRole

    @property
    def label(self) -> str:
        """The title in the current language, without the letter that chooses it in a menu."""
        return _said(self.title).replace("&", "")

    @property
    def short_label(self) -> str:
        """What a button says."""
        return _said(self.short) or self.label

    @property
    def name(self) -> str:
        """What it is called where nothing around it explains the title."""
        return _said(self.spoken) or self.label

    @cached_property
    def texts_made(self) -> tuple[Callable[[], str], ...]:
        """Those of its texts that are no sources: each may say something else every time."""
        return tuple(text for text in (self.title, self.tip, self.spoken, self.short) if callable(text))

    @property
    def keys_told(self) -> str:
        """The keys as they are called on this keyboard."""
        # Where each does something else, the first and the last; otherwise the others only serve other keyboards.
        ends = (self.keys[0], self.keys[-1]) if self.keys and self.do_nth is not None else self.keys[:1]
        return " … ".join(dict.fromkeys(map(native, ends)))


def native(key: str) -> str:
    """Return the portable name of a key as it is called on this keyboard, in the current language."""
    return _native(key, language())


@cache
def _native(key: str, _language: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def pressed(event: QKeyEvent) -> str:
    """Return the portable name of what was pressed, on the number pad as elsewhere."""
    modifiers = Qt.KeyboardModifier
    is_sign = event.modifiers() == modifiers.ShiftModifier and event.key() in _SIGNS
    if event.modifiers() & modifiers.KeypadModifier or is_sign:
        return QKeySequence(event.key()).toString()
    return QKeySequence(event.keyCombination()).toString()


class _Words(NamedTuple):
    """What is said of a command as long as it has the same reason why not, and its texts are the same."""

    why_not: str
    title: str
    short: str
    name: str
    keys: str
    tip: str


@dataclass
class _Bound:
    """A button that is a command, and what it was given last."""

    button: QAbstractButton
    name: str
    words: _Words | None = None
    icon: tuple[QStyle.StandardPixmap, Ink] | None = None


class Commands(QObject):
    """The table of all commands, in the order in which keys ask them.

    ``refresh`` whenever something changed that their ``why_not``, ``is_on`` or titles depend on; doing one does it.
    """

    refreshed = Signal()
    refused = Signal(str)
    """What was asked for makes no sense now, and why, where nothing else tells it."""
    withdrawn = Signal(str)
    """What was said then is no longer so: it makes sense by now."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._buttons: list[_Bound] = []
        self._words: dict[str, _Words] = {}  # what was said last of each
        self._known: dict[tuple[str, str, tuple[str, ...]], _Words] = {}  # to be said again
        self._is_doing = False
        self._refused: dict[str, str] = {}  # what was said of each

    def add(self, *commands: Command) -> None:
        """Take up ``commands``; an id is given once, and keys that do not wait are nobody else's."""
        for command in commands:
            taken = {key for other in self if not (other.waits and command.waits) for key in other.keys}
            if command.id in self._commands or taken & set(command.keys):
                raise ValueError(f"the command {command.id!r} or its keys {command.keys} are taken")
            self._commands[command.id] = command
            self._actions[command.id] = self._action_of(command)
        self.refresh()

    def __iter__(self) -> Iterator[Command]:
        return iter(list(self._commands.values()))

    def __getitem__(self, name: str) -> Command:
        return self._commands[name]

    def action(self, name: str) -> QAction:
        """Return the action of a command, for menus."""
        return self._actions[name]

    def is_possible(self, name: str) -> bool:
        """Whether a command makes sense now."""
        return not self._commands[name].why_not()

    def do(self, name: str) -> None:
        """Do what a command does, if it makes sense now."""
        self._do(self._commands[name])

    def press(self, event: QKeyEvent) -> bool:
        """Do the first command that waits for this key and makes sense; return whether the key is one of the table's.

        Keys that do not wait are heard by Qt, save where what they do makes no sense now. Then it is said why, as it is
        of all keys that nobody presses by the way.
        """
        key = pressed(event)
        meant = [command for command in self if key in command.keys]
        possible = next((command for command in meant if command.waits and not command.why_not()), None)
        if possible is None:
            self._refuse(event, meant)
        elif not (event.isAutoRepeat() and event.key() == Qt.Key.Key_Space):  # which would train and pause
            self._do(possible, key)
        return bool(meant)

    def _refuse(self, event: QKeyEvent, meant: Sequence[Command]) -> None:
        is_chord = bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier))
        if (is_chord or event.key() >= Qt.Key.Key_F1) and not event.isAutoRepeat():
            reasons = ((command, command.why_not()) for command in meant)
            if told := next((each for each in reasons if each[1]), None):
                self._tell_refused(*told)

    def _tell_refused(self, command: Command, why_not: str) -> None:
        self._refused[command.id] = joined(command.name.removesuffix("…"), why_not, between=": ")
        self.refused.emit(self._refused[command.id])

    def _withdraw_what_makes_sense(self) -> None:
        for name in [name for name in self._refused if self.is_possible(name)]:
            self.withdrawn.emit(self._refused.pop(name))

    def bind(self, button: QAbstractButton, name: str) -> None:
        """Let ``button`` be this command: its words, its picture, whether it can be pressed and why not."""
        self._buttons.append(bound := _Bound(button, name))
        button.setProperty("command", name)
        button.setCheckable(self._commands[name].is_on is not None)
        button.clicked.connect(lambda: self.do(name))
        button.destroyed.connect(lambda: self._forget(button))
        self._dress(bound, self._words_of(name), ink_of(self._look))

    @contextmanager
    def told_once(self) -> Iterator[None]:
        """Say everything once, at the end of what is done here, however much changes meanwhile."""
        is_first, self._is_doing = not self._is_doing, True
        try:
            yield
        finally:
            self._is_doing = not is_first
        self.refresh()

    def refresh(self) -> None:
        """Say everything again, in the current language and as things are now; once, at its end, while one is done."""
        if self._is_doing:
            return
        told = {name: self._show(name) for name in self._commands}
        ink = ink_of(self._look)
        for bound in self._buttons:
            self._dress(bound, told[bound.name], ink)
        self._withdraw_what_makes_sense()
        self.refreshed.emit()

    def retranslate(self) -> None:
        """Say everything anew: the language is another one."""
        self._known.clear()
        self.refresh()

    # ---------------------------------------------------------------- actions and buttons

    def _action_of(self, command: Command) -> QAction:
        window = self._look
        action = QAction(window)
        action.setObjectName(command.id)
        action.setMenuRole(command.role)
        if command.role is QAction.MenuRole.QuitRole:  # also from a window beside this one, such as an explanation
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        action.setCheckable(command.is_on is not None)
        if command.group:
            self._groups.setdefault(command.group, QActionGroup(self)).addAction(action)
        if not command.waits:
            action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.triggered.connect(lambda: self.do(command.id))
        window.addAction(action)
        return action

    def _do(self, command: Command, key: str = "") -> None:
        with self.told_once():
            if not command.why_not() and self._is_ready(command):
                if command.do_nth is not None and key:
                    command.do_nth(command.keys.index(key))
                else:
                    command.do()

    def _is_ready(self, command: Command) -> bool:
        """Do what comes first; where it is a reason why not, say it, as nothing told of that before."""
        if command.first is None:
            return True
        command.first()
        if why_not := command.why_not():
            self._tell_refused(command, why_not)
        return not why_not

    @property
    def _look(self) -> QWidget:
        """The window, in whose ink icons are drawn."""
        window = self.parent()
        assert isinstance(window, QWidget)
        return window

    def _words_of(self, name: str) -> _Words:
        """Return what is said of a command now; what was put together once is not for another look at a workspace."""
        command = self._commands[name]
        key = name, command.why_not(), tuple([text() for text in command.texts_made])
        if (words := self._known.get(key)) is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            usual = name, "", key[2]
            if (words := self._known.get(usual)) is None:
                words = self._known[usual] = _words_for(command)
            if key != usual:
                words = self._known[key] = words._replace(why_not=key[1], tip=_with_keys(key[1], words.keys))
        return words

    def _show(self, name: str) -> _Words:
        command, action, words = self._commands[name], self._actions[name], self._words_of(name)
        if words is not self._words.get(name):
            self._words[name] = words
            action.setText(words.title)
            action.setEnabled(not words.why_not)
            action.setToolTip(words.tip)
        if command.is_on is not None:
            action.setChecked(command.is_on())
        return words

    def _dress(self, bound: _Bound, words: _Words, ink: Ink) -> None:
        """Give a button what it has not; Qt would lay out and tell the same anew."""
        command, button = self._commands[bound.name], bound.button
        if words is not bound.words:
            bound.words = words
            button.setText(words.short)
            button.setAccessibleName(words.name)
            button.setToolTip(words.tip)
            button.setEnabled(not words.why_not)
        if command.icon is not None and bound.icon != (icon := (command.icon(), ink)):
            bound.icon = icon
            button.setIcon(ink_icon(icon[0], self._look))
        if command.is_on is not None:
            button.setChecked(command.is_on())

    def _forget(self, gone: QAbstractButton) -> None:
        self._buttons = [bound for bound in self._buttons if bound.button is not gone]


def fill(menu: QMenu, actions: Iterable[QAction | None]) -> None:
    """Let ``actions`` of commands stand in ``menu``, and a line for each None."""
    menu.setToolTipsVisible(True)  # which say why a command makes no sense now
    for action in actions:
        if action is None:
            menu.addSeparator()
        else:
            menu.addAction(action)


def menu_of(commands: Iterable[Command], place: QWidget) -> QMenu:
    """Return a context menu of what can be done with ``place``, as things are now; it goes when it is closed."""
    menu = QMenu(place)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)  # which say why a command makes no sense now
    for command in commands:
        why_not = command.why_not()
        action = menu.addAction("\t".join(filter(None, (command.name, command.keys_told))))
        action.setObjectName(command.id)
        action.setEnabled(not why_not)
        action.setToolTip(_with_keys(why_not or _use(command), command.keys_told))
        if command.is_on is not None:
            action.setCheckable(True)
            action.setChecked(command.is_on())
        action.triggered.connect(lambda _checked=False, do=command.do: do())
    return menu


def _words_for(command: Command) -> _Words:
    """Return what is said of ``command`` while it makes sense."""
    keys = command.keys_told
    # What waits is no shortcut of Qt's, but is told where those are.
    title = _said(command.title) + (f"\t{keys}" if command.waits and keys else "")
    return _Words("", title, command.short_label, command.name, keys, _with_keys(_use(command), keys))


def _use(command: Command) -> str:
    """Say what it is for."""
    return _said(command.tip) or command.name


def _with_keys(words: str, keys: str) -> str:
    """Say, behind the first line of ``words``, with which keys."""
    first, _, more = words.partition("\n")
    return "\n".join(filter(None, (f"{first} ({keys})" if keys else first, more)))


def _said(text: Text) -> str:
    return tr(text) if isinstance(text, str) and text else text() if callable(text) else ""
