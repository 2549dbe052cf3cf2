"""What one layer of a network gives for the first picture of a batch, as pictures. It knows no training."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.i18n import number, tr, trn
from engine.pictures import tile
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.pictures.image_view import ImageView

_MOST = 64  # maps that are shown
_MIDDLE = 128  # gray: nothing


class ActivationsView(View):
    """Not there until a layer is shown; follows whoever tells it what the layer gives now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._values = "", np.zeros(0, np.float32)
        self._told = set_object_name(QLabel(wordWrap=True), "activations_told")
        self._picture = set_object_name(ImageView(), "activations_picture")
        self._picture.setMinimumHeight(16 * SPACING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._told)
        layout.addWidget(self._picture, 1)
        self.hide()
        self.retranslate()

    def show_layer(self, name: str, values: NDArray[np.float32]) -> None:
        """Show the ``values`` ``[C, H, W]`` or ``[F]`` that the layer called ``name`` gives."""
        self._name, self._values = name, values
        self.retranslate()
        self.show()

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self._picture.setAccessibleName(tr("Activations of the layer"))
        values = self._values
        if not values.size:
            return
        self._told.setText(_told(self._name, values))
        self._picture.set_picture(activations_picture(values))


def z_pictures(z: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return each z of ``[N, z_dim]`` as a picture of its numbers, all of one scale."""
    most = float(np.abs(z).max())
    return np.stack([activations_picture(each, most) for each in z])


def activations_picture(values: NDArray[np.float32], most: float | None = None) -> NDArray[np.uint8]:
    """Return ``[C, H, W]`` as maps beside each other, ``[F]`` as squares: gray is 0, white and black far from it.

    White is ``most``, or the largest value.
    """
    most = max(float(np.abs(values).max()) if most is None else most, 1e-12)
    gray = np.rint(_MIDDLE + values / most * (_MIDDLE - 1)).astype(np.uint8)
    if gray.ndim == 3:
        maps = gray[:_MOST]
        return tile(maps, math.ceil(math.sqrt(len(maps) * maps.shape[1] / maps.shape[2])))
    columns = math.ceil(math.sqrt(gray.size))
    squares = np.full(-(-gray.size // columns) * columns, _MIDDLE, np.uint8)
    squares[: gray.size] = gray.reshape(-1)
    return squares.reshape(-1, columns)


def _told(name: str, values: NDArray[np.float32]) -> str:
    ends = {"low": number(float(values.min()), ".3g"), "high": number(float(values.max()), ".3g")}
    if values.ndim == 3 and len(values) > _MOST:
        return tr(
            "“{name}”, for the first {data:picture}: {shown} of {count} maps. Gray is 0; from {low}, dark, to "
            "{high}, bright.",
            name=name,
            shown=number(_MOST),
            count=number(len(values)),
            **ends,
        )
    if values.ndim == 3:
        return trn(
            "“{name}”, for the first {data:picture}: {count} map. Gray is 0; from {low}, dark, to {high}, bright.",
            "“{name}”, for the first {data:picture}: {count} maps. Gray is 0; from {low}, dark, to {high}, bright.",
            len(values),
            name=name,
            **ends,
        )
    if values.size == 1:
        return tr("“{name}”, for the first {data:picture}: {value}.", name=name, value=ends["low"])
    return tr(
        "“{name}”, for the first {data:picture}: {count} numbers, row by row. Gray is 0; from {low}, dark, to "
        "{high}, bright.",
        name=name,
        count=number(values.size),
        **ends,
    )
