"""A double click on a class file: told to the system in a person's own folders alone, taken back without trace."""

import configparser
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from engine import double_click
from engine.cli import main
from engine.errors import UserError

OTHERS = "[Added Associations]\nimage/png=gimp.desktop;\n\n[Default Applications]\ntext/html=firefox.desktop\n"


@pytest.fixture
def system(monkeypatch, tmp_path):
    """A Linux with folders of its own, which notes what programs are asked of."""
    asked = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda command, **_how: asked.append(command))
    return SimpleNamespace(data=tmp_path / "data", defaults=tmp_path / "config" / "mimeapps.list", asked=asked)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_system_learns_which_files_and_which_program(system, capsys):
    assert main(["register"]) == 0 and "opens Duelo now" in capsys.readouterr().err
    glob = ElementTree.parse(system.data / "mime" / "packages" / "duelo-class.xml").find(".//{*}glob")
    assert glob.get("pattern") == "*.duelo-class"
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(system.data / "applications" / "duelo.desktop")
    python, program, place = shlex.split(entry["Desktop Entry"]["Exec"])
    assert (python, place) == (sys.executable, "%f") and Path(program).name == "main.py" and Path(program).exists()
    assert Path(entry["Desktop Entry"]["Icon"]).exists()
    assert "application/x-duelo-class=duelo.desktop" in system.defaults.read_text()
    assert [Path(folder).name for _, folder in system.asked] == ["mime", "applications"]


def test_what_others_told_the_system_stays_and_ours_goes_without_trace(system):
    system.defaults.parent.mkdir()
    system.defaults.write_text(OTHERS)
    for _ in range(2):
        double_click.register()
    assert system.defaults.read_text() == OTHERS.replace(
        "text/html", "application/x-duelo-class=duelo.desktop\ntext/html"
    )
    assert main(["register", "--remove"]) == 0
    assert system.defaults.read_text() == OTHERS and files_in(system.data) == []
    double_click.unregister()  # there is nothing to do


def test_a_path_is_quoted_where_it_has_signs_of_the_entry(system, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/opt/py-3.11/bin/python")
    double_click.register()
    assert "\nExec=/opt/py-3.11/bin/python " in (system.data / "applications" / "duelo.desktop").read_text()
    monkeypatch.setattr(sys, "executable", '/opt/50% "py"/bin/python')
    double_click.register()
    line = next(it for it in (system.data / "applications" / "duelo.desktop").read_text().splitlines() if "Exec" in it)
    assert line.startswith('Exec="/opt/50%% \\\\"py\\\\"/bin/python" ')


def test_where_a_system_cannot_be_told_it_is_said_how_else(system, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(UserError, match="update-mime-database"):
        double_click.register()
    assert files_in(system.data) == []
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UserError) as refused:
        double_click.register()
    assert "Automator" in refused.value.hint and sys.executable in refused.value.hint


def test_windows_is_told_in_the_registry_of_the_person(monkeypatch):
    keys, told = {}, []

    class Key:
        def __init__(self, above, name):
            self.name = f"{above.name}\\{name}" if above else name
            keys.setdefault(self.name, None)

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

    def delete(above, name):
        if f"{above.name}\\{name}" not in keys:
            raise FileNotFoundError
        del keys[f"{above.name}\\{name}"]

    winreg = SimpleNamespace(HKEY_CURRENT_USER=None, REG_SZ=1, CreateKey=Key, DeleteKey=delete)
    winreg.SetValueEx = lambda key, _name, _zero, _kind, value: keys.update({key.name: value})
    shell = SimpleNamespace(SHChangeNotify=lambda *how: told.append(how))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setitem(sys.modules, "ctypes", SimpleNamespace(windll=SimpleNamespace(shell32=shell)))
    double_click.register()
    classes = r"Software\Classes"
    assert keys[rf"{classes}\.duelo-class"] == "Duelo.Class"
    assert keys[rf"{classes}\Duelo.Class\shell\open\command"].endswith('main.py" "%1"')
    double_click.unregister()
    assert [*keys] == [classes, *[it for it in keys if it.endswith(("shell", "open"))]] and len(told) == 2
