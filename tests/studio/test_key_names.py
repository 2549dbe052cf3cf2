"""Keys bear the names that stand on keyboards, in every language."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence

from studio import language


@pytest.mark.parametrize(
    "code, names",
    [
        ("en", {"Ctrl+O": "Ctrl+O", "Shift+F1": "Shift+F1", "Del": "Del", "Ctrl+Return": "Ctrl+Return"}),
        ("es", {"Ctrl+O": "Ctrl+O", "Shift+F1": "Mayús+F1", "Del": "Supr", "Ctrl+Return": "Ctrl+Intro"}),
    ],
)
def test_names_of_keys(qapp, code, names):
    language.switch(code)
    shown = {keys: QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in names}
    assert shown == names


def test_the_rest_of_qt_still_speaks_the_language(qapp):
    language.switch("es")
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancelar"
