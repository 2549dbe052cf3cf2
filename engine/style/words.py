"""What a style transfer says to a person. Knows neither window nor terminal."""

from __future__ import annotations

from engine.i18n import number, tr
from engine.style.events import StepUndone


def undone(event: StepUndone) -> str:
    """Say that a step was undone, and what is done about it."""
    return tr(
        "Step {step} made the numbers too large: it was undone, and steps are {share} of what they were.",
        step=number(event.step),
        share=number(event.rate, ".2%"),
    )
