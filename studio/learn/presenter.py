"""Opens the learn column beside the workspaces, feeds it, and lets its steps point at the window."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from engine.class_file import ABOVE
from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.i18n import joined, mark, tr, trn
from engine.recipes import recipe
from studio.commands import Command
from studio.context import Context
from studio.guard import guarded
from studio.learn.aim import SETUP, aim
from studio.learn.introductions import Introductions
from studio.model.work_state import WorkState
from studio.presenters.left_out import tell_all
from studio.presenters.plans import Plans
from studio.settings import Settings
from studio.text.kept import kept_told
from studio.widgets.layouts.laid_out_first import laid_out_first
from studio.widgets.layouts.sideways import Sideways
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.workers.failure import Failure
from studio.workspace import go_to

if TYPE_CHECKING:
    from engine.lessons.lesson import LessonStep
    from studio.learn.first_card import FirstCard
    from studio.learn.learn_column import LearnColumn
    from studio.learn.pointing import Pointing
    from studio.services.lessons import LessonsService

FIRST, IN_THE_PLANE = "01-what-is-a-gan", "00-points-in-the-plane"
LAYOUT = "learn"  # what the settings call it
_COLUMN = "learn_column"
_WIDTH, _PRESENTED_SHARE = 262, 0.32
_LOOK_MS = 400  # for a control that is built, folded or scrolled away meanwhile
_ABOUT, _FILES, _TAKEN = "lessons", "lesson files", "options of a step"


@guarded
class Learning(QObject):
    """``place`` holds the workspaces, and the column at their left once somebody asked for it."""

    def __init__(self, stack: QStackedWidget, context: Context, plans: Plans) -> None:
        self.place = WishedSplitter(Qt.Orientation.Horizontal, {_COLUMN: self._usual_width})
        super().__init__(self.place)
        self.place.addWidget(Sideways(stack))
        self._stack, self._context, self._plans = stack, context, plans
        self._is_presented, self._of_class = False, ""
        self._card: FirstCard | None = None
        self._taken: LessonStep | None = None  # the last one whose options were, which locks may have kept others of
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        context.services.training.state_changed.connect(self._on_training)

    # --- the column

    @property
    def _is_made(self) -> bool:
        return "column" in vars(self)

    @property
    def is_open(self) -> bool:
        """Whether the column is seen."""
        return self._is_made and not self.column.isHidden()

    @cached_property
    def column(self) -> LearnColumn:
        """The column, made when it is first opened."""
        from studio.learn.learn_column import LearnColumn  # late: nobody learns before the window is there

        column = LearnColumn()
        service = self.service
        column.list.chosen.connect(service.open)
        column.answered.connect(self._on_answered)
        column.page_requested.connect(service.go_to)
        column.setup_requested.connect(self.take_setup)
        column.reveal_requested.connect(self._reveal)
        column.list_button.clicked.connect(service.close)
        column.close_button.clicked.connect(self.toggle)
        column.back_button.clicked.connect(self.go_back)
        column.next_button.clicked.connect(service.go_on)
        column.installEventFilter(self)
        column.hide()
        service.listed.connect(self._show)
        service.opened.connect(self._show)
        service.left.connect(column.list.choose)
        service.left.connect(lambda _: column.list.list.setFocus(Qt.FocusReason.MouseFocusReason))  # to choose at once
        service.measured.connect(self._show_measured)
        service.reached.connect(self._show_measured)
        service.failed.connect(self._on_failed)
        service.left_out.connect(self._on_left_out)
        return column

    @cached_property
    def _pointing(self) -> Pointing:
        from studio.learn.pointing import Pointing

        return Pointing(self.place, self._context.commands)

    @cached_property
    def service(self) -> LessonsService:
        """What plays lessons, made when it is first asked for."""
        from studio.services.lessons import LessonsService

        return LessonsService(self._context.services)

    def toggle(self) -> None:
        """Open the column, or fold it away; the lesson stays open in it."""
        self._set_open(not self.is_open)

    def open(self, name: str, *, is_of_class: bool = False) -> None:
        """Open the column, and in it the lesson ``name``; one that ``is_of_class`` sets what the class keeps, too."""
        self._of_class = name if is_of_class else self._of_class
        self._set_open(True)
        self.service.open(name)

    def leave_class(self) -> None:
        """Let no lesson be that of the class any more; the one that is open stays."""
        self._of_class = ""

    def _set_open(self, is_open: bool) -> None:
        self._show_column(is_open)
        if is_open:
            self.column.list.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._context.commands.refresh()

    def _show_column(self, is_open: bool) -> None:
        is_first = not self._is_made
        with laid_out_first(self.place):
            if is_first:
                self.place.insertWidget(0, self.column)
            self.column.setVisible(is_open)
            self.place.apply()
        if is_first:
            self.service.list_lessons()
            self._show()
        else:
            if is_open and self.service.player is None:
                self.service.list_lessons()
            self._point()

    def _usual_width(self, window: int) -> int:
        return max(round(_PRESENTED_SHARE * window) if self._is_presented else 0, _WIDTH)

    def commands(self) -> Iterable[Command]:
        """Return what opens the column and walks through a lesson."""

        def why_not() -> str:
            return "" if self._is_made and self.service.player is not None else tr("No lesson is open.")

        def why_not_from_afar() -> str:
            return why_not() or ("" if self._is_presented else tr("Nothing is being presented."))

        yield Command(
            "learn_panel",
            "Help",
            mark("&Lessons"),
            self.toggle,
            ("F8",),
            mark("Learn step by step, with lessons that check what you reached"),
            is_on=lambda: self.is_open,
        )
        forward, back = (lambda: self.service.go_on()), self.go_back
        turns = (
            ("next_page", mark("&Next page of the lesson"), forward, "Shift+F8", why_not),
            ("previous_page", mark("&Previous page of the lesson"), back, "Ctrl+F8", why_not),
            # As a presenter's remote says it; elsewhere these keys belong to lists, texts and sliders.
            (
                "present_next_page",
                mark("Next page of the lesson that is presented"),
                forward,
                "PgDown",
                why_not_from_afar,
            ),
            (
                "present_previous_page",
                mark("Previous page of the lesson that is presented"),
                back,
                "PgUp",
                why_not_from_afar,
            ),
        )
        for name, title, do, key, reason in turns:
            yield Command(name, "Help", title, do, (key,), why_not=reason)

    def go_back(self) -> None:
        """Open the page before."""
        if self.service.player is not None:
            self.service.go_to(self.service.player.page - 1)

    # --- what is kept of the layout

    def restore(self, settings: Settings) -> None:
        """Open the column where it was open when the window was closed, unless a class opened its own lesson by now."""
        Introductions(self._stack, self._context)
        state = settings.layout_of(LAYOUT)
        if width := state.get("width", 0):
            self.place.wished[_COLUMN] = width
        if self.is_open:
            self.place.apply()
        elif state.get("open", 0):
            self._show_column(True)
            if settings.lesson:
                self.service.open(settings.lesson)
            self._context.commands.refresh()
        elif not settings.is_welcomed and not self._context.services.training.is_busy:
            self._greet()

    def _greet(self) -> None:
        """Show the card of the first start, until somebody has read it."""
        from studio.learn.first_card import FirstCard  # late: most starts are not the first

        self._card = card = FirstCard(self.place)
        card.closed.connect(self._on_greeted)
        card.train_button.clicked.connect(lambda: self._context.commands.do("train"))
        for button, lesson in ((card.lesson_button, FIRST), (card.plane_button, IN_THE_PLANE)):
            button.clicked.connect(lambda _checked=False, name=lesson: self.open(name))
        self._context.services.training.started.connect(card.close)
        self._stack.currentChanged.connect(card.close)  # who goes elsewhere looks around, and has it not in the way
        card.greet()

    def _on_greeted(self) -> None:
        self._card, self._context.settings.is_welcomed = None, True

    def keep(self, settings: Settings) -> None:
        """Remember whether it is open, how wide, and with which lesson."""
        player = self.service.player if self._is_made else None
        settings.lesson = player.lesson.name if player is not None else ""
        settings.set_layout_of(LAYOUT, {"open": int(self.is_open), "width": self.place.wished.get(_COLUMN, 0)})

    def regions(self) -> list[QWidget]:
        """Return what F6 walks to."""
        return [self.column] if self.is_open else []

    def above(self) -> list[QWidget]:
        """Return what lies upon the window, and keeps the keyboard until it was read."""
        return [self._card] if self._card else []

    def set_presentation(self, is_on: bool) -> None:
        """Show only the text of a step, large, with the ways to the others."""
        self._is_presented = is_on
        if not self._is_made:
            return
        self.column.set_presentation(is_on)
        self.place.apply()

    # --- what is shown

    def _show(self) -> None:
        service = self.service
        if service.player is not None:
            step = service.player.step
            if step is not None and step.workspace:
                self._context.commands.do(go_to(step.workspace))
            if self._card is not None:
                self._card.close()
            self.column.show_player(service.player)
            self._show_measured()
        else:
            self.column.list.show_lessons(service.lessons(), service.progress)
            self.column.show_list()
        self._point()
        self._context.commands.refresh()

    def _show_measured(self) -> None:
        self.column.show_measured(counts=self.service.counts(), can_resume=self.service.can_resume())

    def _on_answered(self, question: int, chosen: int) -> None:
        self.service.answer(question, chosen)
        self._show_measured()

    def eventFilter(self, _column: QObject, event: QEvent) -> bool:
        """In another language there is another text; whoever comes back may have brought or mended a lesson."""
        if event.type() == QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self.service.speak)
        elif event.type() == QEvent.Type.WindowActivate and self.is_open and self.service.player is None:
            self.service.list_lessons()
        return False

    # --- pointing

    def _point(self) -> None:
        player = self.service.player
        if player is not None and player.step is not None and self.is_open:
            self._looking.start()
        else:
            self._looking.stop()
        self._look()

    def _aim(self) -> str:
        player, service = self.service.player, self._context.services
        if player is None or player.step is None or not self.is_open:
            return ""
        has_run = service.shown.run is not None and self.service.counts()
        setup = player.step.setup
        is_taken = player.step is self._taken or (setup is not None and setup.is_of(self._context.plan.config))
        is_stopped = self.service.can_resume()
        return aim(player, service.training.state, has_run=has_run, is_taken=is_taken, is_stopped=is_stopped)

    def _look(self) -> None:
        name = self._aim()
        self._pointing.point_at(name)
        if self._is_made:
            self.column.show_reachable(self._pointing.is_hidden and name != SETUP and not self._is_presented)

    def _reveal(self) -> None:
        self._pointing.reveal()
        self._look()

    # --- what a step proposes

    def take_setup(self) -> None:
        """Plan with the options of the open step; it can be undone as any other choice of options."""
        player = self.service.player
        step = player.step if player is not None else None
        if player is None or step is None or step.setup is None:
            return
        try:
            config: Config = recipe(step.setup.recipe).config(**step.setup.values)
        except UserError as error:
            self._context.messages.warn(error.message, error.hint, about=_ABOUT)
            return
        plan, is_of_class = self._context.plan, player.lesson.name == self._of_class
        above = [name for name in ABOVE if getattr(config, name) != getattr(plan.config, name)]
        if not is_of_class and not all(map(self._plans.may_choose, above)):
            return
        self._plans.show_config(config, "recipe", opens_locks=is_of_class)
        self._taken = step
        kept = [name for name in OPTIONS if name in plan.locked and getattr(plan.config, name) != getattr(config, name)]
        training = self._context.services.training
        self._context.messages.tell(
            lambda: joined(_taken_told(is_busy=training.is_busy), kept_told(kept) if kept else ""), about=_TAKEN
        )

    def _on_training(self, state: WorkState) -> None:
        """Say what a step proposed as it is now: what had to be stopped first is over, or what was to begin begins."""
        if state is WorkState.PREPARING:
            self._context.messages.retract(_TAKEN)
        elif state is WorkState.IDLE:
            self._context.messages.retranslate()

    # --- troubles

    def _on_failed(self, failed: Failure) -> None:
        self._context.messages.warn(failed.message, failed.hint, failed.details, about=_ABOUT)

    def _on_left_out(self, faults: list[UserError]) -> None:
        if not faults:
            self._context.messages.retract(_FILES)
            return
        tell_all(
            self._context.messages,
            lambda count: trn("{count} mistake in your lessons:", "{count} mistakes in your lessons:", count),
            faults,
            _FILES,
        )


def _taken_told(*, is_busy: bool) -> str:
    if is_busy:
        return tr("The options of this step are taken for the next training: stop this one, then press Train.")
    return tr("The options of this step are taken. Press Train.")
