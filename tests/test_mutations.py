"""The check whether the tests notice faults: what it makes of code, and, in the slow set, its score."""

import importlib
import subprocess
import sys

import pytest

import engine.evaluation
from engine.evaluation import running_means
from tests.mutations import memory
from tests.mutations.__main__ import drawn
from tests.mutations.check import KnownTest, asked_about, imported
from tests.mutations.memory import Noticed
from tests.mutations.operators import ROOT, Mutant, mutants, mutated
from tests.mutations.swap import swap, watched
from tests.mutations.targets import EQUIVALENT, files_of_tests, targets

SOURCE = """
LIMIT = 2

def small(x: int = 3) -> float:
    '''Of 7.'''
    if not x <= LIMIT and x:
        return -x * 1.5
    note(max(x, 0))
    raise ValueError
"""


def test_faults_are_small_and_only_where_code_runs():
    assert [(m.line, m.change) for m in mutants("x.py", SOURCE)] == [
        (2, "2 → 3"),
        (4, "3 → 4"),
        (6, "if not x <= LIMIT and x → if not"),
        (6, "not x <= LIMIT and x → not x <= LIMIT or x"),
        (6, "not x <= LIMIT → x <= LIMIT"),
        (6, "x <= LIMIT → x < LIMIT"),
        (7, "return -x * 1.5 → return"),
        (7, "-x * 1.5 → -x / 1.5"),
        (7, "-x → x"),
        (7, "1.5 → 3.0"),
        (8, "note(max(x, 0)) → pass"),
        (8, "max → min"),
        (8, "0 → 1"),
        (9, "raise ValueError → pass"),
    ]


@pytest.mark.parametrize(("number", "x", "result"), [(5, 2, -3.0), (7, 3, -2.0), (8, 3, 4.5), (9, 3, -9.0)])
def test_each_fault_is_the_one_that_it_says(number, x, result):
    names: dict = {}
    exec(compile(mutated("x.py", number, SOURCE), "x.py", "exec"), names)
    assert names["small"](x) == pytest.approx(result)


@pytest.fixture
def imports(monkeypatch):
    """Import anew, and leave everything as it was."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(engine.evaluation, "running_means", running_means)
    monkeypatch.delitem(sys.modules, "engine.evaluation.running_means")


PATH = "engine/evaluation/running_means.py"


def test_a_fault_is_imported_in_place_of_the_module(imports):
    (number,) = [m.number for m in mutants(PATH) if m.change.startswith("not rows")] or [0]
    swap({PATH: mutated(PATH, number)})
    faulty = importlib.import_module("engine.evaluation.running_means")
    assert faulty.__file__ == running_means.__file__ and faulty.running_means is not running_means.running_means


def test_a_watched_module_notes_its_lines_and_does_the_same(imports):
    seen = set()
    swap({PATH: watched(PATH)}, lambda path, line: seen.add((path, line)))
    same = importlib.import_module("engine.evaluation.running_means")
    assert str(same.running_means([])) == str(running_means.running_means([])) == "(nan, nan)"
    assert {path for path, _ in seen} == {PATH} and len(seen) == 2


def test_the_quickest_tests_that_run_a_line_are_asked():
    mutant = next(m for m in mutants(PATH) if m.where)
    line = mutant.lines[0]
    runs = [KnownTest(f"t{n}", seconds, {PATH: frozenset({line})}) for n, seconds in enumerate((3.0, 1.0, 3.5))]
    other = KnownTest("t3", 0.1, {PATH: frozenset({line + 1000})})
    assert [each.test for each in asked_about(mutant, [*runs, other])] == ["t1", "t0"]


def test_a_test_that_reads_a_constant_itself_is_asked_about_it():
    here = "tests/test_mutations.py::test_a_test_that_reads_a_constant_itself_is_asked_about_it"
    known = [KnownTest(f"{here}[0]", 1.0, {}), KnownTest(here.replace("itself_", ""), 1.0, {})]
    for name, asked in (("GRID_BYTES_IN_MEMORY", known[:1]), ("_FIRST_CAPACITY" + "_", [])):
        constant = Mutant("studio/model/run_data.py", 0, 1, (0, -1), "", name, "")
        assert asked_about(constant, known) == asked


def test_what_was_noticed_is_remembered_until_its_module_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "ROOT", tmp_path)
    module, file = tmp_path / "x.py", tmp_path / "noticed.txt"
    module.write_text(SOURCE)
    first, *others = mutants("x.py", SOURCE)
    Noticed(file).add(first)
    Noticed(file).add(others[-1])  # as another process does
    again = Noticed(file)
    assert [m for m in (first, *others) if m in again] == [first, others[-1]]
    module.write_text(SOURCE + "\n")
    assert first not in Noticed(file)


def test_a_sample_stays_when_other_code_changes():
    known = mutants("x.py", SOURCE)
    sample = drawn(known, 5, seed=1)
    assert len(set(sample)) == 5 and sample != drawn(known, 5, seed=2)
    gone = next(mutant for mutant in known if mutant not in sample)
    assert drawn([mutant for mutant in known if mutant is not gone], 5, seed=1) == sample


def test_the_tests_that_are_asked_are_there_and_those_that_import_what_is_put_to_the_test():
    assert [file for file in files_of_tests() if not (ROOT / file).exists()] == []
    assert {"engine.evaluation", "engine.evaluation.running_means"} <= imported("tests/test_mutations.py")
    assert "tests/engine/test_moments.py" in files_of_tests()


def test_what_is_listed_as_harmless_is_still_there():
    known = {(m.path, m.where or m.name, m.change) for path in targets() for m in mutants(path)}
    assert EQUIVALENT.keys() <= known and all(EQUIVALENT.values())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_nine_of_ten_faults_are_noticed():
    assert subprocess.run([sys.executable, "-m", "tests.mutations"], cwd=ROOT).returncode == 0
