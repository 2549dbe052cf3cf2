"""The options of the next training, whoever edits and whoever shows them. Knows no form, and nothing that trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config import Config
from studio.model.announcement import Announcement


class Plan:
    """``config`` is what Train begins with; ``is_sensible`` whether its options make sense together.

    Whoever edits it sets both; ``replaced`` says that it shall show other options, ``changed`` that a person set one.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.is_sensible = True
        self.replaced = Announcement[[]]()
        self.changed = Announcement[[str, object]]()
        """The name of an option and its value."""
        self.edited = Announcement[[str, Config, Config]]()
        """The option that a person set, and the options before and after; it comes before ``changed``."""
        self.sensible_changed = Announcement[[]]()
        self.locked: frozenset[str] = frozenset()
        """Options that a class keeps as they are."""
        self.hidden: frozenset[str] = frozenset()
        """Options that a class leaves out of sight."""
        self.restricted = Announcement[[]]()
        """Other options are locked or hidden than before."""
        self.about_to_be_used = Announcement[[]]()
        """What is still being typed belongs to it."""

    def replace(self, config: Config) -> None:
        """Plan with other options."""
        self.config = config
        self.replaced()

    def restrict(self, locked: frozenset[str], hidden: frozenset[str]) -> None:
        """Keep these options as they are, or out of sight."""
        self.locked, self.hidden = locked, hidden
        self.restricted()

    def with_locks(self, config: Config) -> Config:
        """Return ``config`` with what a class keeps, as it is now."""
        return config.changed(**{name: getattr(self.config, name) for name in self.locked})

    def free(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of ``values`` that a class leaves to the student."""
        return {name: value for name, value in values.items() if name not in self.locked}

    def set_sensible(self, is_sensible: bool) -> None:
        """Take up whether the options make sense together."""
        if is_sensible != self.is_sensible:
            self.is_sensible = is_sensible
            self.sensible_changed()

    def finish(self) -> Config:
        """Return the options with what is still being typed."""
        self.about_to_be_used()
        return self.config
