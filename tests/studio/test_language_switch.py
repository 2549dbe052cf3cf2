"""A live switch of the language leaves no text of the other language behind, whatever the window has open."""

import errno
import re
from functools import cache
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

from engine import i18n
from engine.errors import UserError, reason
from engine.files import disk_error
from engine.i18n import again, joined, number, tr, trn
from engine.resources import RESOURCES
from studio import language, text_size
from studio.model.work_state import WorkState
from studio.panels.film_dialog import FilmDialog
from studio.panels.own_pictures import OwnPicturesDialog
from studio.panels.window_boxes import ask_whether_to_close
from studio.panels.workspace_bar import WorkspaceBar
from studio.widgets.base.view import View
from studio.widgets.dialogs.dialogs import FileDialog, MessageBox
from studio.widgets.plots.plot_legend import LegendLine
from studio.workers.failure import failure
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import settle
from tests.studio.loss_curves import history_of
from tests.test_translations import CATALOGS, sentences

_NAMES: dict[type, list[str]] = {}
_TEXTS = ("text", "toolTip", "windowTitle", "title", "placeholderText", "accessibleName", "accessibleDescription")
_FIELD = re.compile(r"\\\{[^{}]*\\\}")
WAIT = 20_000


@cache
def foreign(code):
    """Return a piece and a pattern for each sentence of the other language that is none of the language ``code``."""
    spanish = sentences(CATALOGS["es"]).items()
    pairs = [(source, said) for sources, told in spanish for source in sources for said in told]
    own = " ".join(pair[code == "es"] for pair in pairs).casefold()
    others = {pair[code != "es"] for pair in pairs if pair[0] != pair[1]}
    telling = [text for text in others if len(words_of(text)) >= 4 and words_of(text).casefold() not in own]
    return [(longest_piece(text), pattern(text)) for text in telling]


def longest_piece(text):
    """Return what of ``text`` stands between its fields: where that is not seen, the sentence is not."""
    return max(re.split(r"\{[^{}]*\}", text.replace("&", "")), key=len)


def words_of(text):
    return re.sub(r"\{[^{}]*\}|\W", " ", text.replace("&", "")).strip()


def pattern(text):
    return re.compile(rf"(?<!\w){_FIELD.sub('.{1,80}?', re.escape(text.replace('&', '')))}(?!\w)")


def texts_in(window):
    """Yield whatever a person sees, points at or hears in ``window`` and all windows that belong to it."""
    for widget in [window, *window.findChildren(QWidget)]:
        if type(widget).__module__.startswith("PySide6") and widget.window().inherits("QFileDialog"):
            continue  # Qt's own
        yield from (str(getattr(widget, name)()) for name in names_of_texts(widget))
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(row) for row in range(widget.count()))
        if isinstance(widget, QTabBar):
            yield from (widget.tabText(place) + "\n" + widget.tabToolTip(place) for place in range(widget.count()))
        if isinstance(widget, QTableView):
            yield from table_texts(widget.model())
    for action in window.findChildren(QAction):
        yield f"{action.text()}\n{action.toolTip()}".replace("&", "")


def names_of_texts(widget):
    """Return by which methods ``widget`` tells a text."""
    kind = type(widget)
    if kind not in _NAMES:
        meta = widget.metaObject()  # that of the class alone may be gone: it is of whoever asked for it first
        properties = {meta.property(index).name() for index in range(meta.propertyCount())}
        _NAMES[kind] = [name for name in _TEXTS if name in properties and callable(getattr(kind, name, None))]
    return _NAMES[kind]


def table_texts(model: QAbstractItemModel | None):
    if model is None:
        return
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        yield from (str(model.index(row, column).data() or "") for row in range(min(model.rowCount(), 50)))


A_PATH = re.compile(r"/\S+")  # of no language


def left_behind(window, code):
    texts = {A_PATH.sub("", text.replace("&", "")) for text in texts_in(window)}
    seen = "\n".join(texts)
    patterns = [pattern for piece, pattern in foreign(code) if piece in seen]
    return {
        (found.group(), text) for text in texts for found in (pattern.search(text) for pattern in patterns) if found
    }


@pytest.fixture
def trained(window, qtbot):
    window.run_bar.train_button.click()
    qtbot.waitUntil(
        lambda: (
            window.services.training.state is WorkState.IDLE
            and window.services.shown.run is not None
            and window.services.shown.run.images_seen > 0
        ),
        timeout=WAIT,
    )
    return window


@pytest.mark.parametrize(("first", "second"), [("en", "es"), ("es", "en")])
def test_a_window_with_a_run_messages_and_dialogs_speaks_one_language(trained, qtbot, tmp_path, first, second):
    window = trained
    language.switch(first)
    language.switch_unseen()  # what turns of the event loop bring: looking for what is left takes many of them
    form = window.options_form
    for section in form.sections.values():
        section.header.setChecked(True)
    form.editor("g_lr").lineEdit().setText("quick?")
    form.finish_editing()
    OwnPicturesDialog(window.services.jobs, form.config(), str(tmp_path), window).open()
    FilmDialog(window.services.shown.run.path, window.services.jobs, window).show()
    ask_whether_to_close(window, window.save_and_close, WorkState.WORKING)
    window.runs.ask_for_run()
    window.commands.do("about")
    window.message_bar.warn(tr("The memory of the device does not hold a step."), tr("Go on with smaller batches."))
    qtbot.waitUntil(lambda: not left_behind(window, first))  # the table of runs is told again by a job
    language.switch(second)
    language.switch_unseen()
    qtbot.waitUntil(lambda: not left_behind(window, second))
    for dialog in (*window.findChildren(OwnPicturesDialog), *window.findChildren(FilmDialog)):
        dialog.done(0)


def test_what_fails_is_told_again_in_the_new_language(window):
    bar = window.message_bar
    error = disk_error(Path("/runs/metrics.csv"), OSError(errno.EIO, "Input/output error"))
    window.services.training.failed.emit(failure(error))
    assert "could not be written" in bar.text and "does not answer" in bar.text
    language.switch("es")
    assert "No se ha podido escribir" in bar.text and "no responde" in bar.text and "/runs/metrics.csv" in bar.text
    language.switch("en")
    assert "could not be written" in bar.text


def test_the_usual_reasons_of_the_system_are_in_the_person_s_language():
    i18n.set_language("es")
    assert reason(PermissionError(errno.EACCES, "Permission denied")) == "falta permiso"
    assert reason(OSError(errno.ENOSPC, "No space left on device")) == "el disco está lleno"
    assert reason(OSError(99_999, "Something rare")) == "Something rare"
    assert reason(ValueError("odd")) == "odd"


def test_a_text_can_be_said_again_with_all_that_is_in_it():
    text = joined(
        tr("{name} = {value} at epoch {epoch}", name=tr("Seed"), value=number(12345.5, ",.1f"), epoch=number(1169)),
        trn("{count} picture is taken", "{count} pictures are taken", 1169),
    )
    i18n.set_language("es")
    told = again(text)
    assert told != text and "12\N{NO-BREAK SPACE}345,5" in told and "1169" in told and tr("Seed") in told
    i18n.set_language("en")
    assert again(told) == text and again("plain") == "plain" and again(3) == 3
    error = UserError(tr("--resume needs a run."), tr("Name its folder with --run."))
    assert error.whole == str(error)


def test_qt_itself_speaks_the_language(window, qtbot):
    window.runs.ask_for_run()
    (dialog,) = (found for found in window.findChildren(QDialog) if found.inherits("QFileDialog"))
    language.switch("es")
    labels = {label.text().replace("&", "") for label in dialog.findChildren(QLabel)}
    assert {"Carpeta:", "Tipo de archivo:"} <= labels
    assert dialog.windowTitle() == tr("Open a run folder") != "Open a run folder"
    assert any("Cancel" in text and text != "Cancel" for text in texts_of_buttons(dialog))
    dialog.close()


def test_no_text_of_qt_s_dialogs_is_left_in_english(qtbot, monkeypatch, tmp_path):
    lacking, ask = set(), language.QtTexts.translate

    def listen(self, context, source, *more):
        said = ask(self, context, source, *more)
        if said is None:
            lacking.add((context, source))
        return said

    monkeypatch.setattr(language.QtTexts, "translate", listen)
    (tmp_path / "folder").mkdir()
    language.switch("es")
    owner = QWidget()
    qtbot.addWidget(owner)
    dialog = FileDialog(owner, "", str(tmp_path))
    dialog.setOption(FileDialog.Option.DontUseNativeDialog)
    dialog.setViewMode(FileDialog.ViewMode.Detail)
    dialog.show()
    MessageBox(owner, "", "", "").setStandardButtons(MessageBox.StandardButton.Ok | MessageBox.StandardButton.Discard)
    QLineEdit(owner).createStandardContextMenu()
    files = dialog.findChild(QAbstractItemView, "treeView")
    qtbot.waitUntil(lambda: files.model().rowCount(files.rootIndex()) == 1)
    kinds = [files.model().index(0, column, files.rootIndex()).data() for column in range(4)]
    assert "Carpeta" in kinds
    ours = {("QFileDialog", "&Look in:"), ("QFileDialog", "Files of &type:"), ("QProgressBar", "%p%")}  # or no words
    assert not {each for each in lacking - ours if each[0] != "QMimeType"}
    dialog.close()


def texts_of_buttons(dialog):
    return {button.text().replace("&", "") for button in dialog.findChildren(QPushButton)}


def test_no_screen_of_the_studio_formats_numbers_by_itself():
    """One rule for numbers: ``engine.i18n.number``."""
    for path in (RESOURCES.parent / "studio").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "locale().toString(" not in text and "QLocale().toString(" not in text, path


class Speaker(View):
    """Says the language it heard of last, and how often it heard of one."""

    def __init__(self, *parts):
        super().__init__()
        self.heard, self.said, self.painted = 0, i18n.language(), []
        for part in parts or (QLabel(),):
            part.setParent(self)

    def retranslate(self):
        self.heard, self.said = self.heard + 1, i18n.language()

    def paintEvent(self, _event):
        self.painted.append(self.said)


@pytest.fixture
def pages(qtbot):
    """Three pages, the first of them in front, the last one with a closed part in it."""
    stack = QStackedWidget()
    closed = Speaker()
    for page in (Speaker(), Speaker(), Speaker(closed)):
        stack.addWidget(page)
    closed.hide()
    qtbot.addWidget(stack)
    stack.show()
    yield [*(stack.widget(place) for place in range(3)), closed]


def test_what_is_seen_changes_at_once_and_what_is_not_soon_after_and_once(pages, qtbot):
    language.switch("es")
    assert [page.said for page in pages] == ["es", "en", "en", "en"]
    qtbot.waitUntil(lambda: all(page.said == "es" for page in pages))
    assert [page.heard for page in pages] == [1, 1, 1, 1]
    assert {page.locale().name()[:2] for page in pages} == {"es"}


def test_it_is_painted_in_a_turn_of_its_own_before_anything_unseen_is_told(pages, qtbot):
    front, behind = pages[:2]
    qtbot.waitUntil(lambda: bool(front.painted))
    language.switch("es")
    QApplication.sendPostedEvents()
    assert "es" not in front.painted and not front.updatesEnabled()
    qtbot.waitUntil(lambda: "es" in front.painted or behind.said == "es")
    assert "es" in front.painted and front.updatesEnabled()


def test_what_is_shown_before_its_turn_is_told_before_it_is_seen(pages, qtbot):
    stack, closed = pages[0].parentWidget(), pages[3]
    language.switch("es")
    stack.setCurrentIndex(2)
    assert [page.said for page in pages] == ["es", "en", "es", "en"]
    closed.show()
    assert closed.said == "es" and closed.locale().name()[:2] == "es"
    qtbot.waitUntil(lambda: pages[1].said == "es")
    assert [page.heard for page in pages] == [1, 1, 1, 1]


def test_languages_that_follow_each_other_leave_the_last_one_everywhere(pages, qtbot):
    stack = pages[0].parentWidget()
    language.switch("es")
    stack.setCurrentIndex(1)
    language.switch("en")
    assert [page.said for page in pages[:2]] == ["es", "en"], "the first is no longer in front"
    language.switch("es")
    language.switch_unseen()
    assert {page.said for page in pages} == {"es"} == {page.locale().name()[:2] for page in pages}


def test_a_part_that_is_gone_before_its_turn_harms_no_other(pages, qtbot):
    language.switch("es")
    shiboken6.delete(pages[1])
    qtbot.waitUntil(lambda: pages[2].said == "es" == pages[3].said)


def test_a_workspace_and_a_group_of_options_speak_it_before_they_are_seen(window):
    pages = window.workspaces["explore"].pages  # built now: what is built later speaks Spanish from its beginning
    language.switch("es")
    window.options_form.sections["networks"].header.setChecked(True)
    assert window.options_form.editor("z_dim").accessibleName() == tr("Latent dimensions") != "Latent dimensions"
    assert pages.tabText(0) == "Latent space"
    window.show_workspace("explore")
    assert pages.tabText(0) == tr("Latent space") != "Latent space"


def test_what_the_pages_of_explore_said_is_said_again(window):
    parts = window.workspaces["explore"].findChildren(View)
    pages = {type(part).__name__: part for part in parts if "say" in vars(type(part))}
    saying = ("AskPage", "DirectionsPanel", "FindPanel", "HandwritingPanel", "MapPage", "PathPanel", "PlayPage")
    for name in (*saying, "SortedSamples", "TruncationPanel"):
        pages[name].say(tr("The run has no generator of epoch {epoch}.", epoch=7))
    language.switch("es")
    language.switch_unseen()
    said = tr("The run has no generator of epoch {epoch}.", epoch=7)
    for name in (*saying, "SortedSamples", "TruncationPanel"):
        assert said in {label.text() for label in pages[name].findChildren(QLabel)}, name


def test_longer_words_have_their_room_at_once_with_large_text(window):
    """Chosen by the menu: tabs were squeezed, and the legend lay upon the choices beside the curves."""
    window.resize(1286, 745)
    text_size.show(150)
    settle()
    plot, bar = window.findChild(LossPlot), window.findChild(WorkspaceBar)
    plot.set_run_data(history_of(30))
    for code in ("es", "en", "es"):
        window.commands.do(f"choose_{code}")
        settle()
        for button in bar.findChildren(QToolButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), (code, button.text())
        assert bar.width() >= bar.sizeHint().width()
        for legend in plot.findChildren(LegendLine):
            if legend.isVisible():
                assert legend.geometry().right() <= plot.choices.geometry().left(), code
    text_size.show(text_size.USUAL)
