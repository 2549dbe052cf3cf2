"""How networks grow: the sides of their levels, and which level they have reached when. Knows no torch."""

from __future__ import annotations


def levels(size: int) -> list[int]:
    """Return the sides of an image's levels, the smallest first: each is half of the next.

    The side is halved while it is even and the half is no smaller than 7, or than 4 where no half is as large as 7.
    """
    smallest = 7 if size >= 14 else 4
    sides = [size]
    while sides[0] % 2 == 0 and sides[0] // 2 >= smallest:
        sides.insert(0, sides[0] // 2)
    return sides


def level_at(share: float, end: float, levels: int) -> float:
    """Return the level, 0 to ``levels - 1``, after ``share`` (0 to 1) of the training, all of them done at ``end``.

    The time up to ``end`` has ``2 · levels - 1`` equal parts: stay, fade, stay, …, stay, as in Karras et al., 2018,
    arXiv:1710.10196. While level i fades in at α, the level is i - 1 + α.
    """
    if share >= end:
        return float(levels - 1)
    part, progress = divmod(share / end * (2 * levels - 1), 1)
    whole, fades = divmod(int(part), 2)
    return whole + progress if fades else float(whole)
