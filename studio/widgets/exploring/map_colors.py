"""What the colors of a map tell: what is read, what was asked for, a verdict, a measure. Knows no generator."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtGui import QColor, QPalette, QStandardItemModel

from engine.i18n import mark, number, tr
from studio import theme
from studio.widgets.fields.eliding_combo_box import ElidingComboBox

if TYPE_CHECKING:
    from engine.latent.sample_map import SampleMap

_READ, _ASKED = "readings", "labels"
_PALEST = 0.2  # of ink
_TITLES = {
    _READ: mark("what the judge reads"),
    _ASKED: mark("what was asked for"),
    "verdicts": mark("D's verdict"),
    "thickness": mark("stroke thickness"),
}


class Coloring(NamedTuple):
    """The color of each point, and ``names`` ``(text, x, y)`` that lie in the map; or, where the colors are a measure,
    what the two ends of its ``scale`` mean, ``(color, text)`` each.
    """

    colors: list[QColor]
    names: list[tuple[str, float, float]]
    scale: tuple[tuple[QColor, str], tuple[QColor, str]] | None = None


class MapColors(ElidingComboBox):
    """Offers what a map tells; a choice of a person comes back wherever it makes sense again."""

    def __init__(self) -> None:
        super().__init__()
        for key, title in _TITLES.items():
            self.addItem(tr(title), key)
        self._by_hand = _READ
        self.activated.connect(self._on_activated)

    def offer(self, found: SampleMap | None, *, is_asked: bool) -> None:
        """Let be chosen what ``found`` tells; ``is_asked``: whether its generator can be asked for classes."""
        model, told = self.model(), {}
        assert isinstance(model, QStandardItemModel)
        for at, key in enumerate(_TITLES):
            told[key] = is_asked if key == _ASKED else found is None or getattr(found, key) is not None
            model.item(at).setEnabled(told[key])
        wished = next(key for key in (self._by_hand, *_TITLES) if told[key])
        self.setCurrentIndex(self.findData(wished))

    def retranslate(self) -> None:
        """Name the choices in the current language."""
        self.setAccessibleName(tr("What the colors show"))
        for at, title in enumerate(_TITLES.values()):
            self.setItemText(at, tr(title))

    def coloring(self, found: SampleMap, names: tuple[str, ...]) -> Coloring:
        """Return the colors of the points of ``found``, and which of the classes ``names`` lies where.

        Real images are gray where the colors are classes.
        """
        values = np.asarray(getattr(found, self.currentData()))
        if self.currentData() not in (_READ, _ASKED):
            low, high = np.quantile(values, [0.02, 0.98])
            shares = np.clip((values - low) / max(high - low, 1e-9), 0, 1)
            ends = self._ends()
            scale = [(color, self._told(float(value))) for color, value in zip(ends, (low, high), strict=True)]
            return Coloring([theme.blend(*ends[::-1], float(share)) for share in shares], [], (scale[0], scale[1]))
        count, samples = max(len(names), 1), found.sample_count
        lightness = 170 if self.palette().color(QPalette.ColorRole.Window).lightness() < 128 else 120
        inks = [QColor.fromHsl(round(360 * index / count), 190, lightness) for index in range(count)]
        gray = theme.color("real")
        shown = [inks[kind] if 0 <= kind < count and at < samples else gray for at, kind in enumerate(values)]
        told = []
        for kind, name in enumerate(names):
            own = found.places[:samples][values[:samples] == kind]
            if len(own):
                x, y = np.median(own, axis=0)
                told.append((tr(name), float(x), float(y)))
        return Coloring(shown, told)

    def _ends(self) -> tuple[QColor, QColor]:
        """Return the colors of the least and the most: what D takes to be real is its own, a thick stroke is ink."""
        if self.currentData() == "verdicts":
            return theme.color("generator"), theme.color("discriminator")
        ink, paper = (self.palette().color(it) for it in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window))
        return theme.blend(ink, paper, _PALEST), ink

    def _told(self, value: float) -> str:
        if self.currentData() == "verdicts":
            return tr("{share} real", share=number(value, ".0%"))
        return tr("{count} pixels", count=number(value, ".1f"))

    def _on_activated(self) -> None:
        self._by_hand = self.currentData()
