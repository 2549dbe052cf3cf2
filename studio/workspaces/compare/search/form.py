"""What a person says of a search: what varies in which range, what for, how long, and which search at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.config import Config
from engine.errors import UserError
from engine.i18n import again, joined, tr
from engine.recipes import RECIPES
from engine.search.knobs import offered
from engine.search.objectives import OBJECTIVES, TARGETS
from engine.search.plan import IMAGES, SECONDS
from studio.help.help_button import HelpButton
from studio.model.search import SearchWish
from studio.text.trials import LENGTHS, PRUNERS, SAMPLERS, plan_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.progress_bar import ProgressBar
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.knob_row import KnobRow
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.search_chooser import SearchChooser
from studio.widgets.layouts.scrolling import scroll_down

if TYPE_CHECKING:
    from engine.search.opening import StudySummary

_MINUTES = (0.1, 10_000.0)
_USUALLY_VARIED = ("g_lr", "d_lr")
_OFFER_LINES = 3  # whose room is kept, so that nothing jumps when it is known what the time buys
_WIDTH, _NARROWEST = 46 * SPACING, 30 * SPACING


class SearchForm(View):
    """``changed`` tells that something else is wished, ``search_chosen`` the name of another search, or nothing."""

    changed = Signal()
    search_chosen = Signal(str)

    def __init__(self, config: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = config
        self._is_free = True
        self._offered = self._told = ""
        self.chooser = SearchChooser(HelpButton("search", self))
        self.start = set_object_name(QLabel(wordWrap=True), "search_start")
        self.objective = set_object_name(ElidingComboBox(_WIDTH), "search_objective")
        self.target = set_object_name(NumberBox(*TARGETS), "search_target")
        self.length = set_object_name(ElidingComboBox(_WIDTH), "search_length")
        self.images = set_object_name(NumberBox(*IMAGES, whole=True), "search_images")
        self.seconds = set_object_name(NumberBox(*SECONDS), "search_seconds")
        self.sampler = set_object_name(ElidingComboBox(_WIDTH), "search_sampler")
        self.pruner = set_object_name(ElidingComboBox(_WIDTH), "search_pruner")
        self.minutes = set_object_name(NumberBox(*_MINUTES), "search_minutes")
        self.about = set_object_name(QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop), "search_about")
        self.offer = set_object_name(QLabel(wordWrap=True), "search_offer")
        self.status = set_object_name(QLabel(wordWrap=True), "search_status")
        self.bar = set_object_name(ProgressBar(textVisible=False), "search_progress")
        self.knobs: dict[str, KnobRow] = {}
        self._own, self._labels = QWidget(), [QLabel() for _ in range(6)]
        for box, value in ((self.target, 50.0), (self.images, 20_000), (self.seconds, 60.0), (self.minutes, 20.0)):
            box.setValue(value)
        self._lay_out()
        self._connect()
        self.set_config(config)
        self.retranslate()
        self.set_free(True)

    # --- what is wished

    def wish(self) -> SearchWish:
        """Return what shall be searched; raises ``UserError`` where that cannot be."""
        knobs = [knob for row in self.knobs.values() if (knob := row.knob())]
        if not knobs:
            raise UserError(tr("A search needs something that varies."), tr("Tick at least one option."))
        for box in (self.target, self.images, self.seconds):
            if box.isVisibleTo(self) and box.problem:
                raise UserError(tr("A number of the search is not complete."), box.problem)
        length = list(LENGTHS)[self.length.currentIndex()]
        objective = list(OBJECTIVES)[self.objective.currentIndex()]
        return SearchWish(
            self._config,
            tuple(knobs),
            objective,
            self.target.value() if OBJECTIVES[objective].needs_target else 0.0,
            int(self.images.value()) if length == "images" else 0,
            float(self.seconds.value()) if length == "seconds" else 0.0,
            list(SAMPLERS)[self.sampler.currentIndex()],
            list(PRUNERS)[self.pruner.currentIndex()],
        )

    @property
    def chosen(self) -> str:
        """The name of the search that is to be gone on with, nothing for a new one."""
        return self.chooser.chosen

    def set_config(self, config: Config, kept: Collection[str] = ()) -> None:
        """Begin with other options; what is ticked stays so as far as it makes sense, and no class has it ``kept``."""
        self._config = config
        makes_sense = [knob for knob in offered(config) if not knob.moves(kept, config)]
        for knob in makes_sense:
            if knob.name not in self.knobs:
                self._add_knob(KnobRow(knob, self._own))
        names = {knob.name for knob in makes_sense}
        for name, row in self.knobs.items():
            row.set_unused(name not in names)
        self._say_start()

    def finish_editing(self) -> None:
        """Read what is still being typed."""
        for box in self.findChildren(NumberBox):
            box.finish()

    # --- what is shown

    def show_searches(self, studies: Sequence[StudySummary], chosen: str) -> None:
        """Offer the searches there are, and choose one of them."""
        self.chooser.show_searches(studies, chosen)
        self.set_free(self._is_free)

    def set_free(self, is_free: bool) -> None:
        """Let a person say what shall be searched, or only look at what is."""
        self._is_free = is_free
        self.chooser.set_free(is_free)
        self.minutes.setEnabled(is_free)
        self._own.setEnabled(is_free and not self.chosen)
        self._scrolled.setVisible(not self.chosen)
        self.about.setVisible(bool(self.chosen))
        self._say_about()

    def show_offer(self, text: str) -> None:
        """Say what the time buys, or why not."""
        self._offered = text
        self.offer.setText(text)

    def show_progress(self, text: str, share: float | None) -> None:
        """Say how far the search is: ``share`` (0 to 1), None while nobody knows; no text hides it."""
        self._told = text
        self.status.setText(text)
        self.status.setVisible(bool(text))
        self.offer.setVisible(not text)
        self.bar.setVisible(bool(text))
        self.bar.show_share(share)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        names = (
            tr("What for"), tr("Fréchet distance to reach"), tr("Length of a trial"), tr("How to choose"),
            tr("Stop early"), tr("Minutes in all"),
        )  # fmt: skip
        fields = (self.objective, self.target, self.length, self.sampler, self.pruner, self.minutes)
        for label, field, name in zip(self._labels, fields, names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        self.images.setAccessibleName(tr("{data:Images} of a trial"))
        self.seconds.setAccessibleName(tr("Seconds of training of a trial"))
        self.pruner.setToolTip(tr("When a trial ends before its time; one that is in trouble for certain always does"))
        self.minutes.setToolTip(tr("How long to search, pauses excluded; what is found by then is kept"))
        self.bar.setAccessibleName(tr("How far the search is"))
        self._varied.setText(tr("What varies"))
        for box, titles in ((self.objective, [each.title for each in OBJECTIVES.values()]),
                            (self.length, LENGTHS.values()), (self.sampler, SAMPLERS.values()),
                            (self.pruner, PRUNERS.values())):  # fmt: skip
            for place, title in enumerate(titles):
                box.setItemText(place, tr(title))
        for place, goal in enumerate(OBJECTIVES.values()):
            self.objective.setItemData(place, tr(goal.help), Qt.ItemDataRole.ToolTipRole)
        for row in self.knobs.values():
            row.retranslate()
        self.offer.setText(again(self._offered))
        self.status.setText(again(self._told))
        self._say_about()
        self._say_start()
        self._explain_objective()

    # --- inside

    def _lay_out(self) -> None:
        for box, table in ((self.objective, OBJECTIVES), (self.length, LENGTHS), (self.sampler, SAMPLERS),
                           (self.pruner, PRUNERS)):  # fmt: skip
            box.addItems([""] * len(table))
        self._varied = QLabel()
        objective, target, length, sampler, pruner, minutes = self._labels
        self._knob_column = QVBoxLayout()
        own = QVBoxLayout(self._own)
        own.setContentsMargins(SPACING // 2, SPACING // 2, SPACING, SPACING // 2)
        own.setSpacing(SPACING)
        own.addWidget(self.start)
        fields: tuple[QWidget, ...] = (self.objective, self.target, self.length)
        for label, field in zip((objective, target, length), fields, strict=True):
            own.addWidget(label)
            own.addWidget(field)
        notes = (self.target.note, self.images, self.images.note, self.seconds, self.seconds.note, self._varied)
        for each in notes:
            own.addWidget(each)
        own.addLayout(self._knob_column)
        for label, box in ((sampler, self.sampler), (pruner, self.pruner)):
            own.addWidget(label)
            own.addWidget(box)
        own.addStretch()
        self._scrolled = QWidget()
        scroll_down(self._scrolled, self._own)
        self.buttons = QHBoxLayout()
        time = QFormLayout()
        time.addRow(minutes, self.minutes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.addWidget(self.chooser)
        layout.addWidget(self._scrolled, 1)
        layout.addWidget(self.about, 1)
        layout.addLayout(time)
        below: tuple[QWidget, ...] = (self.minutes.note, self.offer, self.status, self.bar)
        for part in below:
            layout.addWidget(part)
        layout.addLayout(self.buttons)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)
        for label in (self.offer, self.status):
            label.setMinimumHeight(_OFFER_LINES * self.fontMetrics().lineSpacing())
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.show_progress("", 0.0)

    def sizeHint(self) -> QSize:
        """As wide as it may be, where there is room."""
        return QSize(_WIDTH, super().sizeHint().height())

    def add_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Put the buttons of the search below."""
        for button in buttons:
            self.buttons.addWidget(button)

    def _connect(self) -> None:
        for box in (self.objective, self.length, self.sampler, self.pruner):
            box.currentIndexChanged.connect(self._on_changed)
        for number_box in (self.target, self.images, self.seconds, self.minutes):
            number_box.valueChanged.connect(self._on_changed)
            number_box.problem_changed.connect(self._on_changed)
        self.chooser.search_chosen.connect(self._on_search)

    def _on_changed(self, *_: object) -> None:
        self._explain_objective()
        self.changed.emit()

    def _on_search(self) -> None:
        self.set_free(self._is_free)
        self.search_chosen.emit(self.chosen)

    def _add_knob(self, row: KnobRow) -> None:
        self.knobs[row.name] = row
        row.tick.setChecked(row.name in _USUALLY_VARIED)
        row.changed.connect(self.changed)
        self._knob_column.addWidget(row.widget)

    def _explain_objective(self) -> None:
        goal = list(OBJECTIVES.values())[max(self.objective.currentIndex(), 0)]
        self.objective.setToolTip(tr(goal.help))
        for part in (self.target, self._labels[1]):
            part.setVisible(goal.needs_target)
        length = list(LENGTHS)[max(self.length.currentIndex(), 0)]
        self.images.setVisible(length == "images")
        self.seconds.setVisible(length == "seconds")

    def _say_start(self) -> None:
        recipe = RECIPES.get(self._config.recipe)
        name = tr(recipe.title) if recipe else self._config.recipe
        self.start.setText(
            joined(
                tr("It begins with the options that stand in the workspace Train: “{recipe}”.", recipe=name),
                tr("What is known to work with such networks is tried next."),
            )
        )

    def _say_about(self) -> None:
        study = self.chooser.study
        self.about.setText((plan_told(study.plan) if study.plan else study.trouble) if study else "")
