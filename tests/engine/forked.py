"""Commands in processes of their own, forked from one that has torch and the engine in memory.

Importing them takes a process two seconds of computing. What a beginning or an end of Python itself has to do with what
is tested needs a real one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from typing import IO, Any

_PRELOADED = ["engine.trainer", "engine.cli.training", "tests.engine.searching", "tests.engine.conftest", "optuna"]
_PRELOADED += ["studio.window"]  # where Qt is absent nothing happens, and nobody asks for it


def processes() -> Any:
    """Return what forks: one for all tests, with what they need in memory."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


class Forked:
    """A command under way, asked for as ``subprocess.Popen`` is: ``stdout`` is a pipe, or goes where it is told to.

    With a ``program`` in Python, that is what runs, as by ``python -c``, and ``arguments`` are its own.
    """

    def __init__(
        self,
        arguments: Sequence[object],
        *,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        environment: Mapping[str, str] | None = None,
        program: str | None = None,
    ) -> None:
        self.stdout, out = _pipe(stdout)
        self.stderr, error = (None, out) if stderr == subprocess.STDOUT else _pipe(stderr)
        streams = [None if number is None else _Handed(number) for number in (stdin, out, error)]
        words = [str(argument) for argument in arguments]
        told = (words, {**os.environ, **(environment or {})}, signal.getsignal(signal.SIGHUP), streams, program)
        self._process = processes().Process(target=_work, args=told)
        self._process.start()
        for number, given in ((out, stdout), (error, stderr)):
            if given == subprocess.PIPE and number is not None:
                os.close(number)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("forked", timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.exitcode is None and self._process.pid:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def communicate(self) -> tuple[str, ...]:
        """Return what the command has written by its end: little enough for its pipes."""
        self.wait()
        return _rest(self.stdout), _rest(self.stderr)


def _rest(stream: IO[str] | None) -> str:
    if stream is None:
        return ""
    with stream:
        return stream.read()


def _pipe(asked: int | None) -> tuple[IO[str] | None, int | None]:
    """Return the end to read and the one to write where a pipe is ``asked`` for, and else where to write."""
    if asked != subprocess.PIPE:
        return None, asked
    ours, theirs = os.pipe()
    return open(ours), theirs


class _Handed:
    """A descriptor that the other process gets a copy of."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> Any:
        return _received, (reduction.DupFd(self._number),)


def _received(copy: Any) -> int:
    return copy.detach()


def _work(
    words: list[str], environment: dict[str, str], hang_up: Any, streams: list[int | None], program: str | None
) -> None:
    for number, stream in enumerate(streams):
        if stream is not None:
            os.dup2(stream, number)
            os.close(stream)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  as of what they are now
    sys.stderr = open(2, "w", 1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGHUP, hang_up)
    if program is not None:
        sys.argv = ["-c", *words]
        exec(program, {"__name__": "__main__"})
        return
    import main

    sys.argv = ["main.py", *words]
    sys.exit(main.main())
