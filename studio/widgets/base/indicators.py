"""What is clicked beside a text is as large as it: the marks of check boxes and radio buttons, handles of sliders."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QCheckBox, QProxyStyle, QRadioButton, QSlider, QStyle, QStyleOption, QWidget

from studio.guard import guarded
from studio.widgets.base.styles import HouseStyle

MARKED = (QCheckBox, QRadioButton, QSlider)
_NAME = "large_indicators"
_METRICS = QStyle.PixelMetric
_SIDES = frozenset(
    {
        _METRICS.PM_IndicatorWidth,
        _METRICS.PM_IndicatorHeight,
        _METRICS.PM_ExclusiveIndicatorWidth,
        _METRICS.PM_ExclusiveIndicatorHeight,
        _METRICS.PM_SliderLength,
        _METRICS.PM_SliderThickness,
        _METRICS.PM_SliderControlThickness,
    }
)


def grow_with_text(widget: QWidget) -> None:
    """Let the mark of ``widget``, one of those ``MARKED``, follow its font; a style's own takes no notice of it.

    To be called again when the font is another one.
    """
    large = _large_indicators()
    usual, letters = QApplication.style(), widget.fontMetrics().ascent()
    sides = (usual.pixelMetric(side, None, widget) for side in _SIDES)
    is_small = any(0 < side < letters for side in sides)  # some styles have no use for some of them
    if is_small and widget.style() is not large:
        widget.setStyle(large)
    elif not is_small and widget.style() is large:
        widget.setStyle(None)  # type: ignore[arg-type]  # which Qt takes for the usual one


def _large_indicators() -> QStyle:
    """Return the style of all widgets whose text is larger than usual, made once."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    style = application.findChild(QProxyStyle, _NAME)
    if style is None:
        style = _LargeIndicators()
        style.setObjectName(_NAME)
        style.setParent(application)
    return style


@guarded
class _LargeIndicators(HouseStyle):
    """Given where it makes a difference alone: it asks Python ten times whenever one is painted."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        usual = super().pixelMetric(metric, option, widget)
        return max(usual, widget.fontMetrics().ascent()) if metric in _SIDES and widget is not None else usual
