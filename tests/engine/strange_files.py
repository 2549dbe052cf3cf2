"""Files of a run that a stranger has changed."""

from __future__ import annotations

import pytest

from engine.errors import UserError
from tests.engine import hostile
from tests.engine.hostile import little_memory, read_everything


def put(run, name, content):
    (run.path / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def checked(run):
    """Read everything in little memory, and return what was readable."""
    with little_memory():
        return read_everything(run)


def refused(read, match=None):
    """Return the sentence that refuses to ``read``, after little memory; ``match`` occurs in it."""
    with little_memory(), pytest.raises(UserError, match=match) as error:
        read()
    assert error.value.hint and len(str(error.value)) < hostile.LONGEST_SENTENCE
    return str(error.value)
