"""The column at the left in which a lesson is chosen and read; it shows what it is given, and says what is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import tr, trn
from engine.lessons.lesson import LessonStep, Quiz
from engine.lessons.player import LessonPlayer
from studio.help.help_button import HelpButton
from studio.learn.lesson_list import LessonList
from studio.learn.page_dots import PageDots
from studio.learn.quiz_page import QuizPage
from studio.learn.step_page import StepPage
from studio.theme import SPACING
from studio.widgets.base.bold import heading
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.scrolling import scroll_down


class LearnColumn(View):
    """``list`` and, while one is open, the page of a lesson. The buttons are public for who connects them."""

    answered = Signal(int, int)
    page_requested = Signal(int)
    setup_requested = Signal()
    reveal_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("learn_column")
        self.list = LessonList()
        self.page: StepPage | QuizPage | None = None
        self._player: LessonPlayer | None = None
        self.list_button = set_object_name(QToolButton(autoRaise=True), "lesson_list_button")
        self.close_button = set_object_name(QToolButton(autoRaise=True), "close_lessons_button")
        self.back_button = set_object_name(QPushButton(), "lesson_back_button")
        self.next_button = set_object_name(QPushButton(), "lesson_next_button")
        self._title, self._heading = QLabel(wordWrap=True), heading()
        self._title.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )  # no title widens the column
        self._heading.setObjectName("lesson_heading")
        self._dots, self._state = PageDots(), set_object_name(QLabel(wordWrap=True), "lesson_state")
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        self._dots.chosen.connect(self.page_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING // 2, SPACING)
        column.setSpacing(SPACING)
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.list_button)
        top.addWidget(self._title, 1)
        top.addWidget(HelpButton("lessons", self))
        top.addWidget(self.close_button)
        column.addWidget(self._top)
        self._body = QWidget()
        self._place = QVBoxLayout(self._body)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.addStretch()
        self._scrolled = QWidget()
        self._scroll = scroll_down(self._scrolled, self._body)
        self._lesson = QWidget()
        lesson = QVBoxLayout(self._lesson)
        lesson.setContentsMargins(0, 0, 0, 0)
        lesson.setSpacing(SPACING)
        for part in (self._dots, self._heading, self._scrolled, self._state):
            lesson.addWidget(part, 1 if part is self._scrolled else 0)
        self._ways = QWidget()
        ways = QHBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.addWidget(self.back_button)
        ways.addStretch()
        ways.addWidget(self.next_button)
        lesson.addWidget(self._ways)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._lesson)
        column.addWidget(self._stack, 1)

    # --- what is shown

    def show_list(self) -> None:
        """Show the lessons to choose from."""
        focus = self._focused()
        self._take_page(None)
        self._player = None
        self._stack.setCurrentWidget(self.list)
        self.list_button.hide()
        self.retranslate()
        self._follow(focus)

    def show_player(self, player: LessonPlayer) -> None:
        """Show the open page of ``player``."""
        focus = self._focused()
        self._player, page = player, player.open_page
        made: StepPage | QuizPage
        if isinstance(page, Quiz):
            made = QuizPage(player, page)
            made.answered.connect(self.answered)
            made.explained.connect(self._bring)
        else:
            assert isinstance(page, LessonStep)
            made = StepPage(player, page)
            made.setup_requested.connect(self.setup_requested)
            made.reveal_requested.connect(self.reveal_requested)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so it is read, and scrolled with the arrow keys
        made.setAccessibleName(page.title)
        made.setAccessibleDescription(page.text)
        self._take_page(made)
        self._stack.setCurrentWidget(self._lesson)
        self.list_button.show()
        self._scroll.verticalScrollBar().setValue(0)
        self.retranslate()
        self._follow(focus)

    def _bring(self, explained: QWidget) -> None:
        """Scroll to what was ``explained`` below the edge, once it has its place."""
        QTimer.singleShot(0, explained, lambda: self._scroll.ensureWidgetVisible(explained))

    def show_measured(self, *, counts: bool, can_resume: bool) -> None:
        """Show anew what of the open page is reached."""
        if isinstance(self.page, StepPage):
            self.page.show_measured(counts=counts, can_resume=can_resume)
        self._say_state(counts=counts)

    def show_reachable(self, is_hidden: bool) -> None:
        """Offer to bring the control of the step into sight where it is not."""
        if isinstance(self.page, StepPage):
            self.page.show_reachable(is_hidden)

    def set_presentation(self, is_on: bool) -> None:
        """Show the text of the step and the ways to the next and the last one alone, until this is taken back."""
        self._top.setVisible(not is_on)

    def _take_page(self, page: StepPage | QuizPage | None) -> None:
        if self.page is not None:
            self.page.hide()
            self.page.setParent(None)
            self.page.deleteLater()
        self.page = page
        if page is not None:
            self._place.insertWidget(0, page)
            page.show()  # at once: Qt would, once all else has been laid out and painted

    def _follow(self, focus: QWidget | None) -> None:
        """Let the keyboard go on where the page begins, if what had the ``focus`` is gone with the one before."""
        if focus is None or focus.isVisible() or not self.isVisible():
            return
        # Without a ring, as the window itself: only what Tab leads to is one control among others.
        (self.page or self.list.list).setFocus(Qt.FocusReason.MouseFocusReason)

    def _focused(self) -> QWidget | None:
        """Return the part of the column that has the focus."""
        focus = QApplication.focusWidget()
        return focus if focus is not None and self.isAncestorOf(focus) else None

    def _say_state(self, *, counts: bool = True) -> None:
        player = self._player
        if player is None:
            return
        pages = range(len(player.lesson.pages))
        titles = [page.title for page in player.lesson.pages]
        self._dots.show_pages(tuple(map(player.is_done, pages)), player.page, titles)
        self.back_button.setEnabled(player.page > 0)
        step = player.step
        if player.is_done():
            told = tr("✓ Done. Go on whenever you like.") if step is not None else ""
        elif step is not None and step.checks and not counts:
            told = (
                tr("What was trained before this lesson does not count: train, or open a run.")
                if step.setup is None
                else tr("What was trained before does not count here: take the recipe of this step, and train.")
            )
        elif step is None:
            told = trn("{count} question is still open.", "{count} questions are still open.", player.open_questions)
        else:
            told = ""
        self._state.setText(told)
        self._state.setVisible(bool(told))
        self.next_button.setDefault(player.is_done())

    # --- language

    def retranslate(self) -> None:
        """Say everything in the current language; a lesson in another one comes by ``show_player``."""
        self.setAccessibleName(tr("Lessons"))
        player = self._player
        self._title.setText(player.lesson.title if player is not None else tr("Lessons"))
        self._title.setToolTip(self._title.text())
        self._heading.setText(player.open_page.title if player is not None else "")
        for button, text, tip in (
            (self.list_button, "☰", tr("All lessons")),
            (self.close_button, "✕", tr("Close the lessons")),
            (self.back_button, tr("Back"), tr("The page before")),
            (self.next_button, self._next_word(), tr("The next page")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self._say_state()

    def _next_word(self) -> str:
        if self._player is not None and self._player.is_last:
            return tr("Finish")
        return tr("Next")
