"""What typer says of a command that was typed wrongly, and the headings of its help, in the person's language."""

from __future__ import annotations

import re
from typing import Any

import typer

from engine.i18n import mark, tr
from engine.text import plain

_SENTENCES = (  # typer's, of which it translates few, each with ours
    (r"No such command '(?P<name>.*?)'\.", mark("There is no command “{name}”.")),
    (
        r"No such command '(?P<name>.*?)'\. Did you mean (?P<others>.*)\?",
        mark("There is no command “{name}”. Did you mean {others}?"),
    ),
    (r"No such option: (?P<name>\S+)", mark("There is no option {name}.")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<others>.*)\)",
        mark("There is no option {name}. Did you mean {others}?"),
    ),
    (r"Missing argument '(?P<name>.*)'\.", mark("The command needs one word more: {name}.")),
    (r"Missing option '(?P<name>.*)'\.", mark("The command needs the option {name}.")),
    (r"Missing command\.", mark("The command needs one word more, of those that its help lists.")),
    (r"Got unexpected extra argument\(s\) \((?P<names>.*)\)", mark("The command takes no more words: “{names}”.")),
    (r"Option '(?P<name>.*)' requires an argument\.", mark("The option {name} needs a value.")),
    (r"Option '(?P<name>.*)' does not take a value\.", mark("The option {name} takes no value.")),
    (r"Invalid value for '(?P<name>.*?)': Input should be a valid integer\b.*", mark("{name} must be a whole number.")),
    (r"Invalid value for '(?P<name>.*?)': Input should be a valid number\b.*", mark("{name} must be a number.")),
    (r"Invalid value for '(?P<name>.*?)': (?P<why>.*)", mark("{name} cannot be that: {why}")),
)
_HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "DEFAULT_STRING": mark("[default: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
}


def told(error: typer.TyperException) -> str:
    """Return what is wrong with the command that was typed."""
    said = plain(error.format_message())
    if not said:  # a group of commands alone: its help has been printed
        return tr("The command needs one word more, of those that its help lists.")
    for pattern, ours in _SENTENCES:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return tr(ours, **{key: _quoted(word) for key, word in found.groupdict().items()})
    return said


def _quoted(words: str) -> str:
    """Return ``words`` with the quotes of the person's language where typer puts its own around each."""
    return re.sub(r"'([^']*)'", lambda found: tr("“{name}”", name=found[1]), words)


def translate_headings(formatter: Any) -> None:
    """Let ``formatter``, and the frames of typer, head what they list in the person's language."""
    from typer import rich_utils

    for name, heading in _HEADINGS.items():
        setattr(rich_utils, name, tr(heading))
    section = formatter.section
    formatter.section = lambda name: section(tr(name))
