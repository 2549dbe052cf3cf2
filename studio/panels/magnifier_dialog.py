"""One step under the magnifier: its stages one by one, pictures with D's mind, the loss in numbers, what moves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QWidget,
)

from engine.events import StepStage
from engine.i18n import number, tr
from engine.pictures import to_samples
from engine.points.sheet import one_by_one
from studio.help.help_button import HelpButton
from studio.model.watched_step import JudgedImages, WatchedStep
from studio.model.work_state import WorkState
from studio.part_keys import MAGNIFIER_PLAY, MAGNIFIER_WALK
from studio.services.training import TrainingService
from studio.text.stages import formula_told, title_of, told
from studio.theme import SPACING
from studio.widgets.base.bold import bold
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.stacked import below
from studio.widgets.pictures.activations_view import ActivationsView, z_pictures
from studio.widgets.pictures.verdict_row import VerdictRow
from studio.widgets.plots.network_diagram import NetworkDiagram, Passage, Player

_ROLE = QDialogButtonBox.ButtonRole.ActionRole
_FRAME_MS, _FRAMES, _HELD = 60, 24, 16  # of slow motion: a way takes one and a half seconds, and is held for one
_WAYS: dict[str, dict[Player, Passage]] = {
    "generated": {"generator": Passage()},
    "d_on_real": {"discriminator": Passage()},
    "d_on_generated": {"discriminator": Passage()},
    "d_updated": {"discriminator": Passage(is_forward=False, learns=True)},
    "d_again": {"discriminator": Passage(is_frozen=True)},
    "g_loss": {"discriminator": Passage(is_forward=False, is_frozen=True)},
    "g_updated": {"generator": Passage(is_forward=False, learns=True)},
}


class MagnifierDialog(Dialog):
    """Looks at steps of ``training``, which rests meanwhile; closing it takes the rest of the step and rests on."""

    def __init__(self, training: TrainingService, parent: QWidget | None = None) -> None:
        super().__init__("magnifier_dialog", parent, Buttons.Close)
        self._training = training
        self._step: WatchedStep | None = None
        self._frame = 0
        self._layer: tuple[str, str] | None = None
        self._is_awaited, self._wished = False, 0  # the next stage, and how many a person asked for after it
        self._activations = ActivationsView()
        self._motion = QTimer(self)
        self._motion.setInterval(_FRAME_MS)
        self._motion.timeout.connect(self._on_frame)
        self._stages = set_object_name(QListWidget(), "magnifier_stages")
        self._title = set_object_name(QLabel(), "magnifier_title")
        self._told = set_object_name(QLabel(wordWrap=True), "magnifier_text")
        self._formula = set_object_name(QLabel(), "magnifier_formula")
        self._real_label, self._generated_label = QLabel(), QLabel()
        self._real = set_object_name(VerdictRow("real"), "magnifier_real")
        self._generated = set_object_name(VerdictRow("generator"), "magnifier_generated")
        self._diagram = set_object_name(NetworkDiagram(), "magnifier_networks")
        names = ("previous_stage", "next_stage", "slow_motion", "only_d", "only_g")
        self._buttons = {name: set_object_name(QPushButton(autoDefault=False), f"{name}_button") for name in names}
        self._lay_out()
        self._connect()
        self.retranslate()
        self.resize(140 * SPACING, 87 * SPACING)
        self._stages.setFocus()

    def _lay_out(self) -> None:
        self._title.setFont(bold(self._title.font()))
        self._formula.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self._told, self._formula):
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stages.setMaximumWidth(26 * SPACING)
        self._stages.setWordWrap(True)  # of large text, whose ends tell one stage from the other
        self._stages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        pictures = QGridLayout()
        rows = ((self._real_label, self._real), (self._generated_label, self._generated))
        for row, (label, strip) in enumerate(rows):
            pictures.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            pictures.addWidget(strip, row, 1)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(HelpButton("magnifier", self))
        right = QGridLayout()
        right.addLayout(head, 0, 0)
        right.addLayout(pictures, 1, 0)
        words = QHBoxLayout()
        words.setSpacing(2 * SPACING)
        words.addLayout(below(self._told, self._formula), 3)
        words.addWidget(self._activations, 2)
        right.addLayout(words, 2, 0)
        right.addWidget(self._diagram, 3, 0)
        right.setRowStretch(2, 1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * SPACING)
        middle.addWidget(self._stages)
        content, panel = QWidget(), QWidget()
        content.setLayout(right)
        right.setContentsMargins(*(SPACING // 2,) * 2, SPACING, SPACING // 2)  # upon which the focus ring lies
        scroll_down(panel, content)
        middle.addWidget(panel, 1)
        column = self.column()
        column.addLayout(middle, 1)
        for button in self._buttons.values():
            self.buttons.addButton(button, _ROLE)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        training, does = self._training, self._buttons
        training.stage_reached.connect(self._on_stage)
        training.step_over.connect(self._on_step_over)
        training.state_changed.connect(self._show_state)
        does["previous_stage"].clicked.connect(lambda: self._walk(-1))
        does["next_stage"].clicked.connect(lambda: self._walk(1))
        does["slow_motion"].clicked.connect(self._play)
        does["only_d"].clicked.connect(lambda: training.step("d"))
        does["only_g"].clicked.connect(lambda: training.step("g"))
        self._stages.currentRowChanged.connect(self._on_row)
        self._diagram.layer_chosen.connect(self._on_layer_chosen)
        back, on = (MAGNIFIER_WALK._replace(keys=(key,)) for key in MAGNIFIER_WALK.keys)
        back.shortcut(self, lambda: self._walk(-1))
        on.shortcut(self, lambda: self._walk(1))
        MAGNIFIER_PLAY.shortcut(self, self._on_space)

    def done(self, result: int) -> None:
        """Take the rest of the step: a training never rests in the middle of one that nobody looks at."""
        self._motion.stop()
        self._training.end_step()
        super().done(result)

    # --- what the person wants

    def _walk(self, way: int) -> None:
        """Look at the stage before or after; who asks for more before it has come gets these, too."""
        if way < 0:
            self._wished = 0
        if self._step is not None and self._step.look(way):
            self._show_stage()
        elif way > 0 and self._is_awaited:
            self._wished += 1
        elif way > 0 and self._training.state is WorkState.PAUSED:
            self._is_awaited = True
            if self._training.is_looked_at:
                self._training.next_stage()
            else:
                self._training.step()

    def _on_arrived(self, *, is_over: bool = False) -> None:
        """Go on to what was asked for meanwhile, but not into another step."""
        self._is_awaited, wished = False, 0 if is_over else self._wished
        self._wished = max(wished - 1, 0)
        if wished:
            self._walk(1)

    def _on_row(self, row: int) -> None:
        if self._step is not None and row >= 0 and row != self._step.place:
            self._step.look(row - self._step.place)
            self._show_stage()

    def _play(self) -> None:
        """Begin slow motion, or end it; of a step that was seen to its end from the first stage on."""
        if self._motion.isActive():
            self._motion.stop()
            self._diagram.show_share(1.0)
        else:
            self._frame = 0
            self._motion.start()
            if self._step is not None and self._step.is_over and self._step.is_at_newest:
                self._step.look(-self._step.place)
                self._show_stage()
        self._show_state()

    def _on_space(self) -> None:
        """Press the button that Tab was led to, as everywhere; otherwise begin slow motion, or end it."""
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        else:
            self._play()

    def _on_layer_chosen(self, player: str, layer: str) -> None:
        self._layer = (player[0], layer)
        self._show_activations()

    def _show_activations(self) -> None:
        """Show what the chosen layer gave last; before it worked there is nothing to show."""
        if self._layer is None or self._step is None:
            return
        player, layer = self._layer
        values = self._step.activations(player, layer)
        if values is not None:
            self._activations.show_layer(f"{player.upper()} {layer}", values)

    def _on_frame(self) -> None:
        self._frame += 1
        self._diagram.show_share(min(self._frame / _FRAMES, 1.0))
        if self._frame >= _FRAMES + _HELD:
            self._frame = 0
            if self._step is not None and self._step.is_over and self._step.is_at_newest:
                self._motion.stop()
                self._show_state()
            elif not self._is_awaited:
                self._walk(1)

    # --- what the training tells

    def _on_stage(self, stage: StepStage) -> None:
        if self._step is None or self._step.is_over:
            run = self._training.current.run
            assert run is not None
            self._step = WatchedStep(run.config_now, has_classes=bool(run.info.facts.class_names))
        self._step.add(stage)
        self._show_stage()
        self._on_arrived()

    def _on_step_over(self) -> None:
        if self._step is not None:
            self._step.is_over = True
        self._show_stage()
        self._on_arrived(is_over=True)

    # --- showing

    def _show_stage(self) -> None:
        step = self._step
        if step is not None and (stage := step.shown) is not None:
            self._list(step)
            self._title.setText(_heading(step, stage))
            self._told.setText(told(stage, step.config, has_classes=step.has_classes))
            logits = step.logits() if stage.name in ("d_loss", "g_loss") else None
            self._formula.setText("" if logits is None else formula_told(stage, step.config, *logits))
            self._real_label.setText(tr("Real {data:pictures}") if step.real is not None else "")
            _show_images(self._real, step.real, step, are_real=True)
            self._show_generated(step)
            share = 0.0 if self._motion.isActive() else 1.0
            self._diagram.show_stage(stage.g_layers, stage.d_layers, _WAYS.get(stage.name, {}), share)
            self._show_activations()
        self._show_state()

    def _show_generated(self, step: WatchedStep) -> None:
        """Show the generated images, or in their places the z that they will be drawn of."""
        z = step.z
        if z is None:
            _show_images(self._generated, step.generated, step)
        else:
            self._generated.show_pictures(z_pictures(z))
        self._call_generated(is_z=z is not None)

    def _call_generated(self, *, is_z: bool) -> None:
        label, drawn = self._generated_label, tr("Generated {data:pictures}")
        label.setText(tr("z, as squares") if is_z else drawn)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(drawn))  # each picture comes where its z was
        self._generated.setAccessibleName(
            tr("The z of the step, as squares") if is_z else tr("Generated {data:pictures} of the step")
        )

    def _list(self, step: WatchedStep) -> None:
        self._stages.blockSignals(True)
        self._stages.clear()
        self._stages.addItems([f"{place}. {title_of(stage)}" for place, stage in enumerate(step.stages, 1)])
        self._stages.setCurrentRow(step.place)
        self._stages.blockSignals(False)

    def _show_state(self) -> None:
        step, training, does = self._step, self._training, self._buttons
        rests = training.state is WorkState.PAUSED
        if not rests:
            self._is_awaited, self._wished = False, 0
        may_begin = rests and not training.is_looked_at
        does["previous_stage"].setEnabled(step is not None and step.place > 0)
        does["next_stage"].setEnabled(rests or (step is not None and not step.is_at_newest))
        ends = step is not None and step.is_over and step.is_at_newest
        does["next_stage"].setText(tr("Next step") if ends else tr("Next stage"))
        does["slow_motion"].setText(tr("Stop slow motion") if self._motion.isActive() else tr("Slow motion"))
        does["slow_motion"].setEnabled(step is not None)
        trial = tr("Try on copies what happens when one player learns alone; the training stays as it is")
        for name in ("only_d", "only_g"):
            does[name].setEnabled(may_begin)
            does[name].setToolTip(trial if may_begin else tr("Possible once this step is over, before the next begins"))
        if step is None:
            self._title.setText(tr("The step is about to begin…"))

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("One step under the magnifier"))
        self._stages.setAccessibleName(tr("Stages of the step"))
        self._real.setAccessibleName(tr("Real {data:pictures} of the step"))
        self._call_generated(is_z=False)
        self._diagram.setAccessibleName(tr("Both networks, layer by layer"))
        self._buttons["previous_stage"].setText(tr("Previous stage"))
        self._buttons["only_d"].setText(tr("Only D learns"))
        self._buttons["only_g"].setText(tr("Only G learns"))
        self.buttons.button(Buttons.Close).setText(tr("Close"))
        self._show_stage()


def _heading(step: WatchedStep, stage: StepStage) -> str:
    is_over = step.is_over and step.is_at_newest
    if stage.trial:
        words = tr("A trial in which only D learns") if stage.trial == "d" else tr("A trial in which only G learns")
        over = tr("over, and the training stands where it was")
    else:
        words = tr("Step {step}, stage {stage}", step=number(stage.step + 1), stage=number(step.place + 1))
        over = tr("the step is over, and the training rests")
    return " · ".join([words, title_of(stage), *([over] if is_over else [])])


def _show_images(row: VerdictRow, judged: JudgedImages | None, step: WatchedStep, *, are_real: bool = False) -> None:
    if judged is None:
        row.show_pictures(np.zeros((0, 1, 1), np.uint8))
        return
    full = judged.images[..., : judged.images.shape[2]]  # of a picture in several sizes, the largest
    pictures = one_by_one(to_samples(full, step.config.data_range), are_real=are_real)
    row.show_pictures(pictures, judged.before, judged.now)
