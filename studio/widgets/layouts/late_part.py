"""A part of a panel that is built when it is first seen, or when somebody asks for what will be in it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QWidget

from studio.widgets.base.view import View


class LatePart(View):
    """A subclass says how it is ``fill``-ed. ``names`` are the object names of what will be in it."""

    def __init__(self, names: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = names
        self.is_built = False

    def build(self) -> None:
        """Be whole from now on."""
        if not self.is_built:
            self.is_built = True
            self.fill()

    def fill(self) -> None:
        """Make what is in it: called once."""

    def setVisible(self, visible: bool) -> None:
        """Be there before anybody looks."""
        if visible:
            self.build()
        super().setVisible(visible)
