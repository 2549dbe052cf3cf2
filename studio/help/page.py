"""A page of help as text: an explanation, and what the controls of a part of the window say of themselves.

It reads widgets and knows none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtWidgets import QAbstractButton, QGroupBox, QLabel, QTabBar, QTabWidget, QWidget

from engine.i18n import tr
from studio.help.knob_card import card
from studio.help.topic import Topic
from studio.help.topics import TOPICS

TOPIC = "help_topic"
"""The property under which a widget tells the name of its topic."""


def topic_of(widget: QWidget | None) -> str:
    """Return the name of the topic that explains where ``widget`` stands; that of the window if no other does."""
    widget = _page_below(widget) or widget
    while widget is not None:
        name = widget.property(TOPIC)
        if name in TOPICS:
            return str(name)
        widget = None if widget.isWindow() and widget.parentWidget() is None else widget.parentWidget()
    return "window"


def topic_page(topic: str, place: QWidget | None = None) -> str:
    """Return the explanation ``topic`` as HTML, and what the controls in ``place`` say of themselves."""
    told = "".join(_told(name, tip) for name, tip in _explained_in(place)) if place is not None else ""
    heading = f"<h3>{escape(tr('What stands here'))}</h3>" if told else ""
    return _explanation(TOPICS[topic]) + heading + told


def control_page(control: QWidget) -> str:
    """Return what ``control`` is and does as HTML, and after it the explanation of where it stands."""
    topic = topic_of(control)
    if _page_below(control) or (isinstance(control, QAbstractButton) and control.property(TOPIC)):
        return topic_page(topic)  # tabs and a “?” are there for what they belong to
    name, tip = _name_of(control), _tip_of(control)
    first = f"<h2>{escape(name or tr('What has the focus'))}</h2>"
    about = _paragraphs(tip or control.accessibleDescription())
    if not about and name in ("", title_of(topic)):
        first = ""
    return first + about + card(control) + topic_page(topic)


def _page_below(widget: QWidget | None) -> QWidget | None:
    """Return the page in front if ``widget`` is the row of tabs by which one turns to it."""
    tabs = widget.parentWidget() if isinstance(widget, QTabBar) else None
    return tabs.currentWidget() if isinstance(tabs, QTabWidget) else None


def title_of(topic: str) -> str:
    """Return what a topic is called in the current language."""
    return tr(TOPICS[topic].title)


def _explanation(topic: Topic) -> str:
    picture = f'<p align="center"><img src="{topic.picture}"/></p>' if topic.picture else ""
    parts = (
        (tr("What to look for"), topic.look),
        (tr("What is good"), topic.good),
        (tr("What is bad"), topic.bad),
    )
    said = "".join(f"<p><b>{escape(lead)}:</b> {escape(tr(text))}</p>" for lead, text in parts)
    return f"<h2>{escape(tr(topic.title))}</h2><p>{escape(tr(topic.shows))}</p>{picture}{said}"


def _told(name: str, tip: str) -> str:
    return f"<p><b>{escape(name)}</b><br/>{_lines(tip)}</p>"


def _paragraphs(text: str) -> str:
    return f"<p>{_lines(text)}</p>" if text else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _explained_in(place: QWidget) -> Iterator[tuple[str, str]]:
    """Yield name and explanation of each control in ``place`` that is shown and has any, each text once."""
    seen: set[str] = set()
    for widget in _parts(place):
        name, tip = _name_of(widget), widget.toolTip()
        if name and tip and tip not in seen and tip != name:
            seen.add(tip)
            yield name, tip


def _parts(place: QWidget) -> Iterator[QWidget]:
    """Yield what is in ``place``, from the top down, save what has an explanation of its own."""
    children = (it for it in place.children() if isinstance(it, QWidget) and not it.isWindow() and not it.isHidden())
    for child in sorted(children, key=lambda it: (it.y(), it.x())):
        if child.property(TOPIC) is None:
            yield child
            yield from _parts(child)


def _name_of(widget: QWidget) -> str:
    """Return what a control is called: as screen readers tell it, or as it is written on it or beside it."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text().replace("&", "").removesuffix("•").rstrip()
    return widget.title() if isinstance(widget, QGroupBox) else ""


def _tip_of(control: QWidget) -> str:
    """Return the explanation of ``control``, or the nearest one around it that is no whole panel's."""
    widget: QWidget | None = control
    while widget is not None and not widget.isWindow() and widget.property(TOPIC) is None:
        if isinstance(widget, QTabWidget) and widget.tabToolTip(widget.currentIndex()):
            return widget.tabToolTip(widget.currentIndex())
        if widget.toolTip():
            return widget.toolTip()
        widget = widget.parentWidget()
    return ""
