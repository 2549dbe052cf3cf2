"""How a person is told which packages wanted to add something and could not, or failed while they were used."""

from __future__ import annotations

from collections.abc import Sequence

from engine import registry
from engine.errors import UserError
from engine.i18n import again, trn
from studio.widgets.messages.message_bar import MessageBar


def tell_what_was_left_out(messages: MessageBar, found: Sequence[UserError]) -> None:
    """Say what was left out; of much only how much, the rest can be copied."""
    if len(found) == 1:
        messages.warn(lambda: again(found[0].message), lambda: again(found[0].hint), about=registry)
    elif found:
        messages.warn(
            lambda: trn(
                "{count} plug-in or recipe was left out.", "{count} plug-ins or recipes were left out.", len(found)
            ),
            lambda: again(found[0].whole),
            "\n".join(fault.whole for fault in found),
            about=registry,
        )
