"""Names what goes wrong in a training, from the run's own rows and judgments, with evidence and cure.

Pure functions: they read a ``RunCurves`` and know no files, no networks and no window.
"""

from engine.diagnosis.curves import RunCurves, curves_of
from engine.diagnosis.diagnosing import diagnose
from engine.diagnosis.health import Health, Recorded
from engine.diagnosis.hindsight import Hindsight
from engine.diagnosis.record import Diagnosis, Evidence, Spell

__all__ = ["Diagnosis", "Evidence", "Health", "Hindsight", "Recorded", "RunCurves", "Spell", "curves_of", "diagnose"]
