"""The explanations behind every “?”, by their names."""

from __future__ import annotations

from studio.help.compare_topics import COMPARE
from studio.help.explore_topics import TOOLS
from studio.help.option_topics import GROUPS
from studio.help.panel_topics import PANELS
from studio.help.style_topics import STYLE
from studio.help.topic import Topic


def group_topic(group: str) -> str:
    """Return the name of the topic that explains a group of options."""
    return f"options.{group}"


TOPICS: dict[str, Topic] = (
    PANELS | COMPARE | TOOLS | STYLE | {group_topic(name): topic for name, topic in GROUPS.items()}
)
