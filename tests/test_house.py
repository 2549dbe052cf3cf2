"""How the house is built: nothing needs itself, what is declared is known by its traits, README tells of every room."""

from __future__ import annotations

import ast
import re

from engine.architectures import ARCHITECTURES
from engine.config import renamed
from engine.diagnosis.own import DETECTORS
from engine.losses import LOSSES
from tests import sources
from tests.sources import ROOT
from tests.test_architecture import imports

HOUSE = sources.of("engine", "studio")


def test_no_module_needs_itself_to_be_imported():
    """What is known for types alone, or imported late, makes no circle."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in HOUSE}

    def needs(name: str) -> set[str]:
        taken = imports(names[name], only_at_import=True)
        modules = taken & names.keys()
        whole = {it for it in modules if not any(other.startswith(f"{it}.") for other in modules)}
        from_packages = {it.rpartition(".")[0] for it in taken - names.keys()}  # a name, and not a module of it
        return (whole | (from_packages & names.keys())) - {name}

    rest = {name: needs(name) for name in names}
    assert sum(map(len, rest.values())) > 1000
    while free := [name for name, needed in rest.items() if not needed & rest.keys()]:
        for name in free:
            del rest[name]
    assert not rest


DECLARED_IN = ("engine/architectures/own.py", "engine/losses/own.py", "engine/diagnosis/", "engine/recipes/")
NAMED_IN = {
    "engine/config/loss.py": {"nonsaturating"},  # where a training begins unless somebody says otherwise
    "engine/config/networks.py": {"pixelshuffle"},
    "engine/runs/quality.py": {"memorization"},  # a measure, too
    "engine/config/renamed.py": {
        *renamed.CHOICES_OF_OLD["architecture"].values(),
        *renamed.CHOICES_OF_OLD["loss"].values(),
    },
}


def test_what_is_declared_is_known_by_its_traits_and_nowhere_by_its_name():
    """A list of names would not know an architecture, a loss or a trouble that another package brings along."""
    ours = {*ARCHITECTURES, *LOSSES, *DETECTORS}
    assert len(ours) > 20
    for path in HOUSE:
        if "bench" in path.parts or sources.name(path).startswith(DECLARED_IN):
            continue
        texts = {it.value for it in sources.nodes(path) if isinstance(it, ast.Constant)}
        assert texts & ours <= NAMED_IN.get(sources.name(path), set()), sources.name(path)


WRITES_ITSELF = {
    "engine/files.py": "the atomic writer",
    "engine/cli/endings.py": "to nowhere",
    "engine/code/images.py": "inside of the writer's path",
    "engine/wall/sharing.py": "inside of the writer's path",
    "engine/export/encoders.py": "a film, inside of the writer's path",
    "engine/search/storages.py": "appends whole lines; a full disk leaves it as it was",
    "engine/datasets/image_folder.py": "into an entry of the cache, which comes to its place as a whole",
    "engine/runs/folder.py": "into a new run, which comes to its place as a whole",
    "engine/runs/archive.py": "into a new run, which comes to its place as a whole",
    "studio/panels/own_pictures.py": "pictures to look at in a folder that goes again",
}


def test_what_is_kept_is_written_by_one_atomic_writer():
    """Whoever opens a file to write in it leaves half of one where the disk is full or the program is killed."""
    for path in HOUSE:
        calls = (it for it in sources.nodes(path) if isinstance(it, ast.Call))
        if "bench" not in path.parts and any(map(writes, calls)):
            assert sources.name(path) in WRITES_ITSELF, sources.name(path)


def writes(call):
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    modes = [it.value for it in call.args[1:2] if isinstance(it, ast.Constant) and isinstance(it.value, str)]
    return name in ("write_text", "write_bytes") or (name == "open" and any(set(mode) & set("wxa+") for mode in modes))


def test_who_copies_says_so():
    """One function does both; the other two tell in the bar of messages that stands before them."""
    copies = re.compile(r"clipboard\(\)\.set\w+\(")
    found = {sources.name(path) for path in HOUSE if copies.search(path.read_text("utf-8"))}
    tell = {"studio/workspaces/explore/keeping.py", "studio/panels/code_dialog.py"}
    assert found == {"studio/widgets/base/clipboard.py"} | tell


def test_the_name_that_is_offered_for_a_file_is_in_the_language_of_the_window():
    asking = ("selectFile", "ask_where_to_save")
    for path in (it for it in HOUSE if any(f"{name}(" in it.read_text("utf-8") for name in asking)):
        for call in (it for it in sources.nodes(path) if isinstance(it, ast.Call)):
            if getattr(call.func, "id", getattr(call.func, "attr", "")) in asking:
                words = {it.value for arg in call.args for it in ast.walk(arg) if isinstance(it, ast.Constant)}
                said = [it for arg in call.args for it in ast.walk(arg) if isinstance(it, ast.Call)]
                words -= {it.value for each in said for it in ast.walk(each) if isinstance(it, ast.Constant)}
                assert all(str(word).startswith(".") for word in words), (sources.name(path), words)


def test_the_readme_tells_of_every_room_and_of_none_that_is_gone():
    table = (ROOT / "README.md").read_text("utf-8").partition("| room | what belongs there |")[2].partition("\n\n")[0]
    told = re.findall(r"`(?:[\w/]+/)?(\w+(?:\.py)?)/?`", table)
    for house in (ROOT / "engine", ROOT / "studio"):
        rooms = {path.name for path in house.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
        assert rooms - {"__init__.py", *told} == set(), house.name
    files = {path.name for path in sources.of("engine", "studio", "tests")}
    assert {name for name in told if name.endswith(".py")} <= files | {"main.py"}
