"""One window for a class: who opens the class once more brings the window that is there to the front.

The first process holds a lock, which goes with it however it ends, and listens; another one calls it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QDir, QLockFile
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from engine import files
from engine.class_file import ClassFile

_HERE = b"here"
_CALL_MS, _AGAIN_MS = 500, 50
_PATIENCE_MS = 10_000  # of a window that is still being built; one that hangs is not waited for


class ClassDoor:
    """The door of the class ``found`` for all that is kept in one home: only one window stands at it.

    ``name`` is that of the socket among the temporary files, and of the lock beside it.
    """

    def __init__(self, found: ClassFile) -> None:
        about = f"{files.home()}\n{found.model_dump_json()}"
        self.name = f"duelo-{hashlib.sha256(about.encode()).hexdigest()[:16]}"
        self._lock = QLockFile(QDir.temp().filePath(f"{self.name}.lock"))
        self._lock.setStaleLockTime(0)  # however long it is held; not that of a process that is gone
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Stand at it, unless another window does; return whether that worked."""
        if self._lock.isLocked() or self._lock.tryLock(0):
            return True
        return self._lock.error() != QLockFile.LockError.LockFailedError  # where nobody can lock, nobody is in the way

    def call(self, patience: int = _PATIENCE_MS) -> bool:
        """Ask the window that stands at it to come to the front; return whether it did within ``patience`` ms."""
        deadline = QDeadlineTimer(patience)
        while not deadline.hasExpired() and not self.take():
            socket = QLocalSocket()
            socket.connectToServer(self.name)
            is_there = socket.waitForConnected(_CALL_MS)
            while is_there and not socket.waitForReadyRead(_AGAIN_MS) and not deadline.hasExpired():
                is_there = socket.state() == QLocalSocket.LocalSocketState.ConnectedState
            if is_there and bytes(socket.readAll().data()) == _HERE:
                return True
            time.sleep(_AGAIN_MS / 1000)
        return False

    def answer(self, come: Callable[[], object]) -> None:
        """Let ``come`` bring the window to the front whenever another one calls."""
        QLocalServer.removeServer(self.name)  # of one that was killed
        self._server = server = QLocalServer()
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

        def on_called() -> None:
            caller = server.nextPendingConnection()
            caller.disconnected.connect(caller.deleteLater)
            come()
            caller.write(_HERE)
            caller.disconnectFromServer()

        server.newConnection.connect(on_called)
        server.listen(self.name)

    def close(self) -> None:
        """Leave it to others."""
        if self._server is not None:
            self._server.close()
        self._server = None
        self._lock.unlock()
