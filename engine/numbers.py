"""Numbers as people type them, on the command line and in the window. Knows no option and no widget.

A comma and a point are decimal signs in either language. Signs between thousands are taken where nothing else can be
meant, and never guessed: "1,234" in English is 1.234 or 1234, and only a whole number, or the limits, tell which.
"""

from __future__ import annotations

import re
from decimal import Decimal

from engine.i18n import number, number_format, tr

_LONGEST = 40
_SPACES = re.compile("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t]")
_PLAIN = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([., '])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?")


class NotTaken(ValueError):
    """What was typed is no number that can be meant; the text is a sentence that says which can."""


def read_number(text: str, minimum: float, maximum: float, *, whole: bool) -> float:
    """Return the number that ``text`` means, an ``int`` where it is to be ``whole``; raises ``NotTaken``."""
    found = {value for value in _readings(text, whole=whole) if minimum <= float(value) <= maximum}
    if whole:
        found = {value for value in found if value == value.to_integral_value()}
    if len(found) == 1:
        value = found.pop()
        return int(value) if whole else float(value)
    if found:
        small, large = (number(float(value), ".12g") for value in sorted(found))
        raise NotTaken(tr("This can mean {small} or {large}: write one of them.", small=small, large=large))
    raise NotTaken(limits(minimum, maximum, whole=whole))


def limits(minimum: float, maximum: float, *, whole: bool) -> str:
    """Return the sentence that says which numbers are taken, written so that they could be typed."""
    low, high = typeable(minimum, whole=whole), typeable(maximum, whole=whole)
    if whole:
        return tr("Give a whole number from {minimum} to {maximum}.", minimum=low, maximum=high)
    return tr("Give a number from {minimum} to {maximum}.", minimum=low, maximum=high)


def typeable(value: float, *, whole: bool) -> str:
    """Return ``value`` as a person may type it again, up to twelve digits: thousands apart in whole numbers only."""
    return number(int(value), ",d") if whole else number(value, ".12g")


def _readings(text: str, *, whole: bool) -> set[Decimal]:
    """Return every number that ``text`` can mean."""
    text = _SPACES.sub(" ", text).strip().replace("\N{MINUS SIGN}", "-")
    if len(text) > _LONGEST:
        return set()
    found = set()
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        found.add(Decimal(text.replace(grouped[1], "").replace(",", ".")))
        if whole or grouped[1] in " '":
            return found
    if _PLAIN.fullmatch(text):
        decimal = Decimal(text.replace(",", "."))
        if grouped and grouped[1] == number_format().decimal:
            return {decimal}
        found.add(decimal)
    return found
