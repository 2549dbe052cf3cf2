"""The families of runs as trees: each run a small picture, with lines to what branched off it; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.i18n import joined, number, tr
from engine.runs import ListedRun, words
from studio import theme
from studio.guard import guarded
from studio.help.help_button import HelpButton
from studio.model.family import Node, families, neighbor
from studio.part_keys import FAMILY_OPEN, FAMILY_WALK
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.pictures.image_view import picture_to_image
from studio.widgets.tables.thumbnail_delegate import PICTURE

_WIDTH, _GAP = 22 * SPACING, 12 * SPACING
_WAYS = ("left", "right", "up", "down")


@guarded
class FamilyView(QGraphicsView):
    """Draws the nodes; arrows go from run to run, Enter and a click open one."""

    run_chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.nodes: Sequence[Node] = ()
        self.current: Path | None = None
        self.places: dict[Path, QRectF] = {}

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Draw other trees; the run that was chosen stays so."""
        self.nodes = nodes
        if self.current not in [node.run.path for node in nodes]:
            self.current = nodes[0].run.path if nodes else None
        self.draw()

    def draw(self) -> None:
        """Draw everything in the colors and the text size of the moment."""
        scene, line = self.scene(), self.fontMetrics().height()
        scene.clear()
        height = PICTURE.height() + 2 * line + 3 * SPACING
        self.places = {
            node.run.path: QRectF(node.depth * (_WIDTH + _GAP), node.row * (height + SPACING), _WIDTH, height)
            for node in self.nodes
        }
        for node in self.nodes:
            if node.parent is not None:
                self._draw_line(node)
        for node in self.nodes:
            self._draw_node(node)
        scene.setSceneRect(scene.itemsBoundingRect().adjusted(-SPACING, -SPACING, SPACING, SPACING))
        self._tell()

    def _draw_node(self, node: Node) -> None:
        scene, place, roles = self.scene(), self.places[node.run.path], QPalette.ColorRole
        is_current = node.run.path == self.current
        ink = self.palette().color(roles.Highlight if is_current else roles.Mid)
        scene.addRect(place, QPen(ink, 3 if is_current else 1), self.palette().brush(roles.Base))
        if node.run.preview is not None:
            image = picture_to_image(node.run.preview).copy(0, 0, PICTURE.width(), PICTURE.height())
            scene.addPixmap(QPixmap.fromImage(image)).setPos(place.topLeft() + QPointF(SPACING, SPACING))
        line = self.fontMetrics().height()
        bottom = place.bottom() - 2 * line - SPACING
        self._write(words.title(node.run), place.left() + SPACING, bottom)
        measure = tr("Fréchet {value}", value=words.frechet(node.run)) if node.run.frechet is not None else ""
        self._write(joined(words.epochs(node.run), measure, between=" · "), place.left() + SPACING, bottom + line)

    def _draw_line(self, node: Node) -> None:
        assert node.parent is not None
        source, place = self.places[node.parent], self.places[node.run.path]
        begin, end = source.center(), place.center()
        begin.setX(source.right())
        end.setX(place.left())
        path = QPainterPath(begin)
        half = (begin.x() + end.x()) / 2
        path.cubicTo(half, begin.y(), half, end.y(), end.x(), end.y())
        branch = node.run.branch_of
        pen = QPen(theme.color("real"), 2)
        if branch is not None and not branch.is_exact:  # its networks alone: not by color, but by how it is drawn
            pen.setStyle(Qt.PenStyle.DashLine)
        self.scene().addPath(path, pen)
        if branch is not None:
            text = tr("epoch {epoch}", epoch=number(branch.epoch))
            self._write(text, place.left() - _GAP + SPACING, place.center().y() - 1.3 * self.fontMetrics().height())

    def _write(self, text: str, x: float, y: float) -> None:
        room = _WIDTH - 2 * SPACING
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        item = self.scene().addSimpleText(shown, self.font())
        item.setToolTip(text if shown != text else "")
        item.setBrush(self.palette().text())
        item.setPos(x, y)

    def _tell(self) -> None:
        """Let a screen reader say which run is chosen and where it comes from."""
        node = next((node for node in self.nodes if node.run.path == self.current), None)
        origin = words.origin(node.run) if node else ""
        comes = tr("comes from {origin}", origin=origin) if origin else ""
        self.setAccessibleDescription(joined(words.title(node.run), comes, between=", ") if node else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from run to run, and open one."""
        way = FAMILY_WALK.nth(event)
        if way is not None:
            self.current = neighbor(self.nodes, self.current, _WAYS[way])
            self.draw()
            if self.current is not None:
                self.ensureVisible(self.places[self.current])
        elif FAMILY_OPEN.nth(event) is not None and self.current is not None:
            self.run_chosen.emit(self.current)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the run that is clicked."""
        super().mouseReleaseEvent(event)
        point = self.mapToScene(event.position().toPoint())
        path = next((path for path, place in self.places.items() if place.contains(point)), None)
        if path is not None and event.button() == Qt.MouseButton.LeftButton:
            self.current = path
            self.draw()
            self.run_chosen.emit(path)


class FamilyPanel(View):
    """Shows the trees of the runs it is given, or says how one comes to be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = set_object_name(FamilyView(), "family_view")
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.legend = QLabel(wordWrap=True)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.legend, 1)
        head.addWidget(HelpButton("branch", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.addWidget(self._head)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.empty, 1)
        self.retranslate()
        self.show_runs(())

    def show_runs(self, runs: Sequence[ListedRun]) -> None:
        """Show the families among ``runs``."""
        nodes = families(runs)
        self.view.show_nodes(nodes)
        for part, is_shown in ((self.view, bool(nodes)), (self._head, bool(nodes)), (self.empty, not nodes)):
            part.setVisible(is_shown)

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(tr("No run branches off another one yet. Choose a run in the table, and “Branch off…”."))
        self.legend.setText(
            tr("A whole line: it went on exactly from that epoch. A dashed one: with the networks of that epoch alone.")
        )
        self.view.setAccessibleName(tr("Families of runs"))
        self.view.setToolTip(tr("Click a run to look at it; arrows go from run to run"))
        self.view.draw()

    def apply_palette(self) -> None:
        """Take the colors of the theme."""
        self.view.draw()
