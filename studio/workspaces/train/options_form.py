"""The options of a training, built from the single declaration in ``engine.config``.

It knows no option by name, save the two that others follow: the architecture of the networks and the loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.config import GROUP_TITLES, OPTIONS, Config, Option
from engine.datasets import sets
from engine.errors import UserError
from engine.i18n import tr
from engine.recipes import DEFAULT_RECIPE, RECIPES
from studio import theme
from studio.help.help_button import HelpButton
from studio.help.topics import group_topic
from studio.text.search import folded
from studio.widgets.base.bold import bold
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.option_group import OptionGroup
from studio.widgets.fields.option_row import OptionRow, words_of
from studio.widgets.fields.row_ruler import RowRuler
from studio.widgets.fields.search_line import SearchLine
from studio.widgets.layouts.least_size import least_size
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.layouts.section import Section
from studio.widgets.messages.warning_line import WarningLine

_FOLLOWED = ("architecture", "loss")


class OptionsForm(View):
    """A form for a ``Config``: the basic options open, every other group a section that opens.

    ``changed(name, value)`` tells what the person set; ``sensible_changed`` whether the options make sense together,
    which the line at the top explains where they do not. While training, only options that may change live can be
    edited.
    """

    changed = Signal(str, object)
    edited = Signal(str, Config, Config)
    """What the person set, and the ``Config`` before and after; it comes before ``changed``."""
    sensible_changed = Signal(bool)
    shown = Signal()
    """Other options are shown than before."""

    def __init__(self, config: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("options_form")
        self._config = config
        self.is_sensible = True
        self._is_training = False
        self._locked: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()
        self._has_room_for: object = None  # what its width was measured for, last
        self._basic_title, self._advanced_title, self._nothing = _heading(), _heading(), QLabel(wordWrap=True)
        self._nothing.setObjectName("no_option_matches")
        self.warning = set_object_name(WarningLine(), "options_warning")
        self.filter = set_object_name(SearchLine(), "options_filter")
        self.filter.textChanged.connect(self._show_rows)
        self.filter.returnPressed.connect(self._go_to_found)
        self.filter.left_downward.connect(self._go_to_found)
        self._shown: set[str] = set()
        self._unused: dict[str, str] = {}
        groups = self._groups = {group: self._group(group) for group in GROUP_TITLES}
        self.rows: Mapping[str, OptionRow] = _Rows(groups)
        """The line of each option, by its name; what is asked for is built."""
        self._basic = groups["basic"]
        self._live_note = set_object_name(QLabel(wordWrap=True), "live_note")
        self._live_note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.sections = {name: _section(name, group) for name, group in groups.items() if name != "basic"}
        self._basic_head = _line(self._basic_title, HelpButton(group_topic("basic"), self._basic))
        self._lay_out()
        self.set_config(config)
        self._ruler = RowRuler(next(row for row in self._built_rows() if row.question is not None))
        self.retranslate()

    def config(self) -> Config:
        """Return what the form shows."""
        return self._config

    def set_config(self, config: Config) -> None:
        """Show ``config``; no option counts as changed by a person."""
        self._config = config
        recipe = RECIPES.get(config.recipe, RECIPES[DEFAULT_RECIPE])
        chosen = {name: getattr(config, name) for name in _FOLLOWED}
        self._known = recipe.config(**chosen).changed(**{name: getattr(recipe.config(), name) for name in _FOLLOWED})
        for row in self._built_rows():
            self._show_value(row)
        self._judge()
        self._show_rows()
        self.shown.emit()

    def seek(self) -> None:
        """Let the person type what they seek."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _go_to_found(self) -> None:
        """Go from the search to the first option that it found and that can be set."""
        found = (row.editor for row in self._built_rows() if row.editor.isVisible() and row.editor.isEnabled())
        if self.filter.text() and (first := next(found, None)) is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def finish_editing(self) -> None:
        """Read what is still being typed."""
        for row in self._built_rows():
            row.finish()

    def set_training(self, training: bool) -> None:
        """Leave only the options that may change live to the person while ``training``."""
        self._is_training = training
        self._show_rows()

    def restrict(self, locked: frozenset[str], hidden: frozenset[str]) -> None:
        """Let nobody change the options ``locked``, and show none of those that are ``hidden``."""
        self._locked, self._hidden = locked, hidden
        self.filter.clear()  # a class that begins or ends shows what there is in it
        self._show_rows()

    def least_width(self, group: str) -> int:
        """Return how narrow the options of ``group`` may be, also before they are there."""
        return self._groups[group].least_width(self._ruler, self._shown, self._config)

    def editor(self, name: str) -> QWidget:
        """Return the widget that edits the option ``name``."""
        return self.rows[name].editor

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self._basic_title.setText(tr(GROUP_TITLES["basic"]))
        self._advanced_title.setText(tr("Advanced"))
        self._live_note.setText(tr("• may change while it trains"))
        self._nothing.setText(tr("No option matches."))
        self.filter.setPlaceholderText(tr("Find an option"))
        self.filter.setAccessibleName(tr("Find an option"))
        self.filter.setToolTip(tr("Shows only the options whose name or explanation contains this text."))
        for group, section in self.sections.items():
            section.header.setText(tr(GROUP_TITLES[group]))
        self._judge()
        if self.filter.text():
            self._show_rows()  # what is sought is sought in other words

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the widths of all parts are known; what was there already has its room."""
        super().showEvent(event)
        if self._has_room_for != self._in_it():
            self._make_room()

    # --- building

    def _group(self, name: str) -> OptionGroup:
        group = OptionGroup(option for option in OPTIONS.values() if option.group == name)
        group.row_made.connect(self._take_in)
        return group

    def _take_in(self, row: OptionRow) -> None:
        row.edited.connect(self._on_edited)
        row.problem_changed.connect(self._judge)
        self._show_value(row)
        self._show_row(row)

    def _built_rows(self) -> Iterator[OptionRow]:
        return (row for group in self._groups.values() for row in group.rows.values())

    def _lay_out(self) -> None:
        content = self._content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.SPACING, theme.SPACING, theme.SPACING, theme.SPACING)
        column.setSpacing(theme.SPACING // 2)
        sections = self.sections.values()
        for part in (self._basic_head, self._basic, self._live_note, self._advanced_title, *sections, self._nothing):
            column.addWidget(part)
        column.addStretch()
        self._scroll = scroll_down(self, content)
        search = _line(self.filter, HelpButton("options", self))
        search.setContentsMargins(theme.SPACING, theme.SPACING // 2, theme.SPACING, 0)
        panel = self.layout()
        assert isinstance(panel, QVBoxLayout)
        panel.setSpacing(0)
        panel.insertWidget(0, self.warning)
        panel.insertWidget(1, search)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs more room, once all parts have heard of it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
            self._has_room_for = None
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._make_room)

    def _make_room(self) -> None:
        """Be wide enough for every group, open or not, so that opening one moves nothing."""
        headers = max(least_size(section).width() for section in self.sections.values())
        widest = max(headers, *map(self.least_width, self._groups))
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumWidth(widest + 2 * theme.SPACING + bar)
        self._has_room_for = self._in_it()

    def _in_it(self) -> object:
        """What decides how wide it is, as long as text looks the same: the lines, and what stands in their boxes."""
        return self._shown, self._config

    # --- what is shown

    def _show_rows(self) -> None:
        """Show the options that matter for this training; sought ones also where they do not, with the reason."""
        words = folded(self.filter.text()).split()
        options = [option for group in self._groups.values() for option in group.options.values()]
        self._unused = {name: why for name, why in self._config.unused().items() if not self._is_in_the_way(name)}
        shown = {it.name for it in options if (words or it.name not in self._unused) and _speaks_of(it, words)}
        self._shown = shown = shown - self._hidden
        for row in self._built_rows():
            self._show_row(row)
        groups = {OPTIONS[name].group for name in shown}
        self._basic_head.setVisible("basic" in groups)
        for part in (self._basic, self._live_note):
            part.setVisible("basic" in groups)
        self._advanced_title.setVisible(bool(groups - {"basic"}))
        self._nothing.setVisible(not shown)
        for group, section in self.sections.items():
            section.setVisible(group in groups)
            section.force_open(bool(words) and group in groups)

    def _show_value(self, row: OptionRow) -> None:
        name = row.option.name
        row.show_value(getattr(self._config, name), getattr(self._known, name))

    def _show_row(self, row: OptionRow) -> None:
        name = row.option.name
        row.set_shown(name in self._shown)
        row.set_unused(self._unused.get(name, ""))
        row.set_kept(name in self._locked)
        other = self._config.overruled().get(name, "")
        row.set_overruled(OPTIONS.get(other), getattr(self._config, other, None))
        may_change = name not in self._unused and self._locked.isdisjoint({name, other})
        row.set_editable(may_change and (not self._is_training or row.option.live))

    def _is_in_the_way(self, name: str) -> bool:
        """Whether the value of ``name`` may be what makes no sense, so that it must be within reach."""
        return not self.is_sensible and getattr(self._config, name) != getattr(self._known, name)

    def _on_edited(self, name: str, value: object) -> None:
        before = self._config
        if name in _FOLLOWED:
            kept = {each: getattr(before, each) for each in self._locked}
            self.set_config(self._config.adapted(**{name: str(value)}).changed(**kept))
        else:
            self._config = self._config.given(**{name: value})
            for row in self._built_rows():
                if row.option.name == OPTIONS[name].overruled_by:
                    self._show_value(row)
            self._judge()
            self._show_rows()
        self.edited.emit(name, before, self._config)
        self.changed.emit(name, value)

    def _judge(self) -> None:
        """Say whether what was typed is taken and the options make sense together, and why not."""
        problem = next((found for row in self._built_rows() if (found := row.problem())), None)
        self.warning.show_error(problem or _nonsense_in(self._config))
        was_sensible, self.is_sensible = self.is_sensible, self.warning.isHidden()
        if was_sensible != self.is_sensible:
            self.sensible_changed.emit(self.is_sensible)


class _Rows(Mapping[str, OptionRow]):
    """The lines of all groups, each group built when one of its lines is asked for."""

    def __init__(self, groups: Mapping[str, OptionGroup]) -> None:
        self._groups = groups

    def __getitem__(self, name: str) -> OptionRow:
        group = self._groups[OPTIONS[name].group]
        group.build()
        return group.rows[name]

    def __iter__(self) -> Iterator[str]:
        return (name for group in self._groups.values() for name in group.options)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _nonsense_in(config: Config) -> UserError | None:
    try:
        config.check()
        sets.check_classes(config.dataset, config.classes)
    except UserError as error:
        return error
    return None


def _section(group: str, content: QWidget) -> Section:
    return Section(content, HelpButton(group_topic(group), content))


def _line(part: QWidget, button: HelpButton) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(part, 1)
    row.addWidget(button)
    return line


def _heading() -> QLabel:
    label = QLabel()
    label.setFont(bold(label.font()))
    return label


def _speaks_of(option: Option, words: list[str]) -> bool:
    return all(word in words_of(option) for word in words)
