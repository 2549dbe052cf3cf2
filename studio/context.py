"""What a workspace gets instead of the window: services, plan, commands, messages, the time line, settings."""

from __future__ import annotations

from dataclasses import dataclass

from studio.commands import Commands
from studio.model.plan import Plan
from studio.panels.epoch_strip import EpochStrip
from studio.presenters.pictures import Pictures
from studio.presenters.runs import Runs
from studio.presenters.troubles import Troubles
from studio.services import Services
from studio.settings import Settings
from studio.widgets.messages.message_bar import MessageBar


@dataclass(frozen=True)
class Context:
    """Handed to every workspace when it is built; it knows no workspace and no window."""

    services: Services
    plan: Plan
    commands: Commands
    messages: MessageBar
    timeline: EpochStrip
    settings: Settings
    runs: Runs
    pictures: Pictures
    troubles: Troubles
