"""Keeps what libraries say to their developers away from people. Knows no library."""

from __future__ import annotations

import logging
import os
import sys
import warnings


def silence_libraries() -> None:
    """Let no library write warnings to stderr, where they would stand between our sentences.

    Whoever asks Python for them, with ``-W`` or ``PYTHONWARNINGS``, gets them all.
    """
    if sys.warnoptions:
        return
    warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())  # otherwise logging prints what nobody listens to
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
