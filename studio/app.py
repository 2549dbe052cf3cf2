"""Start and stop of the window, as readable lists."""

from __future__ import annotations

import builtins
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, cast

from engine import registry
from engine.allocator import share_arenas
from engine.errors import UserError
from engine.i18n import tr
from engine.recipes import own
from engine.signals import on_signals
from studio import garbage, system_check

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from engine.class_file import ClassFile
    from studio.window import MainWindow

_PATIENCE_SECONDS = 0.2
"""For all threads together that hold nothing that could be lost, once the window is gone."""
_MANY_SIGNALS = 64


def run(found: ClassFile | UserError | None = None) -> int:
    """Open the window, in the class ``found`` if there is one, and return the exit code; an error is told in it.

    A window in which that class is open already comes to the front instead.
    After one that shall begin anew comes another one, made as at any start: whatever there is in it is reset by that.
    """
    try:
        system_check.check()
    except UserError as error:
        print(tr("Error:"), error, file=sys.stderr)
        return 1
    _import_qt()
    door = None
    if found is not None and not isinstance(found, UserError):
        from studio.class_door import ClassDoor

        door = ClassDoor(found)
        if not door.take() and door.call():
            return 0
    window, code = _shown(lambda window: window.classroom.enter(found, door) if found is not None else None)
    while window.classroom.begins_anew:
        window, code = _shown(lambda window: window.classroom.tell_of_reset())
    window.classroom.leave()
    return left(code)


def _shown(begin: Callable[[MainWindow], object]) -> tuple[MainWindow, int]:
    """Open a window, to which ``begin`` does something first; return it once it is closed, and the exit code."""
    from PySide6.QtCore import QTimer

    application, window = build(sys.argv)
    begin(window)
    # The window is never half-way through something when it closes.
    with _awake_for_signals(), on_signals(lambda *_: QTimer.singleShot(0, window.save_and_close)):
        window.estimates.time_where_nothing_is_known()
        window.show()
        QTimer.singleShot(0, window.wake)
        code = application.exec()
        window.services.wait(_PATIENCE_SECONDS)
    return window, code


@contextmanager
def _awake_for_signals() -> Iterator[None]:
    """Run a little Python whenever a signal comes: that is when Python hears of it, and Qt alone would sleep on."""
    from PySide6.QtCore import QSocketNotifier

    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: ours.recv(_MANY_SIGNALS))
    before = signal.set_wakeup_fd(theirs.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()


def left(code: int) -> int:
    """Return ``code``, or end at once where a thread still waits for a server, a disk or an import.

    An interpreter that ends below such a thread can crash in its last breath; all that matters is saved by now.
    """
    if any(thread is not threading.current_thread() for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        os._exit(code)
    return code


def build(arguments: list[str]) -> tuple[QApplication, MainWindow]:
    """Return the application and its window, not yet shown.

    There is no garbage at the start, and looking through all that is loaded takes 50 ms of it.
    """
    share_arenas()
    garbage.only_when_asked()
    _import_qt()
    from PySide6.QtWidgets import QApplication

    from studio import language, text_size, theme
    from studio.early_keys import EarlyKeys
    from studio.presenters.left_out import tell_what_was_left_out
    from studio.settings import Settings
    from studio.widgets.base.styles import wear
    from studio.window import MainWindow

    application = cast(QApplication, QApplication.instance()) or QApplication(arguments)
    application.setApplicationName("Duelo")
    application.setDesktopFileName("duelo")
    application.setWindowIcon(theme.icon())
    wear(application)
    own.load()
    settings = Settings()
    theme.set_scheme(settings.scheme)
    language.switch(settings.language)
    text_size.show(settings.text_size)
    window = MainWindow(settings, later=True)
    EarlyKeys(window.building)
    show_exceptions_in(window)
    tell_what_was_left_out(window.message_bar, registry.news())
    return application, window


def _import_qt() -> None:
    """Import Qt without its watch over all imports.

    For switches that nobody here uses (``from __feature__ import …``) it would read the source of every module that is
    imported later, and keep it: a tenth of the start, a quarter of a second with torch, and 40 MB.
    """
    if sys.platform == "win32":
        import torch  # noqa: F401 - there torch must come first (WinError 1114)
    before = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = before


def show_exceptions_in(window: MainWindow) -> None:
    """Show what no code expected in the window's message bar, instead of losing it.

    What fails at one place again and again, such as twice a second, is told once.
    """
    from studio.workers.failure import failure

    told: set[tuple[type[BaseException], str, int]] = set()

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        place = (kind, *_place(traceback))
        if place in told:
            return
        told.add(place)
        sys.__excepthook__(kind, error, traceback)
        found = failure(error)
        with suppress(RuntimeError):  # the window may be gone by now
            window.message_bar.warn(found.message, found.hint, found.details)

    sys.excepthook = hook


def _place(traceback: TracebackType | None) -> tuple[str, int]:
    """Return file and line where an exception was raised."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno) if traceback else ("", 0)
