"""Names what goes wrong in a training, from the run's own rows and judgements, with evidence and cure.

Pure functions: they read a ``Course`` and know no files, no networks and no window.
"""

from engine.diagnosis.curves import Course, course_of
from engine.diagnosis.diagnosing import diagnose
from engine.diagnosis.health import Health, Recorded
from engine.diagnosis.hindsight import Hindsight
from engine.diagnosis.record import Diagnosis, Evidence, Spell

__all__ = ["Course", "Diagnosis", "Evidence", "Health", "Hindsight", "Recorded", "Spell", "course_of", "diagnose"]
