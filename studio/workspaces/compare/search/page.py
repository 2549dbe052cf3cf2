"""The page that searches, whole: where its panels stand. It knows no service."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from engine.config import Config
from studio.theme import SPACING
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.workspaces.compare.search.contact_sheet import ContactSheet
from studio.workspaces.compare.search.form import SearchForm
from studio.workspaces.compare.search.trial_panel import TrialPanel
from studio.workspaces.compare.search.why_panel import WhyPanel

_FORM = 54 * SPACING  # about what the form takes of the window's width
_ROOM = 11 * SPACING  # the share of what is above the page


class SearchPage(LookedAt):
    """The form; beside it the contact sheet, below that why some trials are better, at the right the chosen trial."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.setObjectName("search_page")
        self.form, self.sheet, self.why, self.trial = SearchForm(config), ContactSheet(), WhyPanel(), TrialPanel()
        self.why.setObjectName("why_panel")
        self.halves = WishedSplitter(Qt.Orientation.Vertical, {"why_panel": lambda height: height * 2 // 5 - _ROOM})
        self.sides = WishedSplitter(Qt.Orientation.Horizontal, {"trial_panel": lambda width: (width - _FORM) // 4})
        for splitter, parts in ((self.halves, (self.sheet, self.why)), (self.sides, (self.halves, self.trial))):
            for part in parts:
                splitter.addWidget(part)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.form)
        layout.addWidget(self.sides, 1)
