"""What a step points at in this moment: what can be pressed now, on the way to what it is about. Knows no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.model.work_state import WorkState

if TYPE_CHECKING:
    from engine.lessons.player import LessonPlayer

SETUP = "lesson_setup_button"
_TRAIN, _STEP, _PAUSE, _STOP = "train_button", "step_button", "pause_button", "stop_button"

_CHOICES = ("recipe_box", "dataset_box")  # closed while it trains


def aim(player: LessonPlayer, work: WorkState, *, has_run: bool, is_taken: bool, is_stopped: bool = False) -> str:
    """Return the object name of a control, or none: the way there leads by its options, Stop, Train and Resume.

    ``has_run``: a run that counts for the open step is shown; ``is_taken``: its options are those planned;
    ``is_stopped``: Resume lets that run go on.
    """
    step = player.step
    if step is None:
        return ""
    if player.is_done():
        return "" if step.point in (_TRAIN, _STEP) else step.point
    if step.setup is not None and not (has_run and player.has_options) and work is not WorkState.PREPARING:
        if not is_taken:
            return SETUP
        return _TRAIN if work is WorkState.IDLE else _STOP
    if step.point in _CHOICES and work is not WorkState.IDLE and not player.has_options:
        return _STOP
    if step.point == _STEP and work is WorkState.WORKING:
        return _PAUSE
    if (work is WorkState.PAUSED or is_stopped) and has_run and player.needs_training:
        return _PAUSE  # which resumes
    return step.point if step.point != _TRAIN or work is WorkState.IDLE else ""
