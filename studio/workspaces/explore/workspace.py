"""The workspace Explore: what a generator has learned, picture by picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.i18n import mark, tr
from studio.command_table import EPOCHS
from studio.commands import Command
from studio.context import Context
from studio.help.help_button import HelpButton
from studio.theme import SPACING
from studio.widgets.object_names import set_object_name
from studio.widgets.wished_splitter import WishedSplitter
from studio.workspace import Workspace

_CLASSES_SHARE, _CLASSES_MOST = 0.25, 420  # of the window's width


class ExploreWorkspace(Workspace):
    """The explorer has the center, and beside it one asks for a class."""

    name = "explore"
    title = mark("Explore")
    tip = mark("Turn the numbers of z, go from picture to picture, ask for a class")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.classes_title, self._class_word = QLabel(), mark("Digits")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.timeline)

    def build(self) -> None:
        """Build explorer and classes, whose code is not needed until the window is on screen."""
        from studio.workspaces.explore.digit_picker import DigitPicker
        from studio.workspaces.explore.latent_explorer import LatentExplorer
        from studio.workspaces.explore.presenter import ExplorePresenter

        self.latent_explorer, self.digit_picker = LatentExplorer(), DigitPicker()
        usual = {"classes": lambda width: min(round(_CLASSES_SHARE * width), _CLASSES_MOST)}
        self._splitter = WishedSplitter(Qt.Orientation.Horizontal, usual)
        font = self.classes_title.font()
        font.setBold(True)
        self.classes_title.setFont(font)
        self._classes = classes = set_object_name(QWidget(), "classes")
        beside = QVBoxLayout(classes)
        beside.setContentsMargins(0, SPACING, 0, 0)
        beside.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(SPACING, 0, SPACING, 0)  # as what it is the title of
        head.addWidget(self.classes_title, 1)
        head.addWidget(HelpButton("classes", self.digit_picker))
        beside.addLayout(head)
        beside.addWidget(self.digit_picker, 1)
        for panel in (self.latent_explorer, classes):
            self._splitter.addWidget(panel)
        self._column.insertWidget(0, self._splitter, 1)
        self.retranslate()
        self._presenter = ExplorePresenter(self, self.context)

    def commands(self) -> Iterable[Command]:
        """Return what asks for a class, wherever the person is."""
        return (
            Command(
                "ask_for_class",
                EPOCHS,
                mark("Ask for a digit, or for the class of that number"),
                self.come_forward,
                tuple("0123456789"),
                waits=True,
                do_nth=self._ask_for_digit,
            ),
        )

    def _ask_for_digit(self, digit: int) -> None:
        self.come_forward()
        self.digit_picker.ask_for_digit(digit)

    def name_classes(self, word: str) -> None:
        """Call what one asks for after the data; ``word`` is a source text."""
        self._class_word = word
        self.retranslate()

    def retranslate(self) -> None:
        """Name the classes in the current language."""
        self.classes_title.setText(tr(self._class_word))

    def layout_state(self) -> dict[str, int]:
        """Return how wide a person wants the classes."""
        return {"classes": self._splitter.wished.get("classes", 0)}

    def restore_layout(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned."""
        width = state.get("classes", 0)
        self._splitter.wished = {"classes": width} if width else {}
        self._splitter.apply()

    def regions(self) -> list[QWidget]:
        """Return explorer, classes and time line."""
        return [self.latent_explorer, self._classes, self.timeline]
