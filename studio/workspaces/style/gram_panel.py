"""The Gram matrices of style and picture, side by side as pictures, and the layers that count. Knows no network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from engine.arrays import Picture
from engine.i18n import tr
from engine.style.events import GramsReady
from studio import theme
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.image_view import ImageView

_SIDE = 16 * SPACING
_BRIGHTER = 0.35  # the power that lets weak entries be seen beside strong ones


class GramPanel(LookedAt):
    """``layers_changed`` carries the names of the layers that count."""

    layers_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("gram_panel")
        self._grams: GramsReady | None = None
        self._heading, self.layer_box = QLabel(), ElidingComboBox()
        self.layer_box.setObjectName("gram_layer_box")
        self._heading.setBuddy(self.layer_box)
        self.of_style, self.of_picture = _Matrix(), _Matrix()
        self._titles = (QLabel(), QLabel())
        self._count_label, self.boxes = QLabel(), dict[str, QCheckBox]()
        self._help = HelpButton("gram", self)
        self._place = WrappingLayout(spacing=SPACING)
        self._arrange()
        self.layer_box.currentIndexChanged.connect(self._show)
        self.retranslate()
        self.apply_palette()

    def set_layers(self, names: tuple[str, ...]) -> None:
        """Offer the layers ``names``; all count but those that did not."""
        if tuple(self.boxes) == names:
            return
        off = {name for name, box in self.boxes.items() if not box.isChecked()}
        for box in self.boxes.values():
            self._place.removeWidget(box)
            box.deleteLater()
        self.boxes = {name: QCheckBox(name, self) for name in names}
        for name, box in self.boxes.items():
            box.setChecked(name not in off)
            box.setObjectName(f"style_layer_{name}_box")
            box.toggled.connect(self._on_toggled)
            self._place.addWidget(box)
        with QSignalBlocker(self.layer_box):
            self.layer_box.clear()
            self.layer_box.addItems(names)
            self.layer_box.setCurrentIndex(min(2, len(names) - 1))
        if off >= set(names):
            self.choose_layers("")
        self._keep_one()
        self.retranslate()

    @property
    def layers(self) -> str:
        """The layers that count, as the option has them; nothing where all do."""
        chosen = [name for name, box in self.boxes.items() if box.isChecked()]
        return "" if len(chosen) == len(self.boxes) else " ".join(chosen)

    def choose_layers(self, names: str) -> None:
        """Let those of the layers that are offered count, all of them where ``names`` holds none; nothing is told."""
        wished = set(names.split()) & set(self.boxes) or set(self.boxes)
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in wished)
        self._keep_one()

    def show_grams(self, grams: GramsReady | None) -> None:
        """Show the matrices of the layer that is chosen."""
        self._grams = grams
        self._show()

    def retranslate(self) -> None:
        """Set every text."""
        self._heading.setText(tr("Gram matrices of"))
        self.layer_box.setAccessibleName(tr("Layer whose Gram matrices are shown"))
        self.layer_box.setToolTip(tr("Which features occur together in this layer, brighter where more often"))
        for title, view, text in zip(
            self._titles, (self.of_style, self.of_picture), (tr("Style"), tr("Picture")), strict=True
        ):
            title.setText(text)
            view.setAccessibleName(tr("Gram matrix: {what}", what=text))
            view.placeholder = tr("Appears while it paints")
        self._count_label.setText(tr("These layers count"))
        for name, box in self.boxes.items():
            box.setAccessibleName(tr("{layer} counts", layer=name))
            box.setToolTip(tr("Early layers hold color and grain, late ones shapes"))

    def apply_palette(self) -> None:
        """The style's matrix wears the color of its curve."""
        self.of_style.set_frame(theme.color("generator"))
        self.of_picture.set_frame(theme.color("real"))

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(SPACING // 2)
        head, choice = WrappingLayout(spacing=SPACING // 2), QHBoxLayout()
        head.addWidget(self._heading)
        choice.addWidget(self.layer_box, 1)
        choice.addWidget(self._help)
        head.addItem(choice)  # below the heading rather than cut, where text is large
        for column, (title, view) in enumerate(zip(self._titles, (self.of_style, self.of_picture), strict=True)):
            grid.addWidget(title, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)  # both of one size, to be compared
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SPACING // 2)
        whole.addLayout(head)
        whole.addLayout(grid, 1)
        whole.addWidget(self._count_label)
        whole.addLayout(self._place)

    def _on_toggled(self) -> None:
        self._keep_one()
        self.layers_changed.emit(self.layers)

    def _keep_one(self) -> None:
        """The last layer that counts cannot be taken away."""
        checked = [box for box in self.boxes.values() if box.isChecked()]
        for box in self.boxes.values():
            box.setEnabled(len(checked) > 1 or box not in checked)

    def _show(self) -> None:
        pair = self._grams.layers.get(self.layer_box.currentText()) if self._grams is not None else None
        for view, picture in zip((self.of_style, self.of_picture), drawn(*pair) if pair else (None, None), strict=True):
            view.set_picture(picture)


class _Matrix(ImageView):
    is_smooth = True
    step = staticmethod(lambda scale: scale)

    def sizeHint(self) -> QSize:
        """As tall as half of the place is wide, so that it stands right below its title."""
        return QSize(_SIDE, _SIDE)

    def minimumSizeHint(self) -> QSize:
        """Room for what is said where there is no picture yet."""
        return QSize(super().minimumSizeHint().width(), 4 * self.fontMetrics().height())


def drawn(style: NDArray[np.float32], found: NDArray[np.float32]) -> tuple[Picture, Picture]:
    """Return two Gram matrices ``[C, C]`` as gray pictures uint8 ``[C, C]`` of one scale.

    Features stand in the order of how strong they are in the style, so that alike matrices look alike.
    """
    order = np.argsort(-np.diagonal(style), kind="stable")
    highest = max(float(style.max()), 1e-12)
    shares = (np.clip(each[order][:, order] / highest, 0, 1) ** _BRIGHTER for each in (style, found))
    first, second = ((255 * each).astype(np.uint8) for each in shares)
    return first, second
