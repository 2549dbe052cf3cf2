"""Tells before Train how long a training will take and how much memory, and measures those that run.

Where none ran yet, it trains for a moment itself, as soon as nothing else happens: a machine may be ten times slower
than the one of the table of recipes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DATASETS
from engine.events import Finished, Started, StepStage, Tick
from studio.model.measurements import Estimate, speed_from_table
from studio.model.plan import Plan
from studio.services import Services
from studio.services.readers import CostRead
from studio.settings import Settings
from studio.widgets.base.object_names import set_object_name

_SETTLE_MS = 200  # an arrow held down in a box begins one estimate, not ten
_STALE_MS = 500  # from then on nothing is told rather than what the options before would take
_QUIET_MS = 1000  # whoever opens the window looks first, and may train at once
_ENOUGH_SECONDS = 5.0  # of a training that was cut short or disturbed: what is left of less is mostly first steps


class Estimates(QObject):
    """Estimates what the plan will take whenever it changes; ``current`` is None while that is not known."""

    changed = Signal()

    def __init__(self, services: Services, plan: Plan, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services, self._plan, self._settings = services, plan, settings
        self.current: Estimate | None = None
        self._counted: CostRead | None = None
        self._started: Started | None = None
        self.measured: tuple[Config, float] | None = None
        """What the training that ended last did, in images per second, until it is noted."""
        self._newest: Tick | None = None
        self._images, self._seconds = 0, 0.0  # while all threads that there are trained
        self._begun: Tick | None = None
        self._is_sound, self._is_finished = True, False  # with all threads, and to its end
        self._is_slowed = False  # since the tick before
        self._memory = 0
        self._due = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._due.timeout.connect(self._ask)
        self._waits = set_object_name(QTimer(self, interval=_STALE_MS, singleShot=True), "stale")
        self._waits.timeout.connect(self._forget)
        self._unmeasured = set_object_name(QTimer(self, interval=_QUIET_MS, singleShot=True), "unmeasured")
        self._unmeasured.timeout.connect(self._time)
        self._may_time = False
        self._untimed: Config | None = None
        """With these options a moment of training told nothing."""
        plan.replaced.connect(self.refresh)
        services.known_images.changed.connect(self.refresh)
        services.images.cost_read.connect(self._on_cost_read)
        services.images.timed.connect(self._on_timed)
        services.training.state_changed.connect(self._leave_the_cores)
        services.training.started.connect(self._on_started)
        services.training.stage_reached.connect(self._on_stage)
        services.training.ticked.connect(self._on_ticked)
        services.training.finished.connect(self._on_finished)
        services.training.stopped.connect(self._on_stopped)

    def refresh(self) -> None:
        """Estimate anew, soon: options or images are other ones."""
        self._due.start()
        if not self._waits.isActive():
            self._waits.start()

    def time_where_nothing_is_known(self) -> None:
        """From now on, train for a moment where no training on this machine tells how fast one is, and then tell it."""
        self._may_time = True

    def find_speed(self, config: Config, tell: Callable[[float], object]) -> None:
        """Find out how many images a second a training with ``config`` learns from, and ``tell`` it.

        0 where no training on this machine says anything of it.
        """

        def answer(counted: CostRead | None) -> None:
            tell((self._speed_here(counted) if counted else None) or 0.0)

        self._services.images.count_cost(config, self._facts(config), answer)

    def _forget(self) -> None:
        if self.current is not None and self.current.config != self._plan.config:
            self.current = None
            self.changed.emit()

    # --- telling

    def _ask(self) -> None:
        if not self._services.training.is_busy:
            config = self._plan.config
            self._services.images.read_cost(config, self._facts(config))

    def _facts(self, config: Config) -> DatasetInfo:
        """Return what is known of the images before they are read."""
        known = DATASETS.get(config.dataset)
        names = known.class_names if known else ()
        names = tuple(names[label] for label in config.classes if label < len(names)) or names
        count = self._services.known_images.count(config)
        if not count and known:
            count = known.image_count * len(names) // max(len(known.class_names), 1)
            count = min(count, config.max_images or count)
        if known and known.origin != "folder":
            return DatasetInfo(count, names, known.channels, known.size)
        return DatasetInfo(count, names, 1 if config.image_color == "gray" else 3, config.image_size)

    def _on_cost_read(self, counted: CostRead) -> None:
        self._note(counted)
        if counted.config == self._plan.config:  # else it was asked for others since, and those may be known already
            self._counted = counted
            self._show()

    def _show(self) -> None:
        counted = self._counted
        if counted is None or counted.config != self._plan.config:
            return
        config, here = counted.config, self._speed_here(counted)
        measured, is_measured = self._settings.measurements.of(config), here is not None
        speed = here or _told(counted)
        memory = measured[1] if measured else counted.resident + counted.cost.bytes
        images = config.total_images or config.epochs * counted.image_count
        is_awaited = self._may_time and not is_measured and config != self._untimed
        seconds = images / speed if images and not is_awaited else None
        self.current = Estimate(config, seconds, memory, is_measured)
        self.changed.emit()
        if is_awaited:
            self._unmeasured.start()

    def _speed_here(self, counted: CostRead) -> float | None:
        """Return images/s as trainings on this machine say, the same or others; None where there was none."""
        measurements = self._settings.measurements
        measured, factor = measurements.of(counted.config), measurements.factor(counted.config)
        if measured:
            return measured[0]
        return None if factor is None else factor * _told(counted)

    # --- timing

    def _time(self) -> None:
        counted, training = self._counted, self._services.training
        if counted is None or counted.config != self._plan.config or training.is_busy:
            return
        if training.why_not():  # the cores are taken
            self._on_timed(counted.config, 0.0)
        else:
            self._services.images.time_training(counted.config)

    def _leave_the_cores(self) -> None:
        if self._services.training.is_busy:
            self._unmeasured.stop()
            self._services.images.stop_timing()

    def _on_timed(self, config: Config, speed: float) -> None:
        counted = self._counted
        if counted is None or counted.config != config:
            return
        if speed:
            self._settings.measurements = self._settings.measurements.timed(config, speed, _told(counted))
        else:
            self._untimed = config
        self._show()

    # --- measuring

    def _on_started(self, started: Started) -> None:
        self._started, self._newest, self._begun = started, None, None
        self._images, self._seconds = 0, 0.0
        self._is_sound, self._is_finished, self._is_slowed = True, False, False
        self._memory = self._services.training.resident

    def _on_ticked(self, tick: Tick) -> None:
        before, self._newest = self._newest, tick
        self._begun = self._begun or tick
        self._is_sound &= _has_all_threads(tick)
        is_usual, self._is_slowed = not self._is_slowed and _has_all_threads(tick), False
        if before and before.images_seen < tick.images_seen and is_usual and _has_all_threads(before):
            self._images += tick.images_seen - before.images_seen
            self._seconds += tick.seconds - before.seconds
        self._memory = max(self._memory, self._services.training.resident)

    def _on_stage(self, _stage: StepStage) -> None:
        """A step that is watched takes as long as it is looked at closely."""
        self._is_slowed, self._is_sound = True, False

    def _on_finished(self, _event: Finished) -> None:
        self._is_finished = True

    def _on_stopped(self) -> None:
        started, self._started = self._started, None
        is_whole = self._is_sound and self._is_finished
        enough = self._seconds > (0 if is_whole else _ENOUGH_SECONDS)
        is_measured = started is not None and enough and not self._is_starved
        if started and is_measured:
            self.measured = (started.config, self._images / self._seconds)
        if self._services.is_ending:  # nothing is read any more, but the next start shall know
            if self._counted is not None:
                self._note(self._counted)
        elif started and is_measured:
            self._services.images.read_cost(started.config, started.facts)
        else:
            self.refresh()

    @property
    def _is_starved(self) -> bool:
        """Whether all threads were slower than the training as a whole: until fewer were taken, they waited."""
        begun, newest = self._begun, self._newest
        if begun is None or newest is None:
            return False
        images, seconds = newest.images_seen - begun.images_seen, newest.seconds - begun.seconds
        return self._images * seconds < images * self._seconds

    def _note(self, counted: CostRead) -> None:
        """Keep what was measured, once it is known what the table of recipes would have told."""
        if self.measured is None or self.measured[0] != counted.config:
            return
        config, speed = self.measured
        self.measured = None
        settings = self._settings
        settings.measurements = settings.measurements.noted(config, speed, self._memory, _told(counted))
        if not self._services.is_ending:
            self.refresh()


def _told(counted: CostRead) -> float:
    """Return images/s as the table of recipes tells them."""
    return speed_from_table(counted.config, counted.cost.flops, counted.reference_flops)


def _has_all_threads(tick: Tick) -> bool:
    """Whether no other program took cores: how fast it is beside one says little of the next training."""
    return tick.threads is None or tick.threads[0] == tick.threads[1]
