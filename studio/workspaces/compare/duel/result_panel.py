"""What a blind duel has shown: the ranking, and where eye and number disagree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (  # fmt: skip
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import again, tr
from engine.pictures import tile
from engine.preference.disagreement import disagreements, told
from engine.preference.duel import Duel
from engine.preference.players import Player
from engine.runs.pictures import small
from studio.text.duel import player_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.widgets.plots.eye_plot import EyePlot, EyePoint
from studio.widgets.tables.airy import give_air

_RANKING = 46 * SPACING
_HIGH = 136
_SIDE = 2  # pictures of a thumbnail, across and down
_KEY = Qt.ItemDataRole.UserRole


class ResultPanel(View):
    """``opened`` carries the key of the one that a person wants to look at."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._duel: Duel | None = None
        self._said = ""
        self.sentence = set_object_name(QLabel(wordWrap=True), "duel_sentence")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.list = set_object_name(QTreeWidget(), "duel_ranking")
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setColumnCount(4)
        self.plot = set_object_name(EyePlot(), "eye_plot")
        self._lay_out()
        self.list.currentItemChanged.connect(lambda *_: self.plot.choose(self._current))
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(0, _KEY)))
        self.plot.chosen.connect(self._choose)
        self.retranslate()

    def show_duel(self, duel: Duel | None) -> None:
        """Show what the answers of ``duel`` say by now."""
        self._duel = duel
        self._said = told(list(duel.players.values()), duel.ranking) if duel else ""
        self._fill()
        self._draw()
        self.sentence.setText(self._said)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.list.setHeaderLabels([tr("Who"), tr("Preferred"), tr("Fréchet"), tr("Answers")])
        self.list.setAccessibleName(tr("Ranking"))
        self.plot.setAccessibleName(tr("Preference against Fréchet distance"))
        self.plot.setToolTip(
            tr("Where eye and number agree, pictures lie on a line that falls to the right; dashed lines join those on"
               " which they disagree. Click one to find it in the ranking")
        )  # fmt: skip
        self.sentence.setText(again(self._said))
        self.plot.retranslate()
        self._fill()

    @property
    def _current(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _KEY)) if item is not None else ""

    def _lay_out(self) -> None:
        header = self.list.header()
        give_air(self.list, header)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        halves = WishedSplitter(Qt.Orientation.Horizontal, {"duel_ranking": lambda _: _RANKING})
        halves.addWidget(self.list)
        halves.addWidget(self.plot)
        self.list.setMinimumWidth(_RANKING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.sentence)
        layout.addWidget(halves, 1)

    def _fill(self) -> None:
        """List all who take part, the best first, those whom nobody has met last."""
        kept = self._current
        self.list.clear()
        if self._duel is None:
            return
        scores = self._duel.ranking.scores
        players = self._duel.players
        for key in [*scores, *(key for key in players if key not in scores)]:
            texts = player_told(self._duel, players[key])
            item = QTreeWidgetItem([str(again(text)) for text in texts])
            item.setData(0, _KEY, key)
            item.setToolTip(0, texts[0])
            for column in range(1, 4):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.list.addTopLevelItem(item)
        self._choose(kept)

    def _draw(self) -> None:
        if self._duel is None:
            self.plot.show_points((), ())
            return
        ranking, players = self._duel.ranking, list(self._duel.players.values())
        points = [
            EyePoint(player.key, player.frechet, score, _thumbnail(player))
            for player in players
            if player.frechet and (score := ranking.score(player.key)) is not None
        ]
        found = disagreements(players, ranking)
        self.plot.show_points(points, [(each.preferred.key, each.other.key) for each in found])

    def _choose(self, key: str) -> None:
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            if item is not None and item.data(0, _KEY) == key:
                self.list.setCurrentItem(item)


def _thumbnail(player: Player) -> NDArray[np.uint8]:
    """Return some pictures of ``player``, of different classes where there are any."""
    count = _SIDE * _SIDE
    stride = 1 if player.labels else max(len(player.pictures) // count, 1)
    some = player.pictures[::stride][:count]
    return small(tile(some, min(_SIDE, len(some))), _HIGH)  # the one picture of all points is large
