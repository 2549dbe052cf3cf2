"""Runs as one file."""

import json
import os
import zipfile

import pytest

from engine.errors import UserError
from engine.job import result_of
from engine.runs.archive import MANIFEST, import_run
from tests.engine.hostile import little_memory


def contents(path):
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def refused(path, home, match="is no experiment of Duelo, or it is damaged"):
    before = sorted(os.listdir(home))
    with little_memory(), pytest.raises(UserError, match=match) as error:
        result_of(import_run(path, home))
    assert error.value.hint and sorted(os.listdir(home)) == before, "nothing is left of it"


def rewritten(source, target, change):
    """Copy an archive; ``change`` gets names to contents and may change them, and the manifest."""
    with zipfile.ZipFile(source) as old:
        files = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(files, manifest)
    with zipfile.ZipFile(target, "w") as new:
        for name, data in files.items():
            new.writestr(name, data)
        new.writestr(MANIFEST, manifest if isinstance(manifest, str) else json.dumps(manifest))
    return target
