"""What an option does, as part of a page of help: pictures of trainings, where the value of the form stands, troubles.

It reads the value from a property of the control, and knows no form.
"""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QWidget

from engine.i18n import number, tr
from studio.model.knob_strips import KNOB_STRIPS
from studio.text.knobs import now_told, strip_told, trouble_told

KNOB, KNOB_VALUE = "knob", "knob_value"
"""The properties under which a control tells which option it edits, and the value that it has now."""
_SCHEME = "knob"


def has_card(control: QWidget) -> bool:
    """Whether ``control`` edits an option of which there are pictures."""
    return control.property(KNOB) in KNOB_STRIPS


def card(control: QWidget) -> str:
    """Return the card of the option that ``control`` edits as HTML, nothing where there is none."""
    if not has_card(control):
        return ""
    name, value = str(control.property(KNOB)), float(control.property(KNOB_VALUE))
    strip = KNOB_STRIPS[name]
    bad = "".join(
        f"<li><b>{escape(number(picture.value))}</b> · {escape(told)}</li>"
        for picture in strip.pictures
        if (told := trouble_told(strip, picture))
    )
    return (
        f"<p>{escape(strip_told(strip))}</p>"
        f'<p align="center"><img src="{_SCHEME}:{name}:{value!r}"/></p>'
        f"<p><b>{escape(now_told(strip, value))}</b></p>"
    ) + (f"<p>{escape(tr('What went wrong in those that failed:'))}</p><ul>{bad}</ul>" if bad else "")


def asked(url: str) -> tuple[str, float] | None:
    """Return the option and the value that the address of a picture asks for, None where it is another one's."""
    scheme, _, rest = url.partition(":")
    name, _, value = rest.partition(":")
    return (name, float(value)) if scheme == _SCHEME and name in KNOB_STRIPS else None
