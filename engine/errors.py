"""The one exception for what a person can mend; everything else is a defect and keeps its traceback."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Sequence

from engine.i18n import joined, mark, tr

_ALIKE = 0.7  # of 1, in difflib's measure: "fashionmnist" is like "fashion-mnist", "mnits" like "mnist", "nope" nothing


class UserError(Exception):
    """Something a person can mend: ``message`` says what is wrong, ``hint`` how to mend it.

    Both are whole sentences, already in the person's language, and speak of no command line: who reads them may look at
    the window. ``options`` are those by which a command is told what the hint asks for, where it has them.
    """

    def __init__(self, message: str, hint: str, options: Sequence[str] = ()) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        self.hint = hint
        self.options = tuple(options)

    @property
    def each(self) -> tuple[UserError, ...]:
        """All that it tells: itself, or those that were found at once."""
        return (self,)

    @property
    def whole(self) -> str:
        """Both sentences, which ``engine.i18n.again`` says in another language."""
        return joined(self.message, self.hint)


class UserErrors(UserError):
    """Several that were ``found`` at once; where one alone can be told it is the first."""

    def __init__(self, found: Sequence[UserError]) -> None:
        super().__init__(found[0].message, found[0].hint, found[0].options)
        self._found = tuple(found)

    @property
    def each(self) -> tuple[UserError, ...]:
        """Those that were found."""
        return self._found


class DiskError(UserError):
    """A file could not be written (full disk, missing folder, permission); training may go on once mended."""


def unknown_name(message: str, name: str, known: Iterable[str]) -> UserError:
    """Say with ``message`` that nothing is called ``name``, and offer the nearest of ``known``, or all."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=_ALIKE)
    if near:
        return UserError(message, tr("Did you mean {known}?", known=near[0]))
    return UserError(message, tr("Choose one of: {choices}.", choices=", ".join(names)))


# What the system says in its own language, which need not be the person's.
_REASONS = {
    errno.ENOENT: mark("it does not exist"),
    errno.EACCES: mark("permission is missing"),
    errno.EPERM: mark("that is not permitted"),
    errno.EROFS: mark("it can only be read"),
    errno.ENOSPC: mark("the disk is full"),
    errno.EDQUOT: mark("the disk space that you may use is full"),
    errno.ENOTDIR: mark("part of the path is not a folder"),
    errno.EISDIR: mark("it is a folder"),
    errno.EEXIST: mark("it exists already"),
    errno.EINVAL: mark("the name or the kind of file is not allowed here"),
    errno.ENAMETOOLONG: mark("the name is too long"),
    errno.ELOOP: mark("its links lead in a circle"),
    errno.EIO: mark("the device does not answer as it should"),
    errno.EMFILE: mark("too many files are open"),
    errno.ENFILE: mark("too many files are open"),
    errno.EBUSY: mark("another program is using it"),
    errno.ETXTBSY: mark("another program is using it"),
    errno.EFBIG: mark("it would become too large for this disk"),
    errno.ENODEV: mark("the device is gone"),
    errno.ENXIO: mark("the device is gone"),
    errno.EPIPE: mark("nobody reads it any more"),
    errno.ETIMEDOUT: mark("there was no answer in time"),
    errno.ECONNREFUSED: mark("the other side refused the connection"),
    errno.ECONNRESET: mark("the other side broke the connection"),
    errno.ENETUNREACH: mark("the network cannot be reached"),
    errno.EHOSTUNREACH: mark("the network cannot be reached"),
}


def reason(error: BaseException) -> str:
    """Return why the system refused, as part of a sentence: in the person's language where it is one of the usual."""
    known = _REASONS.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    return tr(known) if known else str(getattr(error, "strerror", None) or error)
