"""Class files: read back as written, refused in one sentence, checked before a window opens."""

import json

import pytest

from engine import class_file
from engine.class_file import ClassFile
from engine.cli import main, opening
from engine.errors import UserError

WHOLE = ClassFile(
    title="3 and 8",
    language="es",
    recipe="dcgan-3-8",
    options={"epochs": 5, "classes": (3, 8)},
    lesson="04-three-and-eight",
    minutes=45,
    locked=("recipe", "g_lr"),
    hidden=("networks",),
)


def test_what_is_written_is_read_back(tmp_path):
    for made in (WHOLE, ClassFile()):
        found = class_file.read(class_file.write(made, tmp_path / "a.duelo-class"))
        assert found.model_dump(mode="json") == made.model_dump(mode="json") and found.config() == made.config()


def test_options_and_groups_become_options():
    assert WHOLE.config().epochs == 5 and WHOLE.locked_options() == {"recipe", "g_lr"}
    assert {"architecture", "z_dim"} <= WHOLE.hidden_options() and "g_lr" not in WHOLE.hidden_options()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ('{"duelo-class": 1,\n "title": "A"\n "recipe": "studio"}', "line 3: this is no class file"),
        ("[]", "is no class file"),
        ('{"title": "x"}', "is no class file"),
        ({"duelo-class": 2}, "newer Duelo"),
        ({"title": 3}, "“title” cannot be that"),
        ({"language": "fr"}, "“language” cannot be that"),
        ({"minutes": -1}, "“minutes” cannot be that"),
        ({"locked": "recipe"}, "“locked” cannot be that"),
        ({"colour": "red"}, "fixes no “colour”"),
        ({"options": {"dataset": "mnits"}}, "“mnits”"),
        ({"recipe": "studoi"}, "no recipe “studoi”"),
        ({"options": {"g_lr": 7}}, "mistake"),
        ({"locked": ["g_lrr"]}, "no option or group “g_lrr”"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path, capsys, content, said):
    path = tmp_path / "a.duelo-class"
    path.write_text(content if isinstance(content, str) else json.dumps({"duelo-class": 1} | content))
    with pytest.raises(UserError, match=said) as raised:
        class_file.read(path)
    assert raised.value.hint and "\n" not in raised.value.whole
    assert main(["open", str(path)]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_all_mistakes_are_told_at_once(tmp_path, capsys):
    path = tmp_path / "a.duelo-class"
    for content in ({"title": 3, "options": 1, "minutes": "many"}, {"recipe": "no", "locked": ["a"], "hidden": ["b"]}):
        path.write_text(json.dumps({"duelo-class": 1} | content))
        assert main(["open", str(path)]) == 1
        assert capsys.readouterr().err.count("Error:") == 3


def test_a_link_to_a_class_is_as_good_as_the_file(tmp_path):
    (tmp_path / "desktop").mkdir()
    class_file.write(WHOLE, tmp_path / "a.duelo-class")
    (tmp_path / "desktop" / "a.duelo-class").symlink_to(tmp_path / "a.duelo-class")
    assert class_file.read(tmp_path / "desktop" / "a.duelo-class").title == "3 and 8"
    assert "it is a folder" in class_file.read_or_tell(tmp_path).message


def test_the_command_opens_the_class(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(opening, "openers", [lambda found: opened.append(found) or 0])
    class_file.write(WHOLE, tmp_path / "a.duelo-class")
    assert main(["open", str(tmp_path / "a.duelo-class")]) == 0
    assert [found.title for found in opened] == ["3 and 8"]


def test_without_a_window_or_a_file_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(opening, "openers", [])
    class_file.write(WHOLE, tmp_path / "a.duelo-class")
    assert main(["open", str(tmp_path / "a.duelo-class")]) == 1
    assert main(["open", str(tmp_path / "none.duelo-class")]) == 1
    assert capsys.readouterr().err.count("Error:") == 2
