"""Start and stop of the window, as readable lists."""

from __future__ import annotations

import sys
from types import TracebackType

from engine.errors import UserError
from engine.i18n import tr
from studio import system_check


def run() -> int:
    """Open the window and return the exit code."""
    try:
        system_check.check()
    except UserError as error:
        print(tr("Error:"), error, file=sys.stderr)
        return 1
    if sys.platform == "win32":
        import torch  # noqa: F401 - on Windows torch must come before Qt (WinError 1114)

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from studio import language, theme
    from studio.main_window import MainWindow
    from studio.settings import Settings

    application = QApplication(sys.argv)
    application.setApplicationName("Duelo")
    application.setDesktopFileName("duelo")
    application.setWindowIcon(theme.icon())
    settings = Settings()
    theme.set_scheme(settings.scheme)
    language.switch(settings.language)
    window = MainWindow(settings)
    _show_exceptions_in(window)
    window.show()
    QTimer.singleShot(0, window.wake)
    return application.exec()


def _show_exceptions_in(window: object) -> None:
    """Show what no code expected in the window's message bar, instead of losing it."""
    from studio.main_window import MainWindow
    from studio.worker import failure

    assert isinstance(window, MainWindow)

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, traceback)
        found = failure(error)
        window.message_bar.warn(found.message, found.hint, found.details)

    sys.excepthook = hook
