"""The card of the very first start: what a GAN is in three sentences and a drawing, and what one can begin with."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.i18n import tr
from studio.guard import guarded
from studio.learn.texts import Drawing, words
from studio.part_keys import CLOSE_TOP
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name

_WIDTH = 54 * SPACING


@guarded
class FirstCard(QFrame):
    """Lies upon the middle of ``place`` until a button or Escape closes it; Tab stays in it so long.

    All around it can be clicked on meanwhile.
    """

    closed = Signal()

    def __init__(self, place: QWidget) -> None:
        super().__init__(place.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("first_card")
        self.setFrameShape(QFrame.Shape.Box)
        self.setFrameShadow(QFrame.Shadow.Plain)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self._place = place
        self._drawing = Drawing("duel", "")
        self._text = words("", "first_card_text")
        self.train_button = set_object_name(QPushButton(), "first_card_train_button")
        self.lesson_button = set_object_name(QPushButton(), "first_card_lesson_button")
        self.plane_button = set_object_name(QPushButton(), "first_card_plane_button")
        self.close_button = set_object_name(QPushButton(), "first_card_close_button")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(3 * SPACING,) * 4)
        column.setSpacing(2 * SPACING)
        column.addWidget(self._drawing)
        column.addWidget(self._text)
        buttons = (self.train_button, self.lesson_button, self.plane_button, self.close_button)
        for first, second in (buttons[:2], buttons[2:]):  # what one begins with, and what is quieter
            column.addLayout(row := QHBoxLayout())
            row.addWidget(first, 1)
            row.addWidget(second, 1)
        for button in buttons:
            button.clicked.connect(self.close)
        CLOSE_TOP.shortcut(self, self.close)
        place.installEventFilter(self)
        self._say()
        self._lay()

    def _say(self) -> None:
        self._drawing.setAccessibleName(tr("G draws, D judges, both learn"))
        self._text.setText(
            "\n\n".join(
                (
                    tr(
                        "**G**, the generator, {data:draws} {data:pictures} out of random numbers, and has never seen "
                        "a real one."
                    ),
                    tr(
                        "**D**, the discriminator, is shown real and generated {data:pictures}, and says which are "
                        "which."
                    ),
                    tr("Each learns from the other, step by step, until D can hardly tell the difference."),
                )
            )
        )
        self.setAccessibleName(tr("Welcome"))
        self.setAccessibleDescription(self._text.text().replace("*", ""))
        for button, text in (
            (self.train_button, tr("Train")),
            (self.lesson_button, tr("Start lesson 1")),
            (self.plane_button, tr("See it in the plane first")),
            (self.close_button, tr("Just look around")),
        ):
            button.setText(text)
        self.train_button.setToolTip(tr("Train the first generator: it takes a minute"))
        self.lesson_button.setToolTip(tr("Learn in six minutes what you see here"))
        self.plane_button.setToolTip(tr("Points instead of pictures: everything that G and D do is seen at once"))

    def _lay(self) -> None:
        """Stay in the middle of the place, as large as the words need."""
        width = min(_WIDTH, self._place.width() - 4 * SPACING)
        size = QSize(width, self.heightForWidth(width))
        middle = self._place.mapTo(self.window(), QPoint(self._place.width() // 2, self._place.height() // 2))
        self.setGeometry(middle.x() - size.width() // 2, middle.y() - size.height() // 2, size.width(), size.height())
        self.raise_()

    def eventFilter(self, _place: QObject, event: QEvent) -> bool:
        """The window got another size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.isVisible():
            self._lay()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange) and self.isVisible():
            self._say()
            self._lay()

    def closeEvent(self, event: QCloseEvent) -> None:
        """It was read; a window that is closed behind it closes no card."""
        super().closeEvent(event)
        self.closed.emit()

    def greet(self) -> None:
        """Be seen, with the keyboard on Train: Space trains, as it does without the card."""
        self.show()
        self._lay()
        self.train_button.setFocus(Qt.FocusReason.OtherFocusReason)
