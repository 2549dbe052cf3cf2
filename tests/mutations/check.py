"""Runs tests in forked processes: once watched, to learn which of them run which line, and then against each fault.

The parent has torch and Qt in memory but nothing of ours, so that a process is there at once and imports the fault.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.mutations.operators import ROOT, Mutant, mutated
from tests.mutations.swap import module_name, swap, watched

_BUDGET_SECONDS = 5.0  # of computing, for the tests of one fault: the quickest of those that run its line
_PATIENCE = 4  # times what these tests take, before a fault counts as one that hangs
_WALL_SECONDS = 600
_SURVIVED, _NO_TESTS = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
_HEAVY = ("torch", "scipy.linalg", "pydantic", "PIL.Image", "safetensors.torch", "psutil", "typer")
_HEAVY += ("PySide6.QtWidgets", "pyqtgraph", "pytestqt.qtbot")


@dataclass(frozen=True)
class KnownTest:
    """One test: its seconds of computing, and the lines of each module that it runs."""

    test: str
    seconds: float
    lines: Mapping[str, frozenset[int]]


def load_libraries() -> None:
    """Take into memory what every process needs; nothing that starts a thread."""
    os.environ |= {"OMP_NUM_THREADS": "1", "QT_QPA_PLATFORM": "offscreen"}
    for name in _HEAVY:
        with suppress(ImportError):
            __import__(name)


# --- which tests run which lines


class KnownTests:
    """The tests of ``files`` that pass. A file is watched when it is asked first; what was learned is kept until the
    file changes, or code that it runs.
    """

    def __init__(self, files: Sequence[str], targets: Sequence[str], tell: Callable[[str], None]) -> None:
        self._files, self._targets, self._tell = files, targets, tell
        self._of = cache(self._learned)

    def near_and_far(self, mutant: Mutant) -> Iterator[list[KnownTest]]:
        """Yield the tests to ask about ``mutant``: of files that import its module, its room, and of all others; first
        those that lie where tests of its package do, so that no window is watched for what the engine's tests notice.
        """
        module, own = module_name(mutant.path), f"tests/{mutant.path.partition('/')[0]}/"
        for left in ([f for f in self._files if f.startswith(own)], [f for f in self._files if not f.startswith(own)]):
            for name in (module, module.rpartition(".")[0], ""):
                near = [file for file in left if not name or name in imported(file)]
                left = [file for file in left if file not in near]
                yield asked_about(mutant, [test for file in near for test in self._of(file)])

    def _learned(self, file: str) -> list[KnownTest]:
        kept = Path(tempfile.gettempdir()) / f"duelo-tests-{_digest(ROOT / file, *_SHARED)}.json"
        if (found := _kept(kept)) is None:
            begin = time.monotonic()
            _in_a_process(lambda: _watch(file, self._targets, kept), _WALL_SECONDS)
            self._tell(f"watched {file}: {time.monotonic() - begin:.0f} s")
            found = _kept(kept)
        return found or []


@cache
def imported(file: str) -> frozenset[str]:
    """Return the modules that ``file`` imports, and each name with its module."""
    nodes = [node for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{each.name}" for node in nodes for each in node.names}
    return frozenset(names | {str(node.module) for node in nodes})


_SHARED = sorted((ROOT / "tests").glob("**/conftest.py"))


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths if path.exists())).hexdigest()[:24]


def _kept(kept: Path) -> list[KnownTest] | None:
    """Return what was learned of a file; None where that must be learned anew."""
    if not kept.exists():
        return None
    found = json.loads(kept.read_text())
    if any(_digest(ROOT / path) != code for path, code in found["code"].items()):
        return None
    return [
        KnownTest(test, seconds, {path: frozenset(numbers) for path, numbers in lines.items()})
        for test, seconds, lines in found["tests"]
    ]


def _watch(file: str, targets: Sequence[str], kept: Path) -> int:
    seen: dict[str, set[int]] = {path: set() for path in targets}
    swap({path: watched(path) for path in targets}, lambda path, line: seen[path].add(line))
    watcher = _Watcher(seen)
    code = int(pytest.main([*_QUIETLY, file], [watcher]))
    run = {path for _, _, lines in watcher.found for path in lines}
    kept.write_text(json.dumps({"code": {path: _digest(ROOT / path) for path in run}, "tests": watcher.found}))
    return code


class _Watcher:
    """A plug-in of pytest that notes what each test runs."""

    def __init__(self, seen: dict[str, set[int]]) -> None:
        self._seen = seen
        self._passed = False
        self.found: list[tuple[str, float, dict[str, list[int]]]] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        for lines in self._seen.values():
            lines.clear()
        self._passed, begin = False, time.process_time()
        result = yield
        if self._passed:
            lines = {path: sorted(numbers) for path, numbers in self._seen.items() if numbers}
            self.found.append((item.nodeid, time.process_time() - begin, lines))
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._passed |= report.when == "call" and report.passed


# --- the faults


def asked_about(mutant: Mutant, tested: Sequence[KnownTest]) -> list[KnownTest]:
    """Return the tests that run the line of ``mutant``, the quickest first, as many as the budget has room for.

    What stands in no function belongs to the lines that use its name, or to all lines of its module, and to tests that
    read it themselves; what stands in a class none of whose lines run, to those of its module that use the class.
    """
    first, last = mutant.lines
    lines = set(range(first, last + 1)) if mutant.where else _using(mutant.path, mutant.name)
    if not any(t.lines.get(mutant.path, set()) & lines for t in tested):
        lines = _using(mutant.path, mutant.where)
    asked = [t for t in tested if t.lines.get(mutant.path, set()) & lines or _reads(t.test, mutant.name)]
    chosen, spent = [], 0.0
    for each in sorted(asked, key=lambda t: t.seconds):
        if spent + each.seconds <= _BUDGET_SECONDS:
            chosen.append(each)
            spent += each.seconds
    return chosen


@cache
def _using(path: str, name: str) -> frozenset[int]:
    tree = ast.parse((ROOT / path).read_text())
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    named = [s for s in statements if any(isinstance(n, ast.Name) and n.id == name for n in _header(s))]
    inside = [s for s in named if not isinstance(s, ast.ClassDef | ast.FunctionDef) and s.col_offset]
    return frozenset(s.lineno for s in inside or statements)


def _reads(test: str, name: str) -> bool:
    names = test.partition("[")[0].split("::")
    return bool(name) and name in _functions(names[0]).get(names[-1], "")


@cache
def _functions(file: str) -> dict[str, str]:
    """Return what each function of ``file`` says."""
    nodes = ast.walk(ast.parse((ROOT / file).read_text())) if (ROOT / file).exists() else ()
    return {node.name: ast.unparse(node) for node in nodes if isinstance(node, ast.FunctionDef)}


def _header(statement: ast.stmt) -> Iterable[ast.AST]:
    """Walk what belongs to ``statement`` itself and not to the statements in it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def noticed_by(mutant: Mutant | None, tests: Sequence[KnownTest]) -> str:
    """Return the test of ``tests`` that fails with this fault in the code, or the file that ends otherwise; else "".

    Those of one file after the other, the quickest first: most faults end there, before a window is imported.
    """
    files: dict[str, list[KnownTest]] = {}
    for each in tests:
        files.setdefault(each.test.partition("::")[0], []).append(each)
    groups = sorted(files.values(), key=lambda group: sum(each.seconds for each in group))
    return next(filter(None, (_failing(mutant, group) for group in groups)), "")


def _failing(mutant: Mutant | None, tests: Sequence[KnownTest]) -> str:
    seconds = 20 + _PATIENCE * sum(each.seconds for each in tests)
    failed = Path(tempfile.mkstemp(prefix="duelo-failed-")[1])

    def run() -> int:
        if mutant is not None:
            swap({mutant.path: mutated(mutant.path, mutant.number)})
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        return int(pytest.main([*_QUIETLY, "-x", *(each.test for each in tests)], [_Failure(failed)]))

    code = _in_a_process(run, min(60 + 10 * seconds, _WALL_SECONDS))  # one that waits for ever is one that hangs
    name = failed.read_text() or f"{tests[0].test.partition('::')[0]} ({code})"
    failed.unlink()
    return "" if code in (_SURVIVED, _NO_TESTS) else name


class _Failure:
    """A plug-in of pytest that writes down which test failed."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._file.write_text(report.nodeid)


_QUIETLY = ("-q", "-p", "no:cacheprovider", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def _in_a_process(work: Callable[[], int], wall_seconds: float) -> int:
    """Do ``work`` in a process of its own; return its exit code. One that hangs is ended, with all that it started."""
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        child = os.fork()
        if not child:
            os._exit(_alone(work, folder))
        end = time.monotonic() + wall_seconds
        try:
            while not (ended := os.waitpid(child, os.WNOHANG))[0]:
                if time.monotonic() > end:
                    os.kill(child, signal.SIGKILL)
                time.sleep(0.02)
        finally:  # also of a check that is ended itself
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(ended[1])


def _alone(work: Callable[[], int], folder: str) -> int:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    try:
        return work()
    except BaseException:
        return 99
