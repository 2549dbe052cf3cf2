"""What keeps the code quick to read: short files and functions, one name for one thing, American English."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sources
from tests.sources import ROOT

FILES = sources.of("engine", "studio")
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_LINES_TO_READ_FIRST = 400, 50, 1200
LONG = {("engine/training/loop.py", "_train")}  # the training loop reads best in one piece
SEVERAL = {"Generator", "Discriminator"}  # every architecture has one of its own
BRITISH = re.compile(
    r"colour|grey|neighbour|behaviour|favour|honour|centre\b|centring|catalogue|licence|learnt|spoilt|labell|cancell"
    r"|judgement|towards|aeroplane|lorry|(optim|normal|initial|regular|recogn|minim|maxim|penal|summar|organ|memor)is(e|ing|ation)",
    re.IGNORECASE,
)


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in sources.nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_files_are_short():
    lines = {sources.name(path): len(sources.text(path).splitlines()) for path in (*FILES, *sources.of("tests"))}
    assert len(lines) > 600
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_functions_are_short():
    functions = ((sources.name(path), each) for path in FILES for each in _functions(path))
    long = {(name, each.name) for name, each in functions if _lines(each) > MOST_LINES_OF_A_FUNCTION}
    assert long - LONG == set()


def test_the_six_files_that_tell_the_system_are_read_in_an_hour():
    sentence = re.search(r"Read six files and you know the system: (.*?)\.\n", (ROOT / "README.md").read_text(), re.S)
    names = re.findall(r"`([^`]+)`", sentence[1])
    assert len(names) == 6
    assert sum(len((ROOT / name).read_text("utf-8").splitlines()) for name in names) < MOST_LINES_TO_READ_FIRST


@pytest.mark.parametrize("house", ["engine", "studio"])
def test_no_two_public_classes_of_a_house_share_a_name(house):
    trees = (sources.tree(path) for path in FILES if sources.name(path).startswith(house))
    names = Counter(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
    assert {name for name, count in names.items() if count > 1 and name[0] != "_"} <= SEVERAL


def test_the_code_and_its_texts_are_in_american_english():
    old_names = ("engine/config/renamed.py", "engine/training/gan.py")  # which files of older runs hold
    found = [(sources.name(path), word[0]) for path in FILES for word in BRITISH.finditer(sources.text(path))]
    assert [it for it in found if it[0] not in old_names] == []


def test_an_option_of_several_commands_is_declared_once():
    paths = sources.of("engine/cli")
    nodes = (node for path in paths for node in sources.nodes(path) if isinstance(node, ast.Subscript))
    declared = Counter(ast.unparse(node.slice) for node in nodes if ast.unparse(node.value) == "Annotated")
    assert [option for option, times in declared.items() if times > 1] == [] and len(declared) > 40


OF_SEVERAL_TYPES = {  # which Qt cannot say: one of two, a value or none, the value of any option
    ("images", "looked_at"),
    ("training", "broken"),
    ("film_maker", "progressed"),
    ("options_form", "changed"),
    ("option_row", "edited"),
    ("number_box", "valueChanged"),
    ("classes_line", "valueChanged"),
    ("plot_pair", "hovered"),
    ("time_plot", "hovered"),
    ("sample_grid_view", "tile_chosen"),
    ("drop_target", "refused"),
    ("mirror", "ready"),
}


def test_signals_say_what_they_carry_where_qt_can():
    signals = re.compile(r"^    (\w+) = Signal\(.*\bobject\b", re.M)
    found = {(path.stem, name) for path in FILES for name in signals.findall(sources.text(path))}
    assert found == OF_SEVERAL_TYPES
