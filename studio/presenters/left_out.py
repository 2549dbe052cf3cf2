"""Tells a person what could not be taken, packages, recipes, a teacher's files: in a sentence, or a list of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from engine import registry
from engine.errors import UserError
from engine.i18n import again, number, tr, trn
from studio.widgets.messages.message_bar import MessageBar

_MOST_LINES = 6  # of a list in the message bar; all of it can be copied


def tell_what_was_left_out(messages: MessageBar, found: Sequence[UserError]) -> None:
    """Say which packages wanted to add something and could not, or failed while they were used."""
    tell_all(
        messages,
        lambda count: trn(
            "{count} plug-in or recipe was left out.", "{count} plug-ins or recipes were left out.", count
        ),
        found,
        registry,
    )


def tell_all(messages: MessageBar, head: Callable[[int], str], found: Sequence[UserError], about: Hashable) -> None:
    """Tell all that was ``found``: one as it is, several in lines below ``head``, which says how many."""
    if len(found) == 1:
        messages.warn(lambda: again(found[0].message), lambda: again(found[0].hint), about=about)
    elif found:
        messages.warn(
            lambda: head(len(found)), lambda: _lines(found), "\n".join(fault.whole for fault in found), about=about
        )


def _lines(found: Sequence[UserError]) -> str:
    lines = [again(fault.whole) for fault in found[:_MOST_LINES]]
    if more := len(found) - len(lines):
        lines.append(tr("And {count} more, in what “Copy details” copies.", count=number(more)))
    return "".join(f"\n{line}" for line in lines)
