"""The page that searches, whole: where its panels stand. It knows no service."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter

from engine.config import Config
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.base.object_names import set_object_name
from studio.workspaces.compare.search.contact_sheet import ContactSheet
from studio.workspaces.compare.search.form import SearchForm
from studio.workspaces.compare.search.trial_panel import TrialPanel
from studio.workspaces.compare.search.why_panel import WhyPanel


class SearchPage(LookedAt):
    """The form; beside it the contact sheet, below that why some trials are better, at the right the chosen trial."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.setObjectName("search_page")
        self.form, self.sheet, self.why, self.trial = SearchForm(config), ContactSheet(), WhyPanel(), TrialPanel()
        self.halves = set_object_name(QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False), "search_halves")
        for part, share in ((self.sheet, 3), (self.why, 2)):
            self.halves.addWidget(part)
            self.halves.setStretchFactor(self.halves.indexOf(part), share)
        self.sides = set_object_name(QSplitter(childrenCollapsible=False), "search_sides")
        for side, stretch in ((self.halves, 3), (self.trial, 1)):
            self.sides.addWidget(side)
            self.sides.setStretchFactor(self.sides.indexOf(side), stretch)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.form)
        layout.addWidget(self.sides, 1)
