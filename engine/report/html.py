"""The little HTML that a report is made of: read by browsers, and by Qt's rich text, which knows few styles."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from PIL import Image

from engine.arrays import Picture

# Light or dark as the reader's browser is, pictures with the ground that they bring; paper is white.
_STYLE = """:root { color-scheme: light dark; } @media print { :root { color-scheme: light; } }
body { font-family: sans-serif; max-width: 60em; margin-inline: auto; padding: 0 1em; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 2px 10px 2px 0; vertical-align: top; }
th { border-bottom: 1px solid; } img { max-width: 100%; }"""


class Section(NamedTuple):
    """A heading and what stands below it, as HTML; printed, a page begins with it where that is large."""

    title: str
    parts: Sequence[str]
    is_large: bool = False


def page(title: str, language: str, sections: Iterable[Section]) -> str:
    """Return the whole page."""
    body = "".join(f"{_heading(it)}\n{''.join(it.parts)}\n" for it in sections)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    top = f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}</head>\n'
    return f"{top}<body><h1>{escape(title)}</h1>\n{body}</body></html>\n"


def _heading(section: Section) -> str:
    style = ' style="page-break-before: always"' if section.is_large else ""
    return f"<h2{style}>{escape(section.title)}</h2>"


def paragraph(text: str) -> str:
    """Return ``text`` as a paragraph."""
    return f"<p>{escape(text)}</p>\n" if text else ""


def listed(texts: Iterable[str]) -> str:
    """Return texts as a list."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>\n" if items else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; without ``heads`` the first cell of each row is its name. On paper, heads stand on each page."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>\n" for row in rows)
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}\n{lines}</table>\n"


def image(picture: Picture, words: str, width: int) -> str:
    """Return a picture uint8 ``[H, W, 3]`` that is in the page itself, shown up to ``width`` pixels wide."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    width = min(width, picture.shape[1])  # larger it would be blurred
    return f'<p><img src="data:image/png;base64,{data}" width="{width}" alt="{escape(words, quote=True)}"></p>\n'
