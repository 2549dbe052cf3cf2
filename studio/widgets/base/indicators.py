"""What is clicked beside a text is as large as it: the marks of check boxes and radio buttons, handles of sliders."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QCheckBox, QProxyStyle, QRadioButton, QSlider, QStyle, QStyleOption, QWidget

from studio.guard import guarded

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
    """Let the mark of ``widget``, one of those ``MARKED``, follow its font; a style's own takes no notice of it."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    style = application.findChild(QProxyStyle, _NAME)
    if style is None:
        style = _LargeIndicators()
        style.setObjectName(_NAME)
        style.setParent(application)
    widget.setStyle(style)


@guarded
class _LargeIndicators(QProxyStyle):
    """Given to such widgets alone: a style of the whole application would ask Python at each thing that is painted."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        usual = super().pixelMetric(metric, option, widget)
        return max(usual, widget.fontMetrics().ascent()) if metric in _SIDES and widget is not None else usual
