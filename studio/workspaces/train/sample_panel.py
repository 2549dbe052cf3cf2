"""One sample looked at closely: what D says of it and why, what a judge reads, and which training image is nearest.

It asks by a signal and is told by a slot; it knows neither torch nor who examines.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.datasets.info import POINTS, ROWS
from engine.i18n import Noun, again, noun_spoken_of, number, tr
from engine.text import breakable
from studio import saliency
from studio.model.sample import InspectedSample, Sample
from studio.text import sample as sample_words
from studio.text.numbers import percent
from studio.text.origin import generator_words
from studio.theme import SPACING
from studio.widgets.base.bold import heading
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.pictures.judged_picture import JudgedPicture
from studio.widgets.pictures.picture_columns import PictureColumns
from studio.widgets.pictures.saliency_legend import SaliencyLegend

_REST_MS = 250  # an epoch that is passed by faster, in playback or by dragging, is not examined
_PUSHES = 3
_SAMPLE, _NEAREST = 0, 1
_PICTURE_SHARE = 7  # parts of the height, one of which a picture has: so the whole page is seen at once
_LOWEST_PICTURE = 10 * SPACING


class SamplePanel(View):
    """``show_sample`` shows at once what is known of a tile; the rest follows by ``show_inspected``.

    ``inspection_requested`` carries the ``Sample`` that shall be examined; it is emitted only while the panel is seen.
    """

    inspection_requested = Signal(Sample)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sample_panel")
        self._names: tuple[str, ...] = ()
        self._sample: Sample | None = None
        self._asked: Sample | None = None
        self.inspected: InspectedSample | None = None
        """What was found about the sample that is looked at, or the one before."""
        self._page = LazyWidget()
        self._page.due.connect(self._ask)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._page.ask)
        self._make_parts()
        self._lay_out()
        self.retranslate()

    # ---------------------------------------------------------------- what the window tells

    def set_names(self, names: tuple[str, ...]) -> None:
        """Call the classes of the real images so; none where they have no classes."""
        self._names = names

    def show_sample(self, sample: Sample | None) -> None:
        """Look at ``sample``: at once, or, where it is the one before at another epoch, when it has come to rest."""
        before, self._sample = self._sample, sample
        self._nothing.setVisible(sample is None)
        self._found.setVisible(sample is not None)
        self._rest.stop()
        if sample is None:
            self._asked = self.inspected = None
            return
        self._show_what_is_known(sample)
        if before is not None and before.tile == sample.tile:
            self._rest.start()
        else:
            self._page.ask()

    def show_inspected(self, inspected: InspectedSample) -> None:
        """Show what was found about the sample that is looked at; a report on another one comes too late."""
        if inspected.sample is self._sample:
            self.inspected = inspected
            self._rest.stop()
            self._show(inspected)

    def stop_waiting(self) -> None:
        """Examining failed, and the window has said why."""
        self._status.setText("")

    # ---------------------------------------------------------------- asking

    def _ask(self) -> None:
        if self._sample is not None and self._asked is not self._sample:
            self._asked = self._sample
            self.inspection_requested.emit(self._sample)

    # ---------------------------------------------------------------- showing

    def _show_what_is_known(self, sample: Sample) -> None:
        """Show the tile itself; what was found about the one before turns pale until the report comes."""
        _say(self._heading, sample_words.heading(sample, self._names))
        self._status.setText(tr("Looking…"))
        self._deep.setVisible(self.inspected is not None)
        self._top.show_picture(_SAMPLE, sample.picture, sample.verdict, sample_words.verdict_words(sample.verdict))
        self._deep.setEnabled(False)
        self._top.pictures[_NEAREST].setEnabled(False)

    def _show(self, inspected: InspectedSample) -> None:
        found, sample = inspected.report, inspected.sample
        self._deep.setVisible(True)
        self._deep.setEnabled(True)
        self._top.pictures[_NEAREST].setEnabled(True)
        _say(self._heading, sample_words.heading(sample, self._names))
        self._status.setText(generator_words(inspected.origin) if inspected.has_networks else "")
        _say(self._remarks, "\n".join(map(again, inspected.remarks)))
        self._top.show_picture(_SAMPLE, found.image, found.verdict, sample_words.verdict_words(found.verdict))
        nearest = sample_words.neighbor_words(found.neighbor_label, found.neighbor_index, self._names)
        self._top.show_picture(_NEAREST, found.neighbor, None, nearest)
        _say(self._reading, sample_words.reading_words(found.reading, found.label, self._names))
        _say(self._copy, sample_words.copy_words(found.neighbor_distance, found.usual_distance))
        self._advice.setVisible(inspected.has_networks)
        if inspected.has_networks:
            self._heat.show_picture(saliency.saliency_picture(found.image, found.saliency))
            self._show_pushes(inspected)

    def _show_pushes(self, inspected: InspectedSample) -> None:
        found = inspected.report
        captions = [tr("now")]
        self._pushes.show_picture(0, found.image, found.verdict, _share(found.verdict))
        for column, push in enumerate(found.updates, 1):
            captions.append(tr("after {count}", count=number(push.steps)))
            self._pushes.show_picture(column, push.image, push.verdict, _share(push.verdict))
        self._pushes.set_captions(captions)

    # ---------------------------------------------------------------- building and language

    def _make_parts(self) -> None:
        self._nothing = set_object_name(QLabel(wordWrap=True), "sample_nothing")
        self._heading, self._status = heading(), set_object_name(QLabel(wordWrap=True), "sample_status")
        self._remarks, self._reading, self._copy = (QLabel(wordWrap=True) for _ in range(3))
        self._top = PictureColumns([JudgedPicture("generator"), JudgedPicture("real")])
        self._top.setObjectName("sample_pictures")
        self._heat_title, self._heat = heading(), JudgedPicture("discriminator", has_bar=False)
        self._heat.setObjectName("sample_heat")
        self._legend = SaliencyLegend()
        self._pushes_title, self._pushes_words = heading(), QLabel(wordWrap=True)
        self._pushes = PictureColumns([JudgedPicture("generator") for _ in range(1 + _PUSHES)])
        self._pushes.setObjectName("sample_pushes")
        for quiet in (self._nothing, self._status, self._pushes_words):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def _lay_out(self) -> None:
        why = QGridLayout()
        why.setContentsMargins(0, 0, 0, 0)
        why.setHorizontalSpacing(SPACING)
        why.setColumnStretch(0, 1)
        why.setColumnStretch(1, 1)
        why.addWidget(self._heat, 0, 0)
        why.addWidget(self._legend, 0, 1)
        self._advice = QWidget()
        advice = _column(self._advice)
        for part in (self._heat_title, why, self._pushes_title, self._pushes_words, self._pushes):
            advice.addLayout(part) if isinstance(part, QGridLayout) else advice.addWidget(part)
        self._deep = set_object_name(QWidget(), "sample_findings")
        deep = _column(self._deep)
        for line in (self._reading, self._copy, self._advice):
            deep.addWidget(line)
        self._found = QWidget()
        found = _column(self._found)
        for widget in (self._heading, self._status, self._remarks, self._top, self._deep):
            found.addWidget(widget)
        self._found.hide()
        layout = QVBoxLayout(self._page)
        layout.addWidget(self._nothing)
        layout.addWidget(self._found)
        layout.addStretch()
        scroll_down(self, self._page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A taller panel has larger pictures."""
        super().resizeEvent(event)
        for picture in (*self._top.pictures, self._heat):
            picture.setMaximumHeight(max(self.height() // _PICTURE_SHARE, _LOWEST_PICTURE))

    def retranslate(self) -> None:
        """Set every text again."""
        self.setAccessibleName(tr("Sample"))
        self._say_nothing()
        self._top.set_captions([tr("Generated"), tr("Nearest training image")])
        self._heat_title.setText(tr("What made D say so"))
        self._heat.setAccessibleName(tr("What made D say so"))
        self._heat.setAccessibleDescription(self._legend.told())
        self._pushes_title.setText(tr("If G followed D's advice"))
        self._pushes_words.setText(
            tr(
                "A push is one step of G's weights toward what D would call more real, for this picture alone. "
                "Under each picture: how probably real D takes it to be."
            )
        )
        if self.inspected is not None and self.inspected.sample is self._sample:
            self._show(self.inspected)
        elif self._sample is not None:
            self._show_what_is_known(self._sample)

    def _say_nothing(self) -> None:
        self._nothing.setText("\n\n".join(_what_to_do(noun_spoken_of())))


def _what_to_do(noun: Noun) -> tuple[str, ...]:
    """Return how what is called ``noun`` is looked at closely: points and rows, which are no pictures, elsewhere."""
    if noun == ROWS:
        return (
            tr("Rows are read in Explore."),
            tr("There each row that G makes is told with its numbers, and marked in all plots."),
        )
    if noun == POINTS:
        return (
            tr("Points are read where they lie."),
            tr("Rest the pointer on one to see its numbers, and how real D takes it to be."),
        )
    return (
        tr("Click a sample to look at it closely: what D says of it and why, and which training image is nearest."),
        tr("By keyboard: go to the samples, press Return, and move with the arrow keys."),
    )


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACING)
    return column


def _say(label: QLabel, text: str) -> None:
    label.setText(breakable(text))
    label.setVisible(bool(text))


def _share(verdict: float | None) -> str:
    return "" if verdict is None else percent(verdict)


def _show_alone() -> None:
    """Look at a real digit as if it had been generated, with made-up heat and pushes."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from engine.evaluation.sample_inspector import GeneratorUpdate, SampleReport
    from engine.latent.sampling import random_z
    from studio.model.snapshot import SnapshotRef
    from studio.widgets.pictures.made_up_digits import pictures

    app = QApplication([])
    panel = SamplePanel()
    panel.set_names(tuple("0123456789"))
    image, *others = pictures(random_z(5, 64, seed=0), np.full(5, 4))
    warmth = (others[0].astype(np.float32) - others[1]) / 255
    pushes = tuple(
        GeneratorUpdate(steps, other, verdict)
        for steps, other, verdict in zip((1, 5, 20), others, (0.4, 0.6, 0.8), strict=False)
    )
    found = SampleReport(image, 4, 0.3, (4, 0.98), others[3], 1234, 4, 0.15, 0.18, warmth, pushes)
    panel.inspection_requested.connect(
        lambda sample: panel.show_inspected(InspectedSample(sample, SnapshotRef(12, 12), found))
    )
    panel.resize(368, 700)
    panel.show()
    panel.show_sample(Sample(12, 13, image, 4, 0.3))
    app.exec()


if __name__ == "__main__":
    _show_alone()
