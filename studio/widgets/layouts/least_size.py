"""How small a widget may be, also while it is hidden: Qt's layouts take no notice then of what changes in them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget


def least_size(widget: QWidget) -> QSize:
    """Return the least size of ``widget``, measured anew from what is directly in it."""
    for part in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        part.updateGeometry()  # makes its layout forget how large it was
    layout = widget.layout()
    if layout is not None:
        layout.activate()
    return widget.minimumSizeHint().expandedTo(widget.minimumSize())
