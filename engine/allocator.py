"""How the C library hands out memory to a training. Knows no torch."""

from __future__ import annotations

import ctypes
import platform

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8  # as malloc.h numbers them
_KEPT_BYTES = 512 * 2**20
_OWN_PIECE_BYTES = 32 * 2**20  # the most that glibc takes
_HEAP_BYTES = 64 * 2**20  # of an arena that is not the first: a thread other than the first trains in such heaps
_ARENAS = 2


def keep_memory() -> None:
    """Let this process keep the memory that tensors give back, for the tensors of the next step.

    Left alone, glibc returns what is large to the system at once, and the next step has the system clear it again,
    page by page: a third of the time of ``dcgan-fashion`` on a CPU. A heap that is empty between two steps goes back
    as well, however much may be kept, unless the one before it has less room left than is to be asked for at once.
    Other C libraries stay as they are.
    """
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _OWN_PIECE_BYTES)
        library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        library.mallopt(_TOP_PAD, _HEAP_BYTES)


def share_arenas() -> None:
    """Let all threads of this process share two arenas; called before there are threads, it holds for all.

    Left alone, glibc gives every new thread an arena of its own, up to eight for each core, and each keeps what it
    once held: with every training the window had 10 to 60 MB more, 828 instead of 635 after eight.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return to the system what no tensor of this process holds, after a training that needed much of it.

    The next one need not be as large, and other threads keep free memory of their own.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
