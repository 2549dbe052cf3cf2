"""Words that are said of pictures alone."""

from __future__ import annotations

import re

OF_PICTURES = re.compile(
    r"\b(images?|pictures?|pixels?|digits?|drawn|draws?|im[aá]gen(es)?|píxel(es)?|dígitos?|dibuj\w+)\b", re.IGNORECASE
)
