"""What a workspace gets instead of the window: the doors to the engine, commands, messages, the time line, settings."""

from __future__ import annotations

from dataclasses import dataclass

from studio.commands import Commands
from studio.panels.epoch_strip import EpochStrip
from studio.services import Services
from studio.settings import Settings
from studio.widgets.message_bar import MessageBar


@dataclass(frozen=True)
class Context:
    """Handed to every workspace when it is built; it knows no workspace and no window."""

    services: Services
    settings: Settings
    commands: Commands
    messages: MessageBar
    timeline: EpochStrip
