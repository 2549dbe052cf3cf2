"""The strips of pictures that are shipped, once they were read: one set for all windows. Knows no Qt, reads no file."""

from __future__ import annotations

from engine.knob_strips import KnobStrip

KNOB_STRIPS: dict[str, KnobStrip] = {}
"""By the names of the options that they are about; empty until a thread has read them."""
