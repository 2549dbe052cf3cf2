"""Every sentence is translatable, translated, compiled and in use, and switching the language works."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from string import Formatter

import pytest
from babel.messages.mofile import read_mo

from engine import i18n
from engine.i18n import LANGUAGES, tr, trn
from engine.resources import RESOURCES
from tests import sources

SHOWN = {
    *("setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle", "setIconText"),
    *("setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setInformativeText", "setDetailedText"),
    *("setLabel", "setLabelText", "setPrefix", "setSuffix", "setSpecialValueText", "setNameFilter"),
    *("addItem", "addItems", "addTab", "addAction", "addMenu", "addRow", "addButton", "setItemText", "setTabText"),
    *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu"),
    *("FileDialog", "MessageBox", "QDockWidget", "QListWidgetItem", "UserError", "DiskError", "drawText", "showText"),
}
SHOWN_KEYWORDS = {"text", "toolTip", "windowTitle", "title", "placeholderText", "accessibleName", "suffix", "prefix"}
NAMES = {"PNG", "png"}
HINT = "Run “python resources/translations/update.py” and translate what it lists."


def load_update():
    spec = spec_from_file_location("update", RESOURCES / "translations" / "update.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


update = load_update()
update.calls = cache(lambda path, calls=update.calls: tuple(calls(path)))  # each file is parsed once for all tests
CATALOGS = {language: update.read(language) for language in update.languages()}


def forms(text):
    """Return a text in its one form, or in singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def sentences(catalog):
    """Return all forms of each source text with all forms of its translation; no header."""
    return {forms(message.id): forms(message.string) for message in catalog if message.id}


def fields(text):
    """Return the names in braces, or what is wrong where ``format`` would fail."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        return {str(error)}


def literals(node):
    """Yield the texts that an expression shows as they stand, past every call such as ``tr``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.BoolOp | ast.IfExp | ast.List | ast.Tuple):
        for child in ast.iter_child_nodes(node):
            yield from literals(child)


def bare_texts(tree):
    """Yield ``line: text`` for each word that the code shows without translation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            shown = [*node.args] if name in SHOWN else []
            shown += [word.value for word in node.keywords if word.arg in SHOWN_KEYWORDS and name[:1].isupper()]
            for text in (text for argument in shown for text in literals(argument)):
                if set(re.findall(r"[^\W\d_]{2,}", text)) - NAMES:
                    yield f"{node.lineno}: {text}"


def test_every_language_on_offer_has_a_catalog_and_the_other_way_round():
    assert set(CATALOGS) == set(LANGUAGES) - {"en"}
    assert "es" in CATALOGS


@pytest.mark.parametrize("language", CATALOGS)
def test_the_catalog_holds_every_sentence_of_the_code_and_no_other(language):
    known = {message.id for message in CATALOGS[language] if message.id}
    used = set(update.extract())
    assert not used - known, f"missing. {HINT}"
    assert not known - used, f"in the catalog, but no more in the code. {HINT}"
    assert len(used) > 100


@pytest.mark.parametrize("language", CATALOGS)
def test_every_sentence_is_translated(language):
    catalog = CATALOGS[language]
    assert not [message.id for message in catalog if message.id and not update.is_done(message)], HINT


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_has_the_fields_of_its_source(language):
    for source, translated in sentences(CATALOGS[language]).items():
        for text in source + translated:
            assert fields(text) == fields(source[-1]), text


def test_spanish_writes_thousands_as_it_writes_numbers():
    """With a point, "60.000" beside "11 982" could be read as sixty."""
    for message in CATALOGS["es"]:
        for text in forms(message.string) if message.id else ():
            assert not re.search(r"\d\.\d{3}\b", text) or "=0." in text, text


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_has_the_menu_key_and_the_edges_of_its_source(language):
    for source, translated in sentences(CATALOGS[language]).items():
        for text in translated:
            assert text.count("&") == source[0].count("&"), text
            assert text == text.strip() and not {"“", "”"} & set(text), text


def test_sentences_and_lessons_have_no_typists_faults():
    """No space before a sign, three dots are one sign; Spanish opens its questions and calls nobody “usted”."""
    lessons = {path: path.read_text("utf-8") for path in sorted((RESOURCES / "lessons").rglob("*.md"))}
    spanish = [text for forms in sentences(CATALOGS["es"]).values() for text in forms]
    english = [text for forms in sentences(CATALOGS["es"]) for text in forms]
    spanish += [text for path, text in lessons.items() if path.name.endswith(".es.md")]
    english += [text for path, text in lessons.items() if path.name.endswith(".en.md")]
    for text in (*english, *spanish):
        assert not re.search(r"[\w)}»”] (?:[,;.!?…]|:(?!\w))(?=\s|$)", text), text
        assert not re.search(r"\w\.{3}(?!\w)", text), text
    for text in spanish:
        assert text.count("¿") == text.replace("«?»", "").count("?") and text.count("¡") == text.replace(
            "!=", ""
        ).count("!"), text
        assert text.count("«") == text.count("»"), text
        assert not re.search(r"\b(?:usted|ustedes|pulse|haga clic|elija|escriba usted)\b", text, re.IGNORECASE), text


@pytest.mark.parametrize("language", CATALOGS)
def test_the_compiled_catalog_is_the_one_that_people_edit(language):
    with update.mo_path(language).open("rb") as file:
        assert sentences(read_mo(file)) == sentences(CATALOGS[language]), HINT


def test_only_commands_speak_of_their_options():
    """What the engine says is said in the window, too: a command adds by itself which of its options is meant."""
    speaking = {
        f"{sources.name(path)}:{call.lineno}: {text.value}"
        for path in update.sources()
        if not sources.name(path).startswith(("engine/cli/", "studio/system_check.py"))
        for call, texts in update.calls(path)
        for text in texts
        if isinstance(text, ast.Constant) and re.search(r"(?<![\w-])--[a-z]", str(text.value))
    }
    assert not speaking


def test_a_sentence_is_one_literal_that_can_be_found():
    """A sentence built inside ``tr`` would never be translated; a name or an attribute stands for a marked one."""
    for path in update.sources():
        for call, texts in update.calls(path):
            allowed = (
                (ast.Constant,) if call.func.id != "tr" else (ast.Constant, ast.Name, ast.Attribute, ast.Subscript)
            )
            for text in texts:
                assert isinstance(text, allowed), f"{path}:{call.lineno}: {ast.unparse(text)}"
                assert not isinstance(text, ast.Constant) or text.value, f"{path}:{call.lineno}: an empty text"


def test_the_window_shows_no_untranslated_word():
    bare = {sources.name(path): list(bare_texts(sources.tree(path))) for path in sources.of("studio")}
    assert {name: texts for name, texts in bare.items() if texts} == {}


@pytest.mark.parametrize(
    "code",
    ['a.setText("Go on")', 'box.addItem(f"{n} epochs", 3)', 'QLabel("Health")', 'QPushButton(text="Go" if x else y)'],
)
def test_the_search_for_untranslated_words_finds_them(code):
    assert list(bare_texts(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ['a.setText(tr("Go"))', 'a.setText("D")', 'a.setText(f"{x} · {y}")', 'a.setText(names["one"])', 'f("Go")']
)
def test_the_search_for_untranslated_words_leaves_the_others_alone(code):
    assert not list(bare_texts(ast.parse(code)))


def test_switching_the_language_changes_the_sentences_and_back():
    assert tr("Train") == "Train"
    i18n.set_language("es")
    assert tr("Train") == "Entrenar" and i18n.language() == "es"
    assert tr("Epoch {epoch} of {total}", epoch=3, total=8) == "Época 3 de 8"
    assert [trn("CPU, {count} thread", "CPU, {count} threads", n) for n in (1, 2)] == ["CPU, 1 hilo", "CPU, 2 hilos"]
    i18n.set_language("en")
    assert tr("Train") == "Train" and trn("CPU, {count} thread", "CPU, {count} threads", 1) == "CPU, 1 thread"


def test_an_unknown_language_means_english():
    i18n.set_language("es")
    i18n.set_language("xx")
    assert i18n.language() == "en" and tr("Train") == "Train"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "es_ES.UTF-8"}, "en"),
        ({"DUELO_LANGUAGE": "es", "LC_ALL": "en_GB.UTF-8"}, "es"),
    ],
)
def test_the_environment_chooses_the_language(environment, language):
    assert i18n.system_language(environment.get) == language
